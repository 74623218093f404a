"""A projector (mmproj) beside a language model: pictures as rows that the model takes for tokens.

libmtmd scales a picture as its family wants it, cuts it into views and surrounds them with the
family's marks; of all this it is asked here, a picture at a time, and never reads a file.
"""

import atexit
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from llama_cpp import llama_cpp as lib
from llama_cpp import mtmd_cpp as mtmd
from numpy.typing import NDArray

from kimidesk.checkpoints.describe import fingerprint
from kimidesk.checkpoints.gguf import Header, read_header
from kimidesk.engines.llamacpp.chunks import FITS, positions_of, size_of, text_of
from kimidesk.engines.llamacpp.library import NULL_LOG, Log, start
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.pictures import Picture
from kimidesk.engines.seeing import Shown, id_of
from kimidesk.errors import BadCheckpoint, ModelError, Refused

ALIGNED = "deepseek4v"  # pads a picture by what stands before it, which is not known here
NUMBERED = "hunyuanvl"  # counts the pictures of a prompt
MOST_PICTURES = 64
AT_ONCE = 512  # tokens of one call; see `context.BATCH`
WHOLE_AND_WIDE = ("gemma4v", "gemma4uv")  # would take up to 1,120 tokens, all seen at once
ASKED_EVERY = 16  # nodes of the projector's graph between two looks at whether to stop
_ASK_OTHERS = "Ask for other --image-min-tokens and --image-max-tokens, or for none."


class Stopped(Exception):
    """A projector was told to stop."""


class Sizes(NamedTuple):
    """How many tokens a picture may take, where a projector can scale it; 0: as it has it."""

    least: int = 0
    most: int = 0


AS_MADE = Sizes()


class Glimpse(NamedTuple):
    """What is evaluated of a view."""

    rows: NDArray[np.float32]  # (T, D)
    places: NDArray[np.int32]  # (P, T): relative positions, a line a dimension
    moving: NDArray[np.int32]  # (P, 1): 1 where a dimension counts from the start of the text
    advance: int  # positions until what follows
    whole: bool  # every token looks at every other

    def positions(self, base: int) -> NDArray[np.int32]:
        """The positions of a view that begins at `base`, shape (P, T)."""
        return self.places + self.moving * base


class Chunk:
    """One view, not evaluated until `glimpse` is asked for; implements `View`."""

    def __init__(self, projector: "Projector", chunk: Any, number: int, digest: str) -> None:
        self._projector = projector
        self.tokens = int(mtmd.mtmd_input_chunk_get_n_tokens(chunk))
        self.advance = int(mtmd.mtmd_input_chunk_get_n_pos(chunk))
        self.whole = projector.whole(chunk)
        self.id = id_of(projector.fingerprint, digest, str(number))
        self._chunk = mtmd.mtmd_input_chunk_copy(chunk)
        self._glimpse: Glimpse | None = None

    @property
    def handle(self) -> Any:
        """libmtmd's own; None once it is evaluated."""
        return self._chunk

    def glimpse(self) -> Glimpse:
        """The rows of the picture, evaluated once. Raises Stopped and ModelError."""
        if self._glimpse is None:
            self._glimpse = self._projector.glimpse(self)
            self._free()
        return self._glimpse

    def _free(self) -> None:
        if self._chunk is not None:
            mtmd.mtmd_input_chunk_free(self._chunk)
            self._chunk = None

    def __del__(self) -> None:
        if getattr(self, "_chunk", None) is not None:
            self._free()


class Projector:
    """Loads in the constructor; implements `Eye`. `stop` is asked while a picture is evaluated.

    Raises BadCheckpoint: no projector, none for pictures, or one of another model.
    """

    def __init__(
        self,
        path: Path,
        weights: Weights,
        threads: int,
        *,
        gpu: bool,
        stop: Callable[[], bool],
        sizes: Sizes = AS_MADE,
    ) -> None:
        header = read_header(path)
        self.family = _family(header)
        told = f"/{sizes.least}-{sizes.most}" if any(sizes) else ""
        self.fingerprint = f"{fingerprint(path)}{told}"  # of all that decides what it shows
        self._weights = weights
        self._log = started()
        self._stop, self._nodes, self.stopped = stop, 0, False
        parameters = mtmd.mtmd_context_params_default()
        parameters.use_gpu = gpu
        parameters.print_timings = False
        parameters.n_threads = threads
        parameters.warmup = False  # it would take the memory of the largest picture at once
        most = sizes.most or (AT_ONCE if self.family in WHOLE_AND_WIDE else 0)
        parameters.image_min_tokens = sizes.least or -1
        parameters.image_max_tokens = most or -1
        self._callback = lib.ggml_backend_sched_eval_callback(self._go_on)
        parameters.cb_eval = self._callback
        self._log.clear()
        context = mtmd.mtmd_init_from_file(bytes(path), weights.model, parameters)
        if not context:
            raise BadCheckpoint(
                f"the projector {path} cannot be used with {weights.path.name}: "
                f"{_reason(self._log)}",
                hint=_ASK_OTHERS if any(sizes) else FITS,
            )
        self._context: Any = context
        self._width = int(lib.llama_model_n_embd_inp(weights.model))
        if not mtmd.mtmd_support_vision(context):
            self.close()
            raise BadCheckpoint(f"the projector {path} hears; it does not see pictures")

    @property
    def most(self) -> int:
        """How many pictures a prompt may hold."""
        return 1 if self.family == NUMBERED else MOST_PICTURES

    @property
    def around(self) -> tuple[str, str]:
        """Nothing: libmtmd tells ids of what stands around a picture."""
        return "", ""

    def close(self) -> None:
        """Free the memory; no picture can be evaluated after."""
        if self._context:
            mtmd.mtmd_free(self._context)
            self._context = None

    def show(self, picture: Picture) -> Shown:
        """How a picture is shown; it is not evaluated yet. Raises Refused."""
        ids: list[int] = []
        views: list[Chunk] = []
        sizes: list[tuple[int, int]] = []
        with self._cut(picture) as chunks:
            for number in range(mtmd.mtmd_input_chunks_size(chunks)):
                chunk = mtmd.mtmd_input_chunks_get(chunks, number)
                if mtmd.mtmd_input_chunk_get_type(chunk) == mtmd.MTMD_INPUT_CHUNK_TYPE_TEXT:
                    ids += text_of(chunk)
                    continue
                sizes.append(size_of(chunk))
                views.append(Chunk(self, chunk, number, picture.digest))
                ids += [views[-1].id] * views[-1].tokens
                if views[-1].whole and views[-1].tokens > AT_ONCE:
                    raise Refused(
                        f"the picture takes {views[-1].tokens:,} tokens, which must be evaluated "
                        f"at once; at most {AT_ONCE} can be",
                        hint="Allow a picture fewer tokens (--image-max-tokens).",
                    )
        width, height = max(sizes, key=lambda size: size[0] * size[1])
        return Shown(tuple(ids), tuple(views), width, height)

    def glimpse(self, chunk: Chunk) -> Glimpse:
        """Evaluate a view. Raises Stopped and ModelError."""
        self.stopped, self._nodes = False, 0
        self._log.clear()
        if code := mtmd.mtmd_encode_chunk(self._context, chunk.handle):
            raise ModelError(f"the picture was not evaluated (code {code}): {_reason(self._log)}")
        if self.stopped:
            raise Stopped
        pointer = ctypes.cast(
            mtmd.mtmd_get_output_embd(self._context), ctypes.POINTER(ctypes.c_float)
        )
        rows = np.ctypeslib.as_array(pointer, (chunk.tokens, self._width)).copy()
        places, moving = self._places(chunk)
        return Glimpse(rows, places, moving, chunk.advance, chunk.whole)

    def whole(self, chunk: Any) -> bool:
        """Whether every token of a view looks at every other."""
        return bool(mtmd.mtmd_decode_use_non_causal(self._context, chunk))

    def _places(self, chunk: Chunk) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        if not self._weights.multi_positioned:
            return np.arange(chunk.tokens, dtype=np.int32)[np.newaxis], np.ones((1, 1), np.int32)
        image = mtmd.mtmd_input_chunk_get_tokens_image(chunk.handle)
        at_0, at_1 = (positions_of(image, base, chunk.tokens) for base in (0, 1))
        return at_0, (at_1 - at_0)[:, :1]

    @contextmanager
    def _cut(self, picture: Picture) -> Iterator[Any]:
        height, width, _ = picture.pixels.shape
        raw = picture.pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        bitmap = mtmd.mtmd_bitmap_init(width, height, raw)
        chunks = mtmd.mtmd_input_chunks_init()
        marker = mtmd.mtmd_default_marker()
        text = mtmd.mtmd_input_text(marker, len(marker), False, True)
        self._log.clear()
        try:
            bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
            code = mtmd.mtmd_tokenize(self._context, chunks, ctypes.byref(text), bitmaps, 1)
            if code:
                raise Refused(
                    f"the projector takes no picture of {width:,}×{height:,} pixels: "
                    f"{_reason(self._log)}",
                    hint="Scale it to another size, or cut it into several.",
                )
            yield chunks
        finally:
            mtmd.mtmd_input_chunks_free(chunks)
            mtmd.mtmd_bitmap_free(bitmap)

    def _go_on(self, _tensor: object, ask: bool, _: object) -> bool:
        """Called for every node of the graph: whether to look (ask), then whether to go on."""
        if ask:
            self._nodes += 1
            return self._nodes % ASKED_EVERY == 0
        self.stopped = self.stopped or self._stop()
        return not self.stopped


@cache
def started() -> Log:
    """llama.cpp with libmtmd, which would write prompts to stderr; its log is kept with the other.

    Raises ModelError when libmtmd is another build.
    """
    log = start()
    defaults = mtmd.mtmd_context_params_default()
    if defaults.media_marker != mtmd.mtmd_default_marker() or defaults.batch_max_tokens != 1024:
        raise ModelError("the mtmd library does not fit its bindings", hint="Reinstall llama.cpp.")

    def take(level: int, text: bytes, _: object) -> None:
        log.take(level, text.decode("utf-8", "replace"))

    callback = lib.llama_log_callback(take)
    mtmd.mtmd_helper_log_set(callback, ctypes.c_void_p(0))
    # As in `library.start`: held until then, and not called when no Python is left.
    atexit.register(_stop_logging, callback)
    return log


def _stop_logging(callback: object) -> None:
    mtmd.mtmd_helper_log_set(NULL_LOG, ctypes.c_void_p(0))
    del callback


def _family(header: Header) -> str:
    """The projector's type, such as qwen2.5vl_merger; "" where it is not told."""
    if header.text("general.architecture") != "clip":
        raise BadCheckpoint(
            f"{header.path} is no projector: its architecture is "
            f"{header.text('general.architecture') or 'not told'}, it must be clip",
            hint="A projector is a file of its own beside the model, named mmproj-….gguf.",
        )
    if header.metadata.get("clip.has_vision_encoder") is not True:
        raise BadCheckpoint(f"the projector {header.path} has no encoder for pictures")
    family = header.text("clip.vision.projector_type") or header.text("clip.projector_type")
    if family == ALIGNED:
        raise BadCheckpoint(f"projectors of the type {family} are not supported")
    return family


def _reason(log: Log) -> str:
    return log.reason().removeprefix("error: ").strip()
