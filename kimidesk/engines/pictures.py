"""Picture files as models take them: upright, opaque, eight bits a colour.

A file is of anybody's making, so its size and the size that its header tells are looked at before
anything is decoded: a few kilobytes may claim gigabytes of pixels.
"""

import hashlib
import math
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from kimidesk.errors import Refused
from kimidesk.records.picture import LONGEST, MOST_BYTES, MOST_PIXELS

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_SHOWN = 4096 * 4096  # pixels; no projector takes more of one picture, even cut into tiles
_HINT = "Save it as PNG, JPEG or WebP once more."

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """RGB, shape (height, width, 3); smaller than `width` × `height` where it was too large."""

    pixels: Pixels
    width: int  # as it was given, turned upright
    height: int
    digest: str  # of the pixels, 16 hex digits


def read(path: Path, most: int = MOST_SHOWN) -> Picture:
    """The picture in a file, its first where it holds several, scaled down to `most` pixels.

    Raises Refused: no file, another format, too large, damaged.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(f"the picture {path} cannot be read: {error.strerror}") from error
    if size > MOST_BYTES:
        raise Refused(
            f"the picture {path} has {size:,} bytes; at most {MOST_BYTES:,} are read",
            hint="Scale it down, or save it as JPEG.",
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of what may be a bomb; every size is judged here.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                _check_size(path, *image.size)
                return _upright(image, most)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path, "more than twice as many") from error
    except UnidentifiedImageError as error:
        raise Refused(f"{path} is no PNG, JPEG or WebP picture", hint=_HINT) from error
    except Exception as error:  # a decoder may raise anything for a damaged file
        raise Refused(f"the picture {path} is damaged: {error}", hint=_HINT) from error


def of(pixels: Pixels) -> Picture:
    """A picture of pixels that are at hand, shape (height, width, 3)."""
    height, width, _ = pixels.shape
    return Picture(pixels, width, height, _digest(pixels))


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large(path, f"{width:,}×{height:,}")
    if max(width, height) > LONGEST * min(width, height):
        raise Refused(
            f"the picture {path} is {width:,}×{height:,}; "
            f"one side may be {LONGEST} times as long as the other",
            hint="Cut it into several pictures.",
        )


def _too_large(path: Path, pixels: str) -> Refused:
    return Refused(
        f"the picture {path} has {pixels} pixels; at most {MOST_PIXELS:,} are decoded",
        hint="Scale it down.",
    )


def _upright(image: Image.Image, most: int) -> Picture:
    image.load()
    turned = ImageOps.exif_transpose(image)
    width, height = turned.size
    colours = _opaque(turned)
    if width * height > most:
        scale = math.sqrt(most / (width * height))
        size = (max(int(width * scale), 1), max(int(height * scale), 1))
        colours = colours.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    pixels = np.ascontiguousarray(colours, np.uint8)
    return Picture(pixels, width, height, _digest(pixels))


def _opaque(image: Image.Image) -> Image.Image:
    """RGB; what is transparent shows white."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip to 8
        grey = np.asarray(image).astype(np.int64) >> 8
        image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _digest(pixels: Pixels) -> str:
    digest = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=8)
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()
