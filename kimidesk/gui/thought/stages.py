"""The coarse stages of a thought as they are shown: names, colours, and the tokens of each."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from kimidesk.gui import theme
from kimidesk.gui.widgets.passages import Sentence
from kimidesk.reading.segments.stages import Stage, stages

translate = QCoreApplication.translate


class Stretch(NamedTuple):
    """Tokens first … last of one stage."""

    stage: Stage
    first: int
    last: int


def stretches(named: Sequence[Sentence]) -> list[Stretch]:
    """The stages of named sentences, in tokens."""
    return [
        Stretch(each.stage, named[each.first].first, named[each.last - 1].last)
        for each in stages(named)
    ]


def name(stage: Stage) -> str:
    """In the language of the window."""
    return {
        Stage.SETUP: translate("Stages", "Setup"),
        Stage.FIRST_PASS: translate("Stages", "First pass"),
        Stage.RECHECK: translate("Stages", "Re-checks"),
        Stage.CONCLUSION: translate("Stages", "Conclusion"),
    }[stage]


def colour(stage: Stage) -> QColor:
    """Of the theme that is shown."""
    shown = theme.current()
    return QColor(
        {
            Stage.SETUP: shown.faint,
            Stage.FIRST_PASS: shown.accent,
            Stage.RECHECK: shown.warn,
            Stage.CONCLUSION: shown.right,
        }[stage]
    )


def meaning(stage: Stage) -> str:
    """What a stretch of this stage is for."""
    return {
        Stage.SETUP: translate("Stages", "Reads the question, gathers what is known, plans"),
        Stage.FIRST_PASS: translate(
            "Stages", "The way to the first result, and on until something is doubted"
        ),
        Stage.RECHECK: translate("Stages", "All that follows the first doubt after a result"),
        Stage.CONCLUSION: translate("Stages", "States the answer, and what leads up to it"),
    }[stage]
