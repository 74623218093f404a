"""A GGUF checkpoint in memory: its weights and its vocabulary."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

from llama_cpp import llama_cpp as lib

from kimidesk.checkpoints.asserted import check_tokens
from kimidesk.engines.llamacpp.library import start
from kimidesk.errors import BadCheckpoint, TooLarge

_CONTROL = lib.LLAMA_TOKEN_ATTR_CONTROL | lib.LLAMA_TOKEN_ATTR_UNKNOWN


class Weights:
    """Loads in the constructor; `close` frees, after every context on it is closed.

    `shares` says how many of the layers each graphics card takes. `loading` is told fractions from
    0 to 1 and cancels by returning False. Raises BadCheckpoint with llama.cpp's own reason, and
    TooLarge.
    """

    def __init__(
        self,
        path: Path,
        gpu_layers: int = -1,
        loading: Callable[[float], object] | None = None,
        *,
        shares: Sequence[int] = (),
    ) -> None:
        self.path = path
        check_tokens(path)
        self._log = start()
        self._log.clear()
        progress = _Progress(loading)
        parameters = lib.llama_model_default_params()
        parameters.n_gpu_layers = gpu_layers
        parameters.progress_callback = progress.callback
        split = (ctypes.c_float * max(lib.llama_max_devices(), len(shares)))(*shares)
        if len(shares) > 1:
            parameters.tensor_split = split
        model = lib.llama_model_load_from_file(bytes(path), parameters)
        if progress.error is not None:
            raise progress.error
        reason = self._log.reason()
        if not model and "allocate" in reason:
            raise TooLarge(
                f"no memory for {path}: {reason}",
                hint="Close other programs, or take a smaller checkpoint.",
            )
        if not model:
            raise BadCheckpoint(
                f"llama.cpp cannot load {path}: {reason}",
                hint="Fetch the file again, or update llama-cpp-python if the model is newer.",
            )
        self.model = model
        vocabulary = lib.llama_model_get_vocab(model)
        assert vocabulary is not None
        self._vocabulary = vocabulary
        self.size = lib.llama_vocab_n_tokens(vocabulary)
        self.device = self._log.find("using device ").split(" - ")[0] or "CPU"
        self.piece = cache(self._piece)  # bounded by the vocabulary

    def close(self) -> None:
        """Free the memory; nothing else may be called after."""
        if self.model:
            lib.llama_model_free(self.model)
            self.model = None

    @property
    def layers(self) -> int:
        assert self.model is not None
        return int(lib.llama_model_n_layer(self.model))

    @property
    def width(self) -> int:
        """The length of a token's embedding."""
        assert self.model is not None
        return int(lib.llama_model_n_embd(self.model))

    @property
    def chat_template(self) -> str:
        """Jinja source; "" where the file holds none."""
        assert self.model is not None
        source = lib.llama_model_chat_template(self.model, None)
        return source.decode("utf-8", "replace") if source else ""

    @cached_property
    def architecture(self) -> str:
        """llama.cpp's name for it."""
        assert self.model is not None
        name = ctypes.create_string_buffer(64)
        lib.llama_model_meta_val_str(self.model, b"general.architecture", name, len(name))
        return name.value.decode("utf-8", "replace")

    @property
    def windowed(self) -> bool:
        """Whether some layers look back no further than a sliding window."""
        assert self.model is not None
        return bool(lib.llama_model_n_swa(self.model) > 0)

    @property
    def cuttable(self) -> bool:
        """Whether its memory can be cut anywhere; that of recurrent and hybrid models cannot."""
        assert self.model is not None
        whole = lib.llama_model_is_recurrent(self.model) or lib.llama_model_is_hybrid(self.model)
        return not whole

    @cached_property
    def multi_positioned(self) -> bool:
        """Whether a token of a picture has several positions (M-RoPE): time, row and column."""
        assert self.model is not None
        kinds = (lib.LLAMA_ROPE_TYPE_MROPE, lib.LLAMA_ROPE_TYPE_IMROPE)
        return lib.llama_model_rope_type(self.model) in kinds

    @cached_property
    def ends(self) -> frozenset[int]:
        """Ids that end a generation."""
        return frozenset(
            id_ for id_ in range(self.size) if lib.llama_vocab_is_eog(self._vocabulary, id_)
        )

    @property
    def texts(self) -> Iterator[str]:
        """The texts of all tokens."""
        return (self.piece(id_).decode("utf-8", "replace") for id_ in range(self.size))

    @cached_property
    def control_texts(self) -> tuple[str, ...]:
        """Texts that tokenize into control tokens, longest first."""
        found = {
            self.piece(id_).decode("utf-8", "replace")
            for id_ in range(self.size)
            if lib.llama_vocab_get_attr(self._vocabulary, id_) & _CONTROL
        }
        return tuple(sorted(found - {""}, key=len, reverse=True))

    @property
    def bos(self) -> int:
        """The id that begins a text; -1 where there is none."""
        return int(lib.llama_vocab_bos(self._vocabulary))

    @property
    def eos(self) -> int:
        """The id that ends a text; -1 where there is none."""
        return int(lib.llama_vocab_eos(self._vocabulary))

    @property
    def wants_bos(self) -> bool:
        """Whether every text must begin with `bos`."""
        return bool(lib.llama_vocab_get_add_bos(self._vocabulary)) and self.bos >= 0

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Ids of a text; with `special` the texts of control tokens become those tokens."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8  # a token is a byte at least; 8 for blanks put before
        while True:
            ids = (lib.llama_token * room)()
            count = lib.llama_tokenize(self._vocabulary, raw, len(raw), ids, room, False, special)
            if count >= 0:
                return ids[:count]
            room = -count

    def _piece(self, token: int) -> bytes:
        """The bytes of one token, control tokens spelled out; b"" outside the vocabulary."""
        if not 0 <= token < self.size:
            return b""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = lib.llama_token_to_piece(self._vocabulary, token, buffer, room, 0, True)
            if length >= 0:
                return buffer.raw[:length]
            room = -length


class _Progress:
    """Calls Python from the load; an error in the callback cancels it and is kept."""

    def __init__(self, loading: Callable[[float], object] | None) -> None:
        self._loading = loading
        self._told = -1.0
        self.error: BaseException | None = None
        self.callback = lib.llama_progress_callback(self._on)

    def _on(self, fraction: float, _: object) -> bool:
        if self._loading is None or (fraction < 1 and fraction - self._told < 0.01):
            return True
        self._told = fraction
        try:
            if self._loading(fraction) is False:
                self.error = BadCheckpoint("loading was cancelled")
        except BaseException as error:  # noqa: BLE001 — cannot pass through C; raised after it
            self.error = error
        return self.error is None
