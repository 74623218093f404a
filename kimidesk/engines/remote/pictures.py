"""A picture as a part of a message: what it shows, and nothing else that its file knows.

A photograph knows where it was taken and with what. So pixels are sent, turned upright, and not
the file; and a file is read by the rules of every engine.
"""

import base64
import io
from pathlib import Path

from PIL import Image

from kimidesk.engines.pictures import read

MOST_BYTES = 15 << 20  # hosted endpoints take 20 MB of base64
MOST_PIXELS = 2048 * 2048  # they scale larger ones down themselves
QUALITY = 90  # of a JPEG, where a PNG would be too large


def data_uri(path: Path) -> str:
    """Raises Refused for a file that cannot be read, is too large, or is no picture."""
    image = Image.fromarray(read(path, MOST_PIXELS).pixels)
    kind, raw = "png", _saved(image, "PNG")
    if len(raw) > MOST_BYTES:
        kind, raw = "jpeg", _saved(image, "JPEG")
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def _saved(image: Image.Image, kind: str) -> bytes:
    raw = io.BytesIO()
    image.save(raw, kind, quality=QUALITY)
    return raw.getvalue()
