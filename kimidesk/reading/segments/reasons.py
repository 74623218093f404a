"""Where the figures of a course have their reasons: what to look at in the text itself."""

from collections.abc import Sequence

from kimidesk.reading.segments.course import repeated, waits
from kimidesk.reading.segments.cues import ERROR
from kimidesk.reading.segments.stages import Stage, stages
from kimidesk.records import Kind, Segment


def reasons(said: Sequence[str], named: Sequence[Segment]) -> dict[str, list[int]]:
    """For each figure the places, in characters, at which sentences that count for it begin.

    `said` are the sentences as `features.plain` has them. The names are those of `course.Course`:
    failed_steps (where a branch is left), review, repeated, waits and errors.
    """
    setup = sum(s.last - s.first for s in stages(named) if s.stage is Stage.SETUP)
    turns = [n for n, each in enumerate(named) if each.kind is Kind.BACKTRACK]
    found = {
        "failed_steps": turns,
        "review": [
            n
            for n, each in enumerate(named)
            if each.kind is Kind.VERIFY or (each.kind is Kind.RESTATE and n >= setup)
        ],
        "repeated": list(repeated(said)),
        "waits": [n for n, sentence in enumerate(said) if waits(sentence)],
        "errors": [n for n in turns if ERROR.search(said[n])],
    }
    return {name: [named[n].start for n in places] for name, places in found.items()}
