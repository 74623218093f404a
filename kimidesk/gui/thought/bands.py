"""A long trace as few rows of pixels: the kind that most of each row's tokens are of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from kimidesk.gui import kinds, theme
from kimidesk.gui.widgets.passages import Passage
from kimidesk.reading import Transcript
from kimidesk.records import Kind

KINDS = tuple(Kind)
NONE = len(KINDS)  # the row of a token without a name


def kind_rows(passages: Sequence[Passage], tokens: int, rows: int) -> NDArray[np.uint8]:
    """For each of `rows` equal parts of `tokens` tokens a place in KINDS, or NONE."""
    codes = {kind: code for code, kind in enumerate(KINDS)}
    edges = np.array([(each.first, each.last + 1) for each in passages], np.int64).reshape(-1, 2)
    lengths = np.diff(np.concatenate(([0], edges.reshape(-1), [tokens])))
    marks = np.full(len(lengths), NONE, np.uint8)
    marks[1::2] = [codes[each.kind] for each in passages]
    of_token = np.repeat(marks, np.maximum(lengths, 0))[:tokens]
    row = np.arange(len(of_token)) * rows // tokens
    counts = np.bincount(row * (NONE + 1) + of_token, minlength=rows * (NONE + 1))
    shares = counts.reshape(rows, NONE + 1)
    found = shares[:, :NONE].argmax(axis=1)
    if tokens < rows:  # a row without a token of its own shows the one before
        of_row = np.arange(rows) * tokens // rows
        return np.asarray(of_token[np.minimum(of_row, len(of_token) - 1)], np.uint8)
    return np.where(shares[:, :NONE].any(axis=1), found, NONE).astype(np.uint8)


def hit_rows(starts: Sequence[int], transcript: Transcript, tokens: int, rows: int) -> list[int]:
    """The rows in which hits of a search stand, each once; `starts` are characters."""
    if not starts:
        return []
    # A copy: a view of the ends would keep them from growing.
    ends = np.array(transcript.ends, np.int64)
    at = np.searchsorted(ends, np.array(starts), "right")
    return [int(row) for row in np.unique(at * rows // tokens)]


def picture(rows: NDArray[np.uint8]) -> QImage:
    """One pixel wide, in the colours of the theme that is shown."""
    shades = [kinds.colour(kind) for kind in KINDS] + [QColor(theme.current().line)]
    table = np.array([shade.rgb() for shade in shades], np.uint32)
    pixels = np.ascontiguousarray(table[rows])
    return QImage(pixels.tobytes(), 1, len(rows), 4, QImage.Format.Format_RGB32).copy()
