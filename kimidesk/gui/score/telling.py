"""A sample as it is read, and what a process that was begun complained of."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from kimidesk.gui.score.words import finish_word, verdict_word
from kimidesk.records import Sample
from kimidesk.store.watching import Row

translate = QCoreApplication.translate
LOG = 600  # characters of what a process complained of


def said_in(log: Path) -> str:
    """What a process that was begun complained of; "" for nothing yet."""
    try:
        return log.read_text("utf-8", "replace").strip()[-LOG:]
    except OSError:
        return ""


def told(sample: Sample, row: Row) -> str:
    """A sample as it is read: what was asked, what was thought and answered, and the verdict."""
    verdict = sample.verdict
    head = [verdict_word(row), finish_word(row.finish)]
    if verdict is not None and verdict.reason:
        head.append(verdict.reason)
    parts = [
        " · ".join(head),
        f"{translate('Score', 'Expected')}: {sample.expected or '–'}",
        f"{translate('Score', 'Answer')}: {(verdict.extracted if verdict else '') or '–'}",
        f"── {translate('Score', 'Problem')} ──\n{sample.problem}",
    ]
    if sample.thinking:
        parts.append(f"── {translate('Score', 'Thought')} ──\n{sample.thinking}")
    if sample.answer:
        parts.append(f"── {translate('Score', 'Answer')} ──\n{sample.answer}")
    if sample.error:
        parts.append(f"── {translate('Score', 'Error')} ──\n{sample.error}")
    return "\n\n".join(parts)
