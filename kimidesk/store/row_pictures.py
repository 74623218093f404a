"""The pictures of a row: paths beside the data, bytes as in a hub's datasets, data: addresses."""

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

from kimidesk.errors import BadData
from kimidesk.store.pictures import keep_bytes

_DATA = re.compile(r"data:image/(?P<kind>png|jpeg|jpg|webp);base64,(?P<bytes>.+)", re.DOTALL)
_NUMBERED = tuple(f"image_{number}" for number in range(1, 8))  # MMMU
_KINDS = ((b"\x89PNG", ".png"), (b"\xff\xd8", ".jpg"), (b"RIFF", ".webp"))


def pictures_of(row: Mapping[str, object], names: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """Paths of every picture of a row, so that none is left out in silence.

    Bytes are written to the folder of pictures. Raises BadData for one that cannot be taken.
    """
    lower = {str(name).lower(): value for name, value in row.items()}
    found = next((lower[name] for name in names if lower.get(name) not in (None, "", [])), None)
    values = found if isinstance(found, list) else [found]
    values += [lower[name] for name in _NUMBERED if lower.get(name) is not None]
    return tuple(_path(value, folder) for value in values if value not in (None, ""))


def _path(value: object, folder: Path) -> str:
    if isinstance(value, Mapping):  # {"bytes": …, "path": …}
        raw = value.get("bytes")
        return _kept(raw) if isinstance(raw, bytes) else _path(value.get("path") or "", folder)
    if isinstance(value, bytes):
        return _kept(value)
    if not isinstance(value, str):
        raise BadData(f"a picture that is {type(value).__name__}, neither a path nor bytes")
    if found := _DATA.match(value):
        try:
            return _kept(base64.b64decode(found["bytes"], validate=True))
        except binascii.Error as error:
            raise BadData(f"a picture whose base64 is broken: {error}") from error
    if re.match(r"[a-z]+://", value):
        raise BadData(
            f"a picture at {value[:60]}, which is not fetched; download it beside the data"
        )
    return str(folder / value)


def _kept(raw: bytes) -> str:
    suffix = next((suffix for head, suffix in _KINDS if raw.startswith(head)), "")
    if not suffix:
        raise BadData("a picture that is neither PNG, JPEG nor WebP")
    return str(keep_bytes(raw, suffix))
