"""What a program of somebody else may spend: time, counting, and what it makes.

Time is counted in this thread's own seconds, so that a busy machine refuses nobody.
"""

import sys
import time
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from types import FrameType
from typing import Any

from kimidesk.errors import Refused

MOST_COUNTED = 200_000  # numbers that all range() calls of one rendering may give
MADE = 32  # times its room: characters that a rendering may make on its way, in all
DEEPEST = 100  # containers within containers
MOST_BITS = 4096  # of an integer
_VIEWS = (list, tuple, set, frozenset, KeysView, ValuesView)


class Unbounded(Refused):
    """The template passed a bound: it is hostile, or broken beyond use."""


class Ledger:
    """What one rendering has spent. `room` is how much any one value of it may hold.

    Every value is weighed when it is made, with all that it holds, each time that it holds it:
    so no value ever weighs more than the room, and printing or comparing it takes no longer.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._made = 0
        self._counted = 0

    def hold(self, size: float) -> None:
        """Raise Unbounded where a value of so many characters or items may not be."""
        if size > self.room:
            raise Unbounded(
                f"the checkpoint's chat template makes more than {self.room:,} characters"
            )

    def made(self, size: int) -> None:
        """So many characters or items were made."""
        self.hold(size)
        self._made += size
        if self._made > MADE * self.room:
            raise Unbounded(
                f"the checkpoint's chat template makes more than {MADE * self.room:,} characters"
            )

    def counted(self, numbers: int) -> None:
        """A range of so many numbers begins."""
        self._counted += numbers
        if self._counted > MOST_COUNTED:
            raise Unbounded(f"the checkpoint's chat template counts beyond {MOST_COUNTED:,}")

    def keep(self, value: Any) -> Any:
        """A value that was made just now, paid for; generators pay when they are read."""
        if isinstance(value, str | bytes):
            self.made(len(value))
        elif isinstance(value, int):
            self.hold(0 if value.bit_length() <= MOST_BITS else float("inf"))
        elif _inside(value) is not None:
            self.weigh(value)
            self.made(len(value))
        return value

    def weigh(self, value: Any) -> int:
        """How much a value holds, its parts within parts included: characters and items."""
        weight = 0
        open_: list[Iterator[Any]] = [iter((value,))]
        while open_:
            for part in open_[-1]:
                weight += 1 + (len(part) if isinstance(part, str | bytes) else 0)
                self.hold(weight)
                inside = _inside(part)
                if inside is not None:
                    open_.append(inside)
                    break
            else:
                open_.pop()
            if len(open_) > DEEPEST:
                raise Unbounded(f"the checkpoint's chat template nests deeper than {DEEPEST}")
        return weight


class Deadline:
    """Raises Unbounded in the running code once the time is over; a loop cannot outlast it.

    A trace function sees every line of the compiled template and every call, in this thread alone
    and on every platform, which neither a signal nor a timer does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    def __enter__(self) -> None:
        self._until = time.thread_time() + self._seconds
        self._before = sys.gettrace()
        sys.settrace(self._watch)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _watch(self, frame: FrameType, event: str, argument: object) -> "_Watch":
        if time.thread_time() > self._until:
            raise Unbounded(
                f"the checkpoint's chat template runs longer than {self._seconds:.2g} s"
            )
        # Elsewhere than in the template loops are short: what they run over has been weighed.
        return self._watch if frame.f_code.co_filename == "<template>" else None


_Watch = Any  # a trace function returns itself; the type would be recursive


def _inside(value: object) -> Iterator[Any] | None:
    """The parts of a container that is all there; None for what is not, or is none."""
    if isinstance(value, dict | ItemsView):
        pairs = value.items() if isinstance(value, dict) else value
        return (part for pair in pairs for part in pair)
    return iter(value) if isinstance(value, _VIEWS) else None
