"""Analyses of the shown trace and of its problem's other traces, made in slices between frames.

The text of each is named 2,000 characters at a time, and its stated answers go to the grader. What
was analysed once is kept while the window is open.
"""

from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from kimidesk.errors import NotFound
from kimidesk.flows import Analyse, Analysis, Solve, sample_of, text_of
from kimidesk.flows.stating import Stating
from kimidesk.gui.grader import Grader
from kimidesk.reading.segments import Growing
from kimidesk.records import Sample, Segment
from kimidesk.store import Desk
from kimidesk.wire.messages import Judge, Judged

SLICE_CHARS = 2_000  # named at a time, about 25 sentences, 4 ms
SLICE_SENTENCES = 60  # whose stated answers are looked for, 4 ms
IDLE_MS = 20
MOST_OTHERS = 40  # the newest
KEPT = 400  # analyses


@dataclass(slots=True)
class Job:
    """A text on its way to its analysis."""

    sample: Sample
    growing: Growing = field(default_factory=Growing)
    taken: int = 0
    named: list[Segment] = field(default_factory=list)
    stating: Stating | None = None  # once all is named

    def step(self) -> bool:
        """Read some more; whether all was read."""
        if self.stating is not None:
            return self.stating.step(SLICE_SENTENCES)
        if self._name():
            self.stating = Stating(text_of(self.sample), self.named, self.sample)
        return False

    def _name(self) -> bool:
        text = text_of(self.sample)
        self.taken = min(self.taken + SLICE_CHARS, len(text))
        if self.taken < len(text):
            self.named = self.growing.grow(text[: self.taken])
            return False
        self.named = self.growing.finish(text) if text else []
        return True


class Analysing(QObject):
    """`own` is of the shown trace once it has ended, `others` of those that ended by themselves."""

    changed = Signal()

    def __init__(self, desk: Desk, grader: Grader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._grader = desk, grader
        self._known: dict[tuple[str, str], Analysis] = {}
        self._ids: deque[str] = deque()  # of traces to look at
        self._own_id = ""
        self._job: Job | None = None
        self._flow: Analyse | None = None  # its answers are being judged
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._step)
        grader.judged.connect(self._on_judged)
        self.own: Analysis | None = None
        self._own_flow: Analyse | None = None
        self.others: list[Analysis] = []

    @property
    def left(self) -> int:
        """Traces that are still to be analysed."""
        return len(self._ids) + (self._job is not None)

    @property
    def places(self) -> dict[str, list[int]]:
        """Where the shown trace's figures have their reasons, in characters of its `text_of`."""
        return self._own_flow.places() if self._own_flow is not None else {}

    def show(self, solve: Solve | None) -> None:
        """Analyse another trace; of one that grows, or of none, nothing is told."""
        self._timer.stop()
        self._ids.clear()
        self._job = self._flow = self.own = None
        self._own_flow, self.others, self._own_id = None, [], ""
        if solve is not None and solve.done:
            self._own_id = solve.trace.id
            self._job = Job(sample_of(solve, repeat=0, attempts=1))
            problem = solve.trace.problem.id
            found = self._desk.finished(problem, MOST_OTHERS + 1)
            self._ids.extend([each for each in found if each != self._own_id][:MOST_OTHERS])
            self._timer.start()
        self.changed.emit()

    def close(self) -> None:
        """The window closes."""
        self.show(None)

    def settle(self) -> None:
        """Name all that is to be named now; for tests and pictures, never while someone waits."""
        while self._flow is None and self.left:
            self._step()

    def _step(self) -> None:
        """A slice of the present job, or the next one."""
        self._timer.stop()
        if self._job is None:
            self._next()
        elif self._job.step():
            self._judge(self._job)
        if self._flow is None and self.left:
            self._timer.start()

    def _next(self) -> None:
        try:
            sample = self._desk.sample(self._ids.popleft())
        except NotFound:  # removed since, or its text is not written yet
            return
        known = self._known.get(_key(sample))
        if known is not None:
            self.others.append(known)
            self.changed.emit()
        else:
            self._job = Job(sample)

    def _judge(self, job: Job) -> None:
        flow = Analyse(job.sample, "", job.named, job.stating)
        self._flow = flow
        for command in flow.start():
            if isinstance(command, Judge):
                self._grader.submit(command)
        if flow.done:
            self._finish()

    def _on_judged(self, event: Judged) -> None:
        if self._flow is not None:
            self._flow.on(event)
            if self._flow.done:
                self._finish()

    def _finish(self) -> None:
        flow, job = self._flow, self._job
        assert flow is not None
        assert job is not None
        self._flow = self._job = None
        made = flow.analysis()
        if job.sample.trace == self._own_id:
            self.own, self._own_flow = made, flow
        else:
            self.others.append(made)
        if len(self._known) >= KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[_key(job.sample)] = made
        self.changed.emit()
        if self.left:
            self._timer.start()


def _key(sample: Sample) -> tuple[str, str]:
    """What an analysis depends on besides the text, which does not change."""
    judged = sample.verdict.judgement.value if sample.verdict is not None else ""
    return (sample.trace, f"{sample.expected}\0{judged}")


def in_trace(solve: Solve, place: int) -> int:
    """The character of the whole trace at `place` of its `text_of`, which leaves out its marks."""
    said, parts = solve.said, solve.parts
    begin, end = parts.thinking_span
    thought = said[begin:end]
    start = begin + len(thought) - len(thought.lstrip())
    if place < len(parts.thinking):
        return start + place
    answer = said[parts.answer_start :]
    lead = len(answer) - len(answer.lstrip())
    between = 2 if parts.thinking and parts.answer else 0  # the blank line
    return parts.answer_start + lead + max(place - len(parts.thinking) - between, 0)
