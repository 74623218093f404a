"""The trace view for screen readers: its name, and the pinned token as its value.

A Python text interface (`interface_cast`) crashes Qt as soon as a reader asks, so the value is a
sentence, and `Ctrl+C` gives the text.
"""

import math

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from kimidesk.gui.widgets.folder import described
from kimidesk.gui.widgets.notes import explained, notes_at
from kimidesk.gui.widgets.scene import Scene
from kimidesk.gui.widgets.spelling import percent, visible
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.reading.bounds import entropy_bounds, spelled

_made: list[QAccessibleInterface] = []  # Qt keeps pointers; Python must keep the objects


class SpokenTrace(QAccessibleWidget):
    """Name and value of one trace view."""

    def __init__(self, view: TraceView) -> None:
        super().__init__(view, QAccessible.Role.StaticText)
        self._view = view

    def text(self, kind: QAccessible.Text) -> str:
        if kind is QAccessible.Text.Name:
            return self._view.accessibleName()
        if kind is QAccessible.Text.Value:
            return spoken(self._view)
        return ""


def spoken(view: TraceView) -> str:
    """The pinned token in one sentence."""
    source, token = view.scene.source, view.scene.pinned
    if source is None or token < 0:
        return ""
    logprob = float(source.columns.logprob[token])
    p = "–" if math.isnan(logprob) else percent(math.exp(logprob))
    bounds = entropy_bounds(
        source.columns.cut(token, token + 1), source.trace.checkpoint.vocabulary
    )
    entropy = spelled(float(bounds.low[0]), float(bounds.high[0]), 2)
    text = visible(source.transcript.token_text(token).encode())
    sentence = QCoreApplication.translate(
        "TraceView", "token {0} of {1}: {2}, probability {3}, entropy {4} nats"
    )
    told = [sentence.format(token + 1, len(source.columns), text, p, entropy)]
    if segment := spoken_segment(view.scene, token):
        told[0] = f"{told[0]}, {segment}"
    if formula := view.scene.formulas.around(token):
        told.append(QCoreApplication.translate("TraceView", "in the formula {0}").format(formula))
    return " ".join(
        [*told, *(explained(note.what) for note in notes_at(source.trace.notes, token))]
    )


def spoken_segment(scene: Scene, token: int) -> str:
    """The segment of a token in words, whether it is collapsed among them; "" where it has none."""
    place = scene.passages.at(token)
    if place < 0:
        return ""
    passage, count = scene.passages.items[place], len(scene.passages.items)
    told = QCoreApplication.translate("TraceView", "segment {0} of {1}: {2}").format(
        f"{place + 1:,}", f"{count:,}", described(passage).splitlines()[0]
    )
    if scene.fold_hiding(token):
        return QCoreApplication.translate("TraceView", "{0}, collapsed").format(told)
    return told


def install() -> None:
    """Let Qt ask us about trace views; once for each program."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, TraceView):
        return None
    made = SpokenTrace(thing)
    _made.append(made)
    return made
