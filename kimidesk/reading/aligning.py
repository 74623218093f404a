"""Where two traces part, and which places of one belong to which of the other.

Parts of two texts are paired by global alignment (Needleman & Wunsch 1970, doi
10.1016/0022-2836(70)90057-4): the pairs that keep the order of both and are worth most together. A
pair is worth the likeness of its parts (their kind, and the cosine of the sets of their words) less
what two parts have in common by chance; a part without a partner costs nothing.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import Segment

Places = NDArray[np.float64]

KIND_SHARE = 0.3  # of the likeness; words are the rest
LEAST = 0.35  # likeness that is worth nothing
MOST = 1_500  # parts of a text that are aligned one by one; neighbours of more are joined
BUCKETS = 512  # words are told apart by a hash of so many values
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]|\\[a-z]+|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A way from the places of one trace to those of another and back, straight between anchors.

    `one` and `two` are the anchors, shape (n,), each in ascending order.
    """

    one: Places
    two: Places

    def to_two(self, place: float) -> float:
        """Where a place of the first stands in the second."""
        return float(np.interp(place, self.one, self.two))

    def to_one(self, place: float) -> float:
        """Where a place of the second stands in the first."""
        return float(np.interp(place, self.two, self.one))

    def at(self, one: Sequence[int], two: Sequence[int]) -> "Aligned":
        """The same with places counted in tokens, not characters; those end at `one` and `two`."""
        return Aligned(_counted(self.one, one), _counted(self.two, two))


def by_share(one: int, two: int) -> Aligned:
    """Equal shares of the lengths of both belong together."""
    return Aligned(np.array([0.0, max(one, 1)]), np.array([0.0, max(two, 1)]))


def by_place(one: int, two: int) -> Aligned:
    """Equal places belong together: as much of one budget was spent at both."""
    short = max(min(one, two), 1)
    return Aligned(np.array([0.0, short, max(one, short)]), np.array([0.0, short, max(two, short)]))


def by_segments(
    one: str, ones: Sequence[Segment], two: str, twos: Sequence[Segment], same: int = 0
) -> Aligned:
    """Parts that say the like belong together, and the first `same` characters are the same."""
    ones, twos = _joined(ones), _joined(twos)
    found = list[tuple[float, float]]()
    for a, b in pairs(one, ones, two, twos):
        first, second = ones[a], twos[b]
        found += [(first.start, second.start), (first.end, second.end)]
    beyond = [(a, b) for a, b in found if min(a, b) >= same]
    anchors = [(0.0, 0.0), (float(same), float(same)), *beyond]
    anchors.append((float(max(len(one), 1)), float(max(len(two), 1))))
    ordered = np.maximum.accumulate(np.array(sorted(anchors)), axis=0)
    return Aligned(ordered[:, 0].copy(), ordered[:, 1].copy())


def pairs(
    one: str, ones: Sequence[Segment], two: str, twos: Sequence[Segment]
) -> list[tuple[int, int]]:
    """Which of `ones` belongs to which of `twos`, in their order; most have a partner at best."""
    if not ones or not twos:
        return []
    worth = _likeness(one, ones, two, twos) - LEAST
    best = np.zeros((len(ones) + 1, len(twos) + 1), np.float32)
    for row in range(len(ones)):
        paired = best[row, :-1] + worth[row]
        # What the column before holds may be taken as it is: a part without a partner is free.
        best[row + 1, 1:] = np.maximum.accumulate(np.maximum(paired, best[row, 1:]))
    found: list[tuple[int, int]] = []
    a, b = len(ones), len(twos)
    while a and b:
        if best[a, b] == best[a - 1, b]:
            a -= 1
        elif best[a, b] == best[a, b - 1]:
            b -= 1
        else:
            a, b = a - 1, b - 1
            found.append((a, b))
    return found[::-1]


def same_tokens(
    one: Sequence[int] | NDArray[np.int32], two: Sequence[int] | NDArray[np.int32]
) -> int:
    """How many first ids two traces of one vocabulary have in common."""
    short = min(len(one), len(two))
    differ = np.flatnonzero(np.asarray(one[:short]) != np.asarray(two[:short]))
    return int(differ[0]) if len(differ) else short


def same_characters(one: str, two: str) -> int:
    """How many first characters two texts have in common."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _likeness(
    one: str, ones: Sequence[Segment], two: str, twos: Sequence[Segment]
) -> NDArray[np.float32]:
    """Shape (len(ones), len(twos)), from 0 to 1."""
    words = _words(one, ones) @ _words(two, twos).T
    kinds = np.array([[a.kind is b.kind for b in twos] for a in ones], np.float32)
    return KIND_SHARE * kinds + (1 - KIND_SHARE) * words


def _words(text: str, parts: Sequence[Segment]) -> NDArray[np.float32]:
    """The set of words of each part as a unit vector, shape (n, BUCKETS)."""
    made = np.zeros((len(parts), BUCKETS), np.float32)
    for row, part in enumerate(parts):
        for word in set(_WORD.findall(text[part.start : part.end].lower())):
            made[row, zlib.crc32(word.encode()) % BUCKETS] = 1.0
    sizes = np.linalg.norm(made, axis=1, keepdims=True)
    unit: NDArray[np.float32] = made / np.maximum(sizes, np.float32(1))
    return unit


def _joined(parts: Sequence[Segment]) -> list[Segment]:
    """At most `MOST`: of more, neighbours are taken together, with the kind of the longest."""
    size = -(-len(parts) // MOST)
    if size <= 1:
        return list(parts)
    groups = [parts[at : at + size] for at in range(0, len(parts), size)]
    longest = [max(group, key=lambda each: each.end - each.start) for group in groups]
    return [
        Segment(group[0].start, group[-1].end, most.kind, most.confidence)
        for group, most in zip(groups, longest, strict=True)
    ]


def _counted(places: Places, ends: Sequence[int]) -> Places:
    """Places in characters as places in tokens; `ends[i]` is where token i ends."""
    bounds = np.concatenate(([0.0], np.asarray(ends, np.float64)))
    return np.interp(places, bounds, np.arange(len(bounds), dtype=np.float64))
