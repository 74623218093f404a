"""What the named sentences of one text amount to: how much of each kind, and what follows what.

Sizes are in characters, and rates are of 1,000 of them: a text without tokens of ours has these.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kimidesk.reading.segments.cues import ERROR
from kimidesk.reading.segments.features import plain
from kimidesk.reading.segments.stages import Stage, stages
from kimidesk.records import Kind, Segment

PER = 1000  # characters that rates are of
_WAIT = re.compile(r"\bwait\b|等等|等一下")
_LEAST_REPEATED = 12  # characters; "So x = 3." may be said again without going round in circles


@dataclass(frozen=True, slots=True)
class Course:
    """Shares are of 1. The blanks between sentences belong to nothing."""

    characters: int  # of all sentences
    sentences: int
    kinds: dict[str, int]  # characters of each of the ten kinds
    stages: dict[str, int]  # characters of each of the four stages
    follows: dict[str, dict[str, int]]  # kind → kind of the next sentence → how often
    failed_steps: float
    """Sentences in abandoned branches, of all. Feng et al. (arXiv 2509.19284) take them from a
    graph of the thought; here a branch is what stands between the last plan, conclusion or turn
    and a sentence that turns back."""
    review: float
    """Characters that go over earlier steps: checks, and reading again after the setup."""
    repeated: float
    """Characters of sentences that an earlier one says word for word."""
    waits: float  # how often "wait" is said in 1,000 characters
    errors: float  # sentences that admit an error, in 1,000 characters


def course(text: str, named: Sequence[Segment], said: Sequence[str] | None = None) -> Course:
    """Of a text and its sentences in order; raises ValueError where there are none.

    `said` are the sentences as `features.plain` has them, where that is known already.
    """
    if not named:
        raise ValueError("there is no sentence")
    sizes = [each.end - each.start for each in named]
    kinds = [each.kind for each in named]
    total = sum(sizes)
    by_stage = {stage.value: 0 for stage in Stage}
    review = sum(size for size, kind in zip(sizes, kinds, strict=True) if kind is Kind.VERIFY)
    for stretch in stages(named):
        within = range(stretch.first, stretch.last)
        by_stage[stretch.stage.value] = sum(sizes[n] for n in within)
        if stretch.stage is not Stage.SETUP:
            review += sum(sizes[n] for n in within if kinds[n] is Kind.RESTATE)
    if said is None:
        said = [plain(text[each.start : each.end]) for each in named]
    admitted = sum(
        kind is Kind.BACKTRACK and bool(ERROR.search(sentence))
        for kind, sentence in zip(kinds, said, strict=True)
    )
    return Course(
        characters=total,
        sentences=len(named),
        kinds=_by_kind(kinds, sizes),
        stages=by_stage,
        follows=_follows(kinds),
        failed_steps=_abandoned(kinds) / len(kinds),
        review=review / total,
        repeated=sum(sizes[n] for n in repeated(said)) / total,
        waits=PER * sum(map(waits, said)) / total,
        errors=PER * admitted / total,
    )


def waits(sentence: str) -> int:
    """How often a sentence says "wait". Most have no letter of it, and are asked nothing more."""
    if "wait" not in sentence and "等" not in sentence:
        return 0
    return len(_WAIT.findall(sentence))


def _by_kind(kinds: Sequence[Kind], sizes: Sequence[int]) -> dict[str, int]:
    made = {kind.value: 0 for kind in Kind}
    for kind, size in zip(kinds, sizes, strict=True):
        made[kind.value] += size
    return made


def _follows(kinds: Sequence[Kind]) -> dict[str, dict[str, int]]:
    counted = Counter(pairwise(kinds))
    made: dict[str, dict[str, int]] = {}
    for (first, second), count in counted.items():
        made.setdefault(first.value, {})[second.value] = count
    return made


def _abandoned(kinds: Sequence[Kind]) -> int:
    """How many sentences stand in branches that were left."""
    left = begun = 0
    for at, kind in enumerate(kinds):
        if kind is Kind.BACKTRACK:
            left += at - begun
            begun = at
        elif kind is Kind.PLAN:
            begun = at
        elif kind in (Kind.CONCLUDE, Kind.RESTATE, Kind.ANSWER):
            begun = at + 1
    return left


def repeated(said: Sequence[str]) -> Iterator[int]:
    """Which sentences were said before."""
    seen: set[str] = set()
    for at, sentence in enumerate(said):
        if len(sentence) < _LEAST_REPEATED:
            continue
        if sentence in seen:
            yield at
        seen.add(sentence)
