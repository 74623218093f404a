"""What libmtmd tells of the parts into which it cuts a prompt with a picture."""

import ctypes
import struct
from typing import Any

import numpy as np
from llama_cpp import mtmd_cpp as mtmd
from numpy.typing import NDArray

from kimidesk.errors import ModelError, Refused

FITS = "A projector (mmproj) fits the model that it was made with."
_HEAD = struct.Struct("<QIQ")  # version, kind, text tokens
_IMAGE = struct.Struct("<IIIIIQ")  # columns, rows, positions, number, merged frames, id's length
_ENTRY = struct.Struct("<BBiii")  # marks behind it (2), padding, width, height
_FORMAT = 2  # of mtmd_input_chunk_save


def text_of(chunk: Any) -> list[int]:
    """Ids that stand around a picture. Raises Refused where the model has none for them."""
    count = ctypes.c_size_t()
    ids = mtmd.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(count))
    made = list(ids[: count.value])
    if min(made, default=0) < 0:
        raise Refused(
            "the projector puts marks around a picture that the model's vocabulary lacks",
            hint=FITS,
        )
    return made


def positions_of(image: Any, base: int, count: int) -> NDArray[np.int32]:
    """Time, row, column and a fourth, of each token, as llama.cpp wants them: shape (4, T)."""
    room = (mtmd.mtmd_decoder_pos * count)()
    mtmd.mtmd_helper_image_get_decoder_pos(image, base, room)
    return np.asarray([[each.t, each.y, each.x, each.z] for each in room], np.int32).T


def size_of(chunk: Any) -> tuple[int, int]:
    """Width and height of a view in pixels, which libmtmd tells only in what it would save."""
    need = ctypes.c_size_t()
    mtmd.mtmd_input_chunk_save(chunk, None, 0, ctypes.byref(need))
    room = ctypes.create_string_buffer(need.value)
    code = mtmd.mtmd_input_chunk_save(chunk, room, need.value, ctypes.byref(need))
    raw = room.raw
    version, _, texts = _HEAD.unpack_from(raw)
    if code or version != _FORMAT:
        raise ModelError(f"libmtmd tells of a picture in format {version}; it must be {_FORMAT}")
    at = _HEAD.size + 4 * texts + 1
    *_, length = _IMAGE.unpack_from(raw, at)
    at += _IMAGE.size + length + 1 + 8
    *_, width, height = _ENTRY.unpack_from(raw, at)
    return width, height
