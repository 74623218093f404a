"""Whether what stands before an answer opens its thought, closes it, or does neither."""

from typing import NamedTuple

from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.probing import QUESTION


class Marks(NamedTuple):
    """How a thought is opened and closed, and what stands between its end and the answer."""

    start: str
    end: str
    answer: str = ""


def closes(opening: str, found: Marks) -> bool | None:
    """Whether an opening closes the thought (True), opens it (False), or does neither.

    `opening` is what stands between the question and the answer. An empty thought closes it
    wherever it stands: a new turn may follow.
    """
    tail = opening.rstrip()
    start, end = found.start.strip(), found.end.strip()
    if start and tail.endswith(start):
        return False
    begun = opening.rfind(start) if start else -1
    inside = opening[begun + len(start) :] if begun >= 0 else ""
    emptied = begun >= 0 and inside.lstrip().startswith(end)
    ended = bool(end) and tail.endswith(end) and marks.speaks_of_thought(end)
    answering = bool(found.answer) and tail.endswith(found.answer)
    return True if emptied or ended or answering else None


def state(prompt: str, found: Marks) -> bool | None:
    """What `closes` says of a whole prompt that asks the question."""
    return closes(prompt.rpartition(QUESTION)[2], found)
