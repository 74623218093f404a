"""What a grading process is to do next, whoever drives it: no processes, no clock, no threads.

A driver starts the process, passes its events to `on`, sends what `next` gives, and kills and
restarts the process when `expired` says so. Starting (an import of 1 to 2.5 s) does not count.
"""

from collections import deque

from kimidesk.records import Judgement, Task, Verdict
from kimidesk.wire.messages import AnyEvent, Judge, Judged, Ready

GRADING_LIMIT_S = 3.0
CODE_LIMIT_S = 10.0  # of a program with all its tests
STARTS = 2  # how often a process may die before it was ready, until its work is given up


def limit_of_code(code_limit_s: float) -> float:
    """Seconds for a judgement of code: its own end comes first and tells why."""
    return code_limit_s + 2 * GRADING_LIMIT_S


class GradingQueue:
    """Judgements in the order they were asked for, at most one of them under way."""

    def __init__(self, limit_s: float = GRADING_LIMIT_S, code_limit_s: float | None = None) -> None:
        self.limit_s = limit_s
        self.code_limit_s = code_limit_s  # None: the process runs no code
        self.deadline: float | None = None  # monotonic seconds; None while nothing is under way
        self._waiting: deque[Judge] = deque()
        self._outstanding: Judge | None = None
        self._retried: Judge | None = None  # lost its process once already
        self._ready = False
        self._failed_starts = 0

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self._waiting and self._outstanding is None

    def limit_of(self, judge: Judge) -> float:
        """Seconds that this judgement may take."""
        if judge.task is Task.CODE and self.code_limit_s is not None:
            return limit_of_code(self.code_limit_s)
        return self.limit_s

    def submit(self, judge: Judge) -> None:
        """Ask for a judgement."""
        self._waiting.append(judge)

    def ready(self) -> None:
        """The process said that it is ready."""
        self._ready = True
        self._failed_starts = 0

    def next(self, now: float) -> Judge | None:
        """What to send to the process now, if anything; its time begins to count."""
        if not self._ready or self._outstanding is not None or not self._waiting:
            return None
        self._outstanding = self._waiting.popleft()
        self.deadline = now + self.limit_of(self._outstanding)
        return self._outstanding

    def on(self, event: AnyEvent) -> Judged | None:
        """Take an event of the process; a judgement that was waited for is given back."""
        match event:
            case Ready():
                self.ready()
            case Judged(trace=trace) if self._outstanding and trace == self._outstanding.trace:
                self._settle()
                return event
        return None

    def expired(self, now: float) -> Judged | None:
        """The verdict on a judgement that ran out of time; the process must then be replaced."""
        if self._outstanding is None or self.deadline is None or now < self.deadline:
            return None
        judge = self._settle()
        self._ready = False
        return _error(judge, f"the grader took longer than {self.limit_of(judge):g} s")

    def lost(self, why: str) -> list[Judged]:
        """The process died: what was under way is tried once more, the second time it is an error.

        When the process cannot even start, everything that waits becomes an error, so that no one
        waits for ever.
        """
        was_ready, self._ready = self._ready, False
        if self._outstanding is not None:
            judge, again = self._outstanding, self._outstanding is not self._retried
            self._settle()
            if not again:
                return [_error(judge, f"the grader died twice: {why}")]
            self._retried = judge
            self._waiting.appendleft(judge)
        elif not was_ready:
            self._failed_starts += 1
        if self._failed_starts < STARTS:
            return []
        self._failed_starts = 0
        given_up = [_error(judge, f"the grader does not start: {why}") for judge in self._waiting]
        self._waiting.clear()
        return given_up

    def _settle(self) -> Judge:
        assert self._outstanding is not None
        judge = self._outstanding
        self._outstanding = self._retried = self.deadline = None
        return judge


def _error(judge: Judge, reason: str) -> Judged:
    verdict = Verdict(Judgement.ERROR, expected=judge.expected, method="none", reason=reason)
    return Judged(judge.trace, verdict)
