"""Walking a trace by what stands out in it: surprising tokens, and those with a note."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kimidesk.gui.widgets.heat import BINS
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.records import Note

SURPRISING = BINS // 2  # bins from here on


def to_surprise(view: TraceView, by: int) -> None:
    """Pin the next token of strong heat, forward or back."""
    walk(view, np.flatnonzero(view.scene.bins >= SURPRISING), by)


def to_note(view: TraceView, notes: Sequence[Note], by: int) -> None:
    """Pin the next token at which something was noted, forward or back."""
    walk(view, sorted({note.at for note in notes}), by)


def walk(view: TraceView, places: ArrayLike, by: int) -> None:
    """Pin the next of some tokens in ascending order; past the last one nothing moves."""
    tokens, here = np.asarray(places), view.scene.pinned
    found = tokens[tokens > here] if by > 0 else tokens[tokens < here][::-1]
    if len(found):
        view.pin(int(found[0]))
