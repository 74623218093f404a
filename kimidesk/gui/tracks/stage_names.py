"""The four stages of a thought as they are shown: a colour and a name."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from kimidesk.gui import theme
from kimidesk.reading.segments.stages import Stage

translate = QCoreApplication.translate


def stage_colour(stage: Stage) -> QColor:
    """From calm to strong in the order of the stages, for they come in it."""
    shown = theme.current()
    return QColor(
        {
            Stage.SETUP: shown.faint,
            Stage.FIRST_PASS: shown.accent,
            Stage.RECHECK: shown.warn,
            Stage.CONCLUSION: shown.answer,
        }[stage]
    )


def stage_name(stage: Stage) -> str:
    """In the language of the window."""
    return {
        Stage.SETUP: translate("Stages", "Setup"),
        Stage.FIRST_PASS: translate("Stages", "First pass"),
        Stage.RECHECK: translate("Stages", "Re-checks"),
        Stage.CONCLUSION: translate("Stages", "Conclusion"),
    }[stage]


def stage_meaning(stage: Stage) -> str:
    """What a stretch of this stage is for."""
    return {
        Stage.SETUP: translate("Stages", "Reads the question, gathers what is known, plans"),
        Stage.FIRST_PASS: translate(
            "Stages", "The way to the first result, and on until something is doubted"
        ),
        Stage.RECHECK: translate("Stages", "All that follows the first doubt after a result"),
        Stage.CONCLUSION: translate("Stages", "States the answer, and what leads up to it"),
    }[stage]
