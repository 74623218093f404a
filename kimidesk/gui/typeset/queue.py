"""What the typesetting process is to do next: no process, no clock.

A driver starts the process, passes its events to `on`, sends what `next` gives, and kills and
restarts the process when `expired` says so.
"""

from kimidesk.wire.messages import FormulaDrawn, Ready, Typeset

LIMIT_S = 2.0  # for one formula; the slowest of 104,000 real ones took 0.3 on a busy machine
UNDER_WAY = 16  # asked at once, so that the process never waits for a slice of the window
STARTS = 2  # how often a process may die before it was ready, until it is given up


class TypesetQueue:
    """The formula that was asked for last comes first: it is the one that is looked at."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.limit_s = limit_s
        self.given_up = False  # the process does not start: everything stays source
        self._waiting: dict[Typeset, None] = {}
        self._sent: dict[Typeset, None] = {}  # in the order in which they are answered
        self._begun = 0.0  # when the first of those was begun, monotonic seconds
        self._ready = False
        self._failed_starts = 0

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self._waiting and not self._sent

    @property
    def deadline(self) -> float | None:
        """When the process will have taken too long; None while nothing is under way."""
        return self._begun + self.limit_s if self._sent else None

    def ask(self, formula: Typeset) -> None:
        """Have it set; asking again moves it to the front."""
        if formula not in self._sent and not self.given_up:
            self._waiting.pop(formula, None)
            self._waiting[formula] = None

    def next(self, now: float) -> Typeset | None:
        """What to send to the process now, if anything."""
        if not self._ready or not self._waiting or len(self._sent) >= UNDER_WAY:
            return None
        formula, _ = self._waiting.popitem()
        if not self._sent:
            self._begun = now
        self._sent[formula] = None
        return formula

    def on(self, event: Ready | FormulaDrawn, now: float) -> None:
        """Take an event of the process."""
        if isinstance(event, Ready):
            self._ready, self._failed_starts = True, 0
            return
        self._sent.pop(Typeset(event.tex, event.display, event.em_px), None)
        self._begun = now

    def expired(self, now: float) -> FormulaDrawn | None:
        """What is told of the formula that took too long; the process must be replaced."""
        if self.deadline is None or now < self.deadline:
            return None
        return self._fail(f"it takes longer than {self.limit_s:g} s")

    def lost(self, why: str) -> FormulaDrawn | None:
        """The process died: the formula that it had in hand is told, the others wait again."""
        if self._sent:
            return self._fail(f"setting it ended the process: {why}")
        if not self._ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                self.given_up = True
                self._waiting.clear()
        self._ready = False
        return None

    def _fail(self, why: str) -> FormulaDrawn:
        first, *rest = self._sent
        self._sent.clear()
        self._ready = False
        for formula in rest:
            self.ask(formula)
        return FormulaDrawn(first.tex, first.display, first.em_px, why=why)
