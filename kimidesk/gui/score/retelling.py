"""A sample of a run as something to be shown on the Solve page.

A run keeps texts, not tokens: its checkpoint is held to the text, and tells each token's numbers.
"""

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from kimidesk.client import dialect
from kimidesk.errors import NotFound
from kimidesk.gui.solve.asked import Asked
from kimidesk.records import Problem, Sample, SampleStatus
from kimidesk.store import told

translate = QCoreApplication.translate


class Retold(NamedTuple):
    """What the Solve page needs for it."""

    asked: Asked
    ref: str  # of the run's checkpoint
    fingerprint: str


def retell(folder: Path, sample: Sample) -> Retold:
    """Raises NotFound where there is nothing to be shown, or the run does not tell its checkpoint.

    Raises BadCheckpoint where that one is gone.
    """
    if sample.status is SampleStatus.FAILED or not (sample.thinking or sample.answer):
        raise NotFound(
            translate("Score", "This sample has no text: {0}").format(sample.error or "—"),
            hint=translate("Score", "Solve its problem again."),
        )
    ref = str(told.options_in(folder).get("model") or "")
    if not ref:
        raise NotFound(
            translate("Score", "{0} does not tell which checkpoint it was made with").format(
                folder.name
            ),
            hint=translate("Score", "Solve its problem again, or go on with the run once."),
        )
    identity = told.run_in(folder)["identity"]
    asked = Asked(
        Problem(sample.problem, sample.expected, name=sample.name),
        seed=sample.seed,
        thinking=identity.get("thinking"),
        instruction=identity.get("instruction"),
        given=dialect.look_up(ref).joined(sample.thinking, sample.answer or ""),
    )
    return Retold(asked, ref, str(identity.get("checkpoint", "")))
