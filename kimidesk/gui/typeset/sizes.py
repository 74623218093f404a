"""How large a formula is, in em and in the pixels of its image."""

import math
from typing import NamedTuple

EDGE = 1  # pixel around the ink, for what antialiasing spills


class Size(NamedTuple):
    """In em of the formula's font; it stands `above` and `below` the baseline of the text."""

    width: float
    above: float
    below: float


class Pixels(NamedTuple):
    """The image of a formula; its baseline is between two rows, so that no line is blurred."""

    columns: int
    rows: int
    baseline: int  # rows above it


def pixels(size: Size, em_px: float) -> Pixels:
    """The image of a formula of `size` where an em has so many pixels."""
    above = math.ceil(size.above * em_px) + EDGE
    below = math.ceil(size.below * em_px) + EDGE
    return Pixels(math.ceil(size.width * em_px) + 2 * EDGE, max(above + below, 1), above)
