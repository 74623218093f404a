"""Probe: what a checkpoint would answer if its thought ended here, at many places of one trace.

At each place the thought is closed, a cue is said, and either a short answer is drawn greedily or
given candidates are rated. The trace itself is not touched; what it evaluated is taken up, so a
place costs the cue and the answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from typing import NamedTuple

import numpy as np

from kimidesk.reading import split
from kimidesk.records import (
    Attempt,
    Budget,
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
CUE_ROOM = 128  # tokens of a cue, which count as answer
MOST = 24  # tokens of a forced answer
_numbers = count()  # two probes of one trace may run beside each other


class Ask(NamedTuple):
    """One question: a candidate that is to be rated, or (None) an answer that is to be drawn."""

    at: int  # tokens of the trace before it
    cue: str
    candidate: str | None


@dataclass(slots=True)
class Forced:
    """One forced answer: drawn (`candidate` None), or a candidate that was rated."""

    at: int  # tokens of the trace before it
    candidate: str | None
    text: str = ""  # what was answered, up to a stop
    logprob: float = 0.0  # of the answer's tokens, nats, summed; see `Probe`
    tokens: int = 0
    trouble: str = ""  # why there is none
    cue: str = CUE
    confidence: float = 0.0  # arithmetic mean of the largest probability at each of its tokens
    evaluated: int = 0  # tokens: of the answer, what was drawn in vain and, once, of the cue

    @property
    def ask(self) -> Ask:
        return Ask(self.at, self.cue, self.candidate)


@dataclass(slots=True)
class _Growing:
    result: Forced
    cue: str  # with what closes the thought before it; empty where it stands in the prompt
    whole: str  # the same, wherever it stands
    columns: TokenColumns = field(default_factory=TokenColumns)
    lexicon: Lexicon = field(default_factory=dict)


class Probe:
    """Event in, commands out; `results` are in the order of the places, then of the cues, drawn
    answers first; `answered` are those that have come, as they came.

    A candidate behind a cue that opens a bracket is rated with the bracket that closes it, so that
    1 takes nothing of 12: of the token that closes it, all those count that begin like it (`}`
    and `}.`), as far as they are among the rivals that are told. Confidence is the trial-answer
    confidence of DEER (Yang et al., arXiv 2504.15895), whose code takes the arithmetic mean.
    """

    def __init__(
        self,
        grown: Grown,
        places: Sequence[int],
        *,
        cue: str = CUE,
        cues: Sequence[str] = (),
        candidates: Sequence[str] = (),
        drawn: bool = True,
        most: int = MOST,
        slots: int = 1,
        known: Collection[Ask] = (),
        apart: bool = False,
        cue_ids: dict[str, tuple[int, ...]] | None = None,
    ) -> None:
        """`cues` win over `cue`; what is in `known` is not asked; `apart`: see `Attempt`.

        How a cue is cut into tokens is learnt from the first answer that is drawn behind it, and
        kept in `cue_ids`: from then on it is read in one call, like the prompt before it.

        Raises ValueError for a place outside the trace.
        """
        wrong = [at for at in places if not 0 <= at <= len(grown.columns)]
        if wrong:
            raise ValueError(f"the trace has {len(grown.columns)} tokens; there is no {wrong[0]}")
        self._grown, self._most, self._slots, self._apart = grown, most, slots, apart
        # The prompt's ids are kept; its pictures are looked for in these files.
        paths = tuple(block.path for block in grown.trace.pictures)
        self._pictures = (Message("user", "", paths),) if paths else ()
        kinds: list[str | None] = [*([None] if drawn else []), *candidates]
        asked = (Ask(*each) for each in product(places, cues or (cue,), kinds))
        self.results = [
            Forced(each.at, each.candidate, cue=each.cue) for each in asked if each not in known
        ]
        self.answered: list[Forced] = []
        self._waiting = {f"{grown.trace.id}@{next(_numbers)}": one for one in self.results}
        self._growing: dict[str, _Growing] = {}
        self._cue_ids = {} if cue_ids is None else cue_ids

    @property
    def done(self) -> bool:
        return not self._waiting and not self._growing

    def start(self) -> list[AnyCommand]:
        """Ask for as many answers as there are slots."""
        commands: list[AnyCommand] = []
        while self._waiting and len(self._growing) < self._slots:
            id_ = next(iter(self._waiting))
            result = self._waiting.pop(id_)
            whole = thought_end(self._grown, result.at) + result.cue
            growing = _Growing(result, "" if whole in self._cue_ids else whole, whole)
            self._growing[id_] = growing
            commands.append(Generate(self._attempt(id_, growing)))
        return commands

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what is not answered yet is not."""
        commands: list[AnyCommand] = [Cancel(id_) for id_ in self._growing]
        self._give_up("stopped")
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
                self.answered.append(growing.result)
                return self.start()
            case Failed(trace=str() as id_) if id_ in self._growing:
                result = self._growing.pop(id_).result
                result.trouble = event.what
                self.answered.append(result)
                return self.start()
            case Failed(trace=None):
                self._give_up(event.what)
        return []

    def _give_up(self, why: str) -> None:
        left = [*(one.result for one in self._growing.values()), *self._waiting.values()]
        for result in left:
            result.trouble = why
        self._waiting, self._growing = {}, {}

    def _attempt(self, id_: str, growing: _Growing) -> Attempt:
        result = growing.result
        ids = tuple(self._grown.columns.id[: result.at].tolist())
        if not growing.cue:
            ids += self._cue_ids[growing.whole]
        given = None
        if result.candidate is not None:
            given = Given(growing.cue + result.candidate + closing_of(result.cue))
        room = CUE_ROOM if growing.cue else 0
        return Attempt(
            id_,
            self._pictures,
            Sampling(temperature=0),
            Budget(answer=self._most + room, closing="", on_loop=OnLoop.IGNORE),
            prompt=(*self._grown.trace.prompt, *ids),
            force=growing.cue if given is None else "",
            given=given,
            adapters=self._grown.trace.adapters,
            apart=self._apart,
        )

    def _enough(self, growing: _Growing) -> bool:
        if growing.result.candidate is not None:
            return False
        ids = growing.columns.id[~growing.columns.forced].tolist()
        text = text_of(ids, growing.lexicon)
        return len(ids) >= self._most or answer_end(text) is not None

    def _read(self, growing: _Growing, ended: Ended, closing: int) -> None:
        result = growing.result
        result.evaluated = len(growing.columns)
        if not growing.cue and result.candidate is None:  # those who rate find it evaluated
            result.evaluated += len(self._cue_ids[growing.whole])
        if ended not in (Ended.ANSWERED, Ended.STOPPED, Ended.BUDGET, Ended.REPLAYED):
            result.trouble = str(ended)
            return
        stop = len(growing.columns) - closing
        if result.candidate is None:
            self._read_drawn(growing, stop)
        else:
            self._read_rated(growing, stop)

    def _read_drawn(self, growing: _Growing, stop: int) -> None:
        result, columns = growing.result, growing.columns
        first = next((row for row in range(stop) if not columns.forced[row]), stop)
        cue = tuple(columns.id[:first].tolist())
        if cue and text_of(cue, growing.lexicon) == growing.whole:
            self._cue_ids.setdefault(growing.whole, cue)
        largest: list[float] = []
        ids: list[int] = []
        for row in range(first, min(stop, first + self._most)):
            ids.append(int(columns.id[row]))
            result.logprob += float(columns.logprob[row])
            largest.append(float(max(columns.logprob[row], columns.rival_logprob[row, 0])))
            if answer_end(text_of(ids, growing.lexicon)) is not None:
                break
        result.tokens = len(ids)
        result.confidence = float(np.exp(largest).mean()) if ids else 0.0
        text = text_of(ids, growing.lexicon)
        result.text = text[: answer_end(text)].strip()

    def _read_rated(self, growing: _Growing, stop: int) -> None:
        result, columns = growing.result, growing.columns
        first = _first_behind(growing, stop)
        result.text, result.tokens = result.candidate or "", stop - first
        result.logprob = float(columns.logprob[first:stop].astype(np.float64).sum())
        if closing_of(result.cue) and stop > first:
            last = stop - 1
            result.logprob += _alike(growing, last) - float(columns.logprob[last])


def thought_end(grown: Grown, at: int) -> str:
    """The end of the thought, where this family has one and it has not come yet."""
    dialect = grown.trace.dialect
    if not dialect.thinks:
        return "\n\n"
    text = text_of(grown.columns.id[:at].tolist(), grown.lexicon)
    parts = split(text, dialect)
    if parts.answer is not None and text.strip():  # it has ended, or there is none
        return "\n\n"
    unopened = not (dialect.opened or dialect.begun or parts.thinking_span[0])
    start = f"{dialect.start}\n" if unopened else ""
    end = f"{start}\n{dialect.ends[0]}{dialect.answer}"
    return end if dialect.answer else f"{end}\n\n"


def closing_of(cue: str) -> str:
    """What ends an answer behind this cue."""
    return "}" if cue.endswith("{") else ""


def answer_end(text: str) -> int | None:
    """Where an answer ends: at the bracket that the cue has opened, or with its line."""
    depth = 0
    for place, sign in enumerate(text):
        if sign == "\n" or (sign == "}" and depth == 0):
            return place
        depth += (sign == "{") - (sign == "}")
    return None


def _first_behind(growing: _Growing, stop: int) -> int:
    """The first row of a given text that is not all of the cue."""
    said = 0
    cue = len(growing.cue.encode())
    for row in range(stop):
        said += len(growing.lexicon[int(growing.columns.id[row])])
        if said > cue:
            return row
    return stop


def _alike(growing: _Growing, row: int) -> float:
    """The log-probability of all tokens told at a row that begin as its own does."""
    columns, lexicon = growing.columns, growing.lexicon
    own = int(columns.id[row])
    rivals = zip(columns.rival_id[row].tolist(), columns.rival_logprob[row].tolist(), strict=True)
    told = {id_: logprob for id_, logprob in rivals if id_ >= 0}
    told.setdefault(own, float(columns.logprob[row]))
    alike = [logprob for id_, logprob in told.items() if lexicon[id_].startswith(lexicon[own])]
    return min(float(np.logaddexp.reduce(alike)), 0.0)
