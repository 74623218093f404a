"""How far two people agree on the same texts: by sentences, by characters, and kind by kind.

Only what both have labelled is compared. A sentence has the kind that the most of its labelled
characters have, and counts where an annotator labelled at least half of it; by characters, every
one that is not blank counts alike, so long sentences weigh more.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kimidesk.reading.agreement import cohen_kappa, gwet_ac2
from kimidesk.reading.segments.labelled import Labels
from kimidesk.reading.segments.sentences import sentences
from kimidesk.records import Kind

_MARKS = re.compile(r"\S")
Pair = tuple[Kind, Kind, float]  # what one says, what the other says, and how much it weighs
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of items that both named; NaN where κ says nothing, for both gave all items one name."""

    items: int
    alike: float  # of 1
    kappa: float
    ac2: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators over some texts. Where nothing was labelled by both, the parts are None."""

    sentences: Measured | None
    characters: Measured | None
    f1: dict[Kind, float]  # by sentences, of kinds that either of them used
    table: dict[Kind, dict[Kind, int]]  # sentences: the first one's kind → the second's


def agreement(
    texts: Iterable[tuple[str, Labels, Labels]], spans: Sequence[Span] | None = None
) -> Agreement:
    """Of texts with what either says of them; `spans` are the sentences, where they are known."""
    whole: list[Pair] = []
    single: list[Pair] = []
    for text, one, two in texts:
        cut = [(each.start, each.stop) for each in sentences(text)] if spans is None else spans
        for a, b in zip(kinds_of(cut, one), kinds_of(cut, two), strict=True):
            if a is not None and b is not None:
                whole.append((a, b, 1.0))
        single += _characters(text, one, two)
    table: dict[Kind, dict[Kind, int]] = {}
    for (a, b), count in Counter((a, b) for a, b, _ in whole).items():
        table.setdefault(a, {})[b] = count
    return Agreement(_measured(whole), _measured(single), _f1(table), table)


def kinds_of(spans: Sequence[Span], labels: Labels) -> list[Kind | None]:
    """What labels say of sentences that come in their order; None where they say too little."""
    made: list[Kind | None] = []
    at = 0
    for start, end in spans:
        while at < len(labels) and labels[at].end <= start:
            at += 1
        cover: defaultdict[Kind, int] = defaultdict(int)
        over = at
        while over < len(labels) and labels[over].start < end:
            label = labels[over]
            cover[label.kind] += min(label.end, end) - max(label.start, start)
            over += 1
        enough = sum(cover.values()) * 2 >= end - start
        made.append(max(cover, key=cover.__getitem__) if cover and enough else None)
    return made


def _characters(text: str, one: Labels, two: Labels) -> list[Pair]:
    """Stretches that both labelled, each weighing its characters."""
    made: list[Pair] = []
    at = 0
    for label in one:
        while at < len(two) and two[at].end <= label.start:
            at += 1
        over = at
        while over < len(two) and two[over].start < label.end:
            start, end = max(label.start, two[over].start), min(label.end, two[over].end)
            size = len(_MARKS.findall(text, start, end))
            if size:
                made.append((label.kind, two[over].kind, float(size)))
            over += 1
    return made


def _measured(pairs: Sequence[Pair]) -> Measured | None:
    if not pairs:
        return None
    count: defaultdict[tuple[Kind, Kind], float] = defaultdict(float)
    for a, b, weight in pairs:  # as few items as there are pairs of names, each weighing more
        count[a, b] += weight
    one, two = [a for a, _ in count], [b for _, b in count]
    weights = list(count.values())
    total = sum(weights)
    alike = sum(weight for (a, b), weight in count.items() if a is b)
    return Measured(
        items=int(total),
        alike=alike / total,
        kappa=cohen_kappa(one, two, weights),
        ac2=gwet_ac2(one, two, len(Kind), weights),
    )


def _f1(table: Mapping[Kind, Mapping[Kind, int]]) -> dict[Kind, float]:
    """2 · both / (one + two): either may be taken for the truth."""
    made = {}
    for kind in Kind:
        one = sum(table.get(kind, {}).values())
        two = sum(row.get(kind, 0) for row in table.values())
        if one or two:
            made[kind] = 2 * table.get(kind, {}).get(kind, 0) / (one + two)
    return made


def known(value: float) -> float | None:
    """For files and pages: what is no number is nothing."""
    return None if math.isnan(value) else value
