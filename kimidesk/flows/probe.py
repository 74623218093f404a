"""Probe: what a checkpoint would answer if its thought ended here, at many places of one trace.

At each place the thought is closed, a cue is said, and either a short answer is drawn greedily or
given candidates are rated. The trace itself is not touched; what it evaluated is taken up, so a
place costs the cue and the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kimidesk.records import (
    Attempt,
    Budget,
    Dialect,
    Ended,
    Given,
    Grown,
    Lexicon,
    Message,
    OnLoop,
    Sampling,
    TokenColumns,
    text_of,
)
from kimidesk.wire.columns import unpack
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Cancel,
    Failed,
    Generate,
    TokensCame,
    TraceEnded,
)

CUE = "The final answer is \\boxed{"
STOPS = ("}", "\n")
MOST = 24  # tokens of a forced answer
CUE_ROOM = 128  # tokens of a cue, which count as answer


@dataclass(slots=True)
class Forced:
    """One forced answer: drawn (`candidate` None), or a candidate that was rated."""

    at: int  # tokens of the trace before it
    candidate: str | None
    text: str = ""  # what was answered, up to a stop
    logprob: float = 0.0  # of the answer's tokens, nats, summed
    tokens: int = 0
    trouble: str = ""  # why there is none


@dataclass(slots=True)
class _Growing:
    result: Forced
    columns: TokenColumns = field(default_factory=TokenColumns)
    lexicon: Lexicon = field(default_factory=dict)


class Probe:
    """Event in, commands out; `results` are in the order of the places, drawn answers first."""

    def __init__(
        self,
        grown: Grown,
        places: Sequence[int],
        *,
        cue: str = CUE,
        candidates: Sequence[str] = (),
        drawn: bool = True,
        most: int = MOST,
        slots: int = 1,
    ) -> None:
        wrong = [at for at in places if not 0 <= at <= len(grown.columns)]
        if wrong:
            raise ValueError(f"the trace has {len(grown.columns)} tokens; there is no {wrong[0]}")
        self._grown, self._most, self._slots = grown, most, slots
        self._cue = closing_of(grown.trace.dialect) + cue
        # The prompt's ids are kept; its pictures are looked for in these files.
        paths = tuple(block.path for block in grown.trace.pictures)
        self._pictures = (Message("user", "", paths),) if paths else ()
        kinds: list[str | None] = [*([None] if drawn else []), *candidates]
        self.results = [Forced(at, kind) for at in places for kind in kinds]
        self._waiting = {f"{grown.trace.id}@{n}": one for n, one in enumerate(self.results)}
        self._growing: dict[str, _Growing] = {}

    @property
    def done(self) -> bool:
        return not self._waiting and not self._growing

    def start(self) -> list[AnyCommand]:
        """Ask for as many answers as there are slots."""
        commands: list[AnyCommand] = []
        while self._waiting and len(self._growing) < self._slots:
            id_ = next(iter(self._waiting))
            result = self._waiting.pop(id_)
            self._growing[id_] = _Growing(result)
            commands.append(Generate(self._attempt(id_, result)))
        return commands

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what is not answered yet is not."""
        commands: list[AnyCommand] = [Cancel(id_) for id_ in self._growing]
        for result in (*self._waiting.values(), *(one.result for one in self._growing.values())):
            result.trouble = "stopped"
        self._waiting, self._growing = {}, {}
        return commands

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing."""
        match event:
            case TokensCame(trace=id_) if id_ in self._growing:
                growing = self._growing[id_]
                growing.columns.extend(unpack(event.columns))
                growing.lexicon.update(event.pieces)
                return [Cancel(id_)] if self._enough(growing) else []
            case TraceEnded(trace=id_) if id_ in self._growing:
                growing = self._growing.pop(id_)
                self._read(growing, event.ended, event.closing)
                return self.start()
            case Failed(trace=str() as id_) if id_ in self._growing:
                self._growing.pop(id_).result.trouble = event.what
                return self.start()
            case Failed(trace=None):
                left = [*self._waiting.values(), *(one.result for one in self._growing.values())]
                for result in left:
                    result.trouble = event.what
                self._waiting, self._growing = {}, {}
        return []

    def _attempt(self, id_: str, result: Forced) -> Attempt:
        ids = tuple(self._grown.columns.id[: result.at].tolist())
        return Attempt(
            id_,
            self._pictures,
            Sampling(temperature=0),
            Budget(answer=self._most + CUE_ROOM, closing="", on_loop=OnLoop.IGNORE),
            prompt=(*self._grown.trace.prompt, *ids),
            force=self._cue if result.candidate is None else "",
            given=None if result.candidate is None else Given(self._cue + result.candidate),
            adapters=self._grown.trace.adapters,
        )

    def _enough(self, growing: _Growing) -> bool:
        if growing.result.candidate is not None:
            return False
        ids = growing.columns.id[~growing.columns.forced].tolist()
        text = text_of(ids, growing.lexicon)
        return len(ids) >= self._most or any(stop in text for stop in STOPS)

    def _read(self, growing: _Growing, ended: Ended, closing: int) -> None:
        result, columns = growing.result, growing.columns
        if ended not in (Ended.ANSWERED, Ended.STOPPED, Ended.BUDGET, Ended.REPLAYED):
            result.trouble = str(ended)
            return
        stop = len(columns) - closing
        first = self._first_of_answer(growing, stop)
        text = ""
        for row in range(first, min(stop, first + self._most) if not result.candidate else stop):
            text += text_of([int(columns.id[row])], growing.lexicon)
            result.logprob += float(columns.logprob[row])
            result.tokens += 1
            if result.candidate is None and any(mark in text for mark in STOPS):
                break
        whole = text_of(columns.id[first : first + result.tokens].tolist(), growing.lexicon)
        result.text = whole if result.candidate else _until_stop(whole)

    def _first_of_answer(self, growing: _Growing, stop: int) -> int:
        """The first row that is not of the cue."""
        columns = growing.columns
        if growing.result.candidate is None:
            return next((row for row in range(stop) if not columns.forced[row]), stop)
        said = 0
        cue = len(self._cue.encode())
        for row in range(stop):
            said += len(growing.lexicon[int(columns.id[row])])
            if said > cue:
                return row
        return stop


def closing_of(dialect: Dialect) -> str:
    """What ends the thought before a cue; a blank line where this family has no end of it."""
    if not dialect.thinks:
        return "\n\n"
    return f"\n{dialect.ends[0]}{dialect.answer}" + ("" if dialect.answer else "\n\n")


def _until_stop(text: str) -> str:
    ends = [text.find(stop) for stop in STOPS if stop in text]
    return text[: min(ends)].strip() if ends else text.strip()
