"""Named sentences as arrays, for what is drawn and counted many times a second."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kimidesk.gui.solve.naming import Named
from kimidesk.reading.segments.counting import KINDS, NO_KIND

CODES = {kind: code for code, kind in enumerate(KINDS)}


class Spans:
    """Tokens `first` … `last` and the code of the kind of each sentence; int32 and uint8, (n,).

    Naming keeps the objects whose names stand, so what has not changed is not read again.
    """

    def __init__(self) -> None:
        self.items: Sequence[Named] = ()
        self.first = self.last = np.zeros(0, np.int32)
        self.kind = np.zeros(0, np.uint8)

    def __len__(self) -> int:
        return len(self.first)

    def show(self, items: Sequence[Named]) -> int:
        """Take the present names; how many of the first are as they were."""
        kept = _alike(self.items, items)
        fresh = items[kept:]
        first = np.fromiter((each.first for each in fresh), np.int32, len(fresh))
        last = np.fromiter((each.last for each in fresh), np.int32, len(fresh))
        kind = np.fromiter((CODES[each.kind] for each in fresh), np.uint8, len(fresh))
        self.items = items
        self.first = np.concatenate((self.first[:kept], first))
        self.last = np.concatenate((self.last[:kept], last))
        self.kind = np.concatenate((self.kind[:kept], kind))
        return kept

    def per_token(self, count: int) -> NDArray[np.uint8]:
        """The code of each of `count` tokens; NO_KIND where no sentence holds it."""
        made = np.full(count, NO_KIND, np.uint8)
        if len(self):
            whole = np.repeat(self.kind, self.last - self.first + 1)
            at = np.repeat(self.first, self.last - self.first + 1)
            starts = np.concatenate(([0], np.cumsum(self.last - self.first + 1)[:-1]))
            at = at + np.arange(len(whole)) - np.repeat(starts, self.last - self.first + 1)
            inside = at < count
            made[at[inside]] = whole[inside]
        return made

    def within(self, left: float, right: float) -> slice:
        """Which sentences can be seen between two places of the axis."""
        begin = int(np.searchsorted(self.last, left - 1, "right"))
        return slice(begin, max(int(np.searchsorted(self.first, right)), begin))


def _alike(old: Sequence[Named], new: Sequence[Named]) -> int:
    """How many of the first are the same objects."""
    most = min(len(old), len(new))
    return next((n for n in range(most) if old[n] is not new[n]), most)
