"""libmtmd's own way of evaluating a prompt with pictures, and a plain greedy loop behind it."""

import ctypes
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from llama_cpp import llama_cpp as lib
from llama_cpp import mtmd_cpp as mtmd
from PIL import Image

from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.llamacpp.chunks import text_of
from kimidesk.engines.llamacpp.vision import started
from kimidesk.engines.llamacpp.weights import Weights


class Library:
    """libmtmd's own evaluation of a prompt, and a greedy continuation of it."""

    def __init__(self, model: Path, projector: Path) -> None:
        started()
        self._weights = Weights(model)
        parameters = mtmd.mtmd_context_params_default()
        parameters.use_gpu = parameters.warmup = parameters.print_timings = False
        self._eye = mtmd.mtmd_init_from_file(bytes(projector), self._weights.model, parameters)

    def close(self) -> None:
        mtmd.mtmd_free(self._eye)
        self._weights.close()

    def says(self, text: str, pictures: tuple[str, ...], tokens: int):
        """Ids to the end and log-probabilities; a mark stands in the text for each picture."""
        parameters = lib.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = 2048, BATCH, BATCH
        parameters.n_threads = parameters.n_threads_batch = 1
        context = lib.llama_init_from_model(self._weights.model, parameters)
        place = self._read(context, text, pictures)
        ids, logprobs = [], []
        for step in range(tokens):
            row = np.ctypeslib.as_array(
                lib.llama_get_logits_ith(context, -1), (self._weights.size,)
            ).astype(np.float64)
            ids.append(int(row.argmax()))
            logprobs.append(float(row.max() - np.logaddexp.reduce(row)))
            if ids[-1] in self._weights.ends:
                break
            batch = lib.llama_batch_init(1, 0, 1)
            batch.n_tokens, batch.token[0], batch.pos[0] = 1, ids[-1], place + step
            batch.n_seq_id[0], batch.seq_id[0][0], batch.logits[0] = 1, 0, 1
            assert lib.llama_decode(context, batch) == 0
            lib.llama_batch_free(batch)
        lib.llama_free(context)
        return ids, logprobs

    def cut(self, text: str, pictures: tuple[str, ...]) -> list[list[int] | int]:
        """The chunks of a prompt in their order: ids of text, and how many tokens a view takes."""
        with self._chunks(text, pictures) as chunks:
            each = (
                mtmd.mtmd_input_chunks_get(chunks, number)
                for number in range(mtmd.mtmd_input_chunks_size(chunks))
            )
            return [
                text_of(chunk)
                if mtmd.mtmd_input_chunk_get_type(chunk) == mtmd.MTMD_INPUT_CHUNK_TYPE_TEXT
                else mtmd.mtmd_input_chunk_get_n_tokens(chunk)
                for chunk in each
            ]

    def _read(self, context, text, pictures) -> int:
        """The position that follows the prompt."""
        place = lib.llama_pos()
        with self._chunks(text, pictures) as chunks:
            code = mtmd.mtmd_helper_eval_chunks(
                self._eye, context, chunks, 0, 0, BATCH, True, ctypes.byref(place)
            )
        assert code == 0
        return place.value

    @contextmanager
    def _chunks(self, text, pictures):
        images = [np.asarray(Image.open(path).convert("RGB")).copy() for path in pictures]
        maps = [
            mtmd.mtmd_bitmap_init(
                image.shape[1],
                image.shape[0],
                image.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8)),
            )
            for image in images
        ]
        raw = text.replace("<picture>", mtmd.mtmd_default_marker().decode()).encode()
        chunks = mtmd.mtmd_input_chunks_init()
        said = mtmd.mtmd_input_text(raw, len(raw), False, True)
        array = (mtmd.mtmd_bitmap_p_ctypes * len(maps))(*maps)
        assert mtmd.mtmd_tokenize(self._eye, chunks, ctypes.byref(said), array, len(maps)) == 0
        yield chunks
        mtmd.mtmd_input_chunks_free(chunks)
        for bitmap in maps:
            mtmd.mtmd_bitmap_free(bitmap)
