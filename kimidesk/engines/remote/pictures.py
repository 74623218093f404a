"""A picture as a part of a message: its file in base64, after a look at its size and kind."""

import base64
from pathlib import Path

from kimidesk.errors import Refused

MOST_BYTES = 20 << 20  # what hosted endpoints take
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"))


def data_uri(path: Path) -> str:
    """Raises Refused for a file that cannot be read, is too large, or is no picture."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    if size > MOST_BYTES:
        raise Refused(f"{path} has {size:,} bytes; a picture may have {MOST_BYTES:,}")
    kind = next((kind for head, kind in _KINDS if raw.startswith(head)), "")
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        kind = "webp"
    if not kind:
        raise Refused(f"{path} is no PNG, JPEG, GIF or WebP")
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"
