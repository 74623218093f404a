"""An engine that recites: given tokens with given statistics at a given pace.

For tests, screenshots and the tour. It is a true engine: it keeps budgets, refuses long prompts,
grows many traces at once, and can be told to crash, to hang or to fail, so that what surrounds
an engine is tested with real processes. The file is JSON:

    {"name": "Recital", "context": 4096, "tokens_per_s": 200, "thinks": true, "opened": false,
     "recitations": [
       {"match": "17x", "tokens": [{"text": "Let", "logprob": -0.1, "entropy": 0.3,
                                    "rivals": [["Let", -0.1], ["So", -2.4]]}],
        "text": " words with the statistics below", "logprob": -0.2, "entropy": 0.5,
        "repeat": 1, "then": "answered"}]}

A recitation is chosen by `match`, a part of the last message, or, where ids stand for the messages
(a probe, a fork), of what they say and of the text forced behind them; the longest wins, and of
equals seed % count decides. A fork goes on in the recitation that its prompt chooses, or whose
tokens it keeps; one that is chosen by what it keeps, or by what is forced behind that, is recited
from its beginning. Pieces of the script have the same ids whenever it is opened.
`text` follows `tokens`; `repeat` says how often both are recited. `then` is answered (default),
silent (goes on without end: the budget or the context ends it), crash, hang or fail. A token may
be given as {"hex": "e4bd"}, for a character split between tokens. tokens_per_s 0 means no pause.
One with `rates` says nothing: it gives its `logprob` to each word of a text that is given behind
the ids of a prompt, where `match` is a part of what both say; other given texts are refused.
"""

import os
import re
import signal
import time
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from kimidesk import __version__
from kimidesk.checkpoints.describe import fingerprint
from kimidesk.engines.mind import Mind
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.errors import BadCheckpoint, ModelError, Refused
from kimidesk.records import Attempt, CheckpointInfo, Dialect, Ended, Note, Token, Wish
from kimidesk.wire.messages import OpenCheckpoint

END_MARK = "<|end|>"
THINK = Dialect("think", "<think>", ("</think>",))


class Spoken(msgspec.Struct, forbid_unknown_fields=True):
    """One token to recite; log-probabilities and entropy in nats."""

    text: str = ""
    hex: str = ""
    logprob: float = 0.0
    entropy: float = 0.0
    rank: int = 1
    rivals: list[tuple[str, float]] = []

    @property
    def piece(self) -> bytes:
        return bytes.fromhex(self.hex) if self.hex else self.text.encode()


class Recitation(msgspec.Struct, forbid_unknown_fields=True):
    """What to say to a message that holds `match`."""

    match: str = ""
    tokens: list[Spoken] = []
    text: str = ""
    logprob: float = -0.1
    entropy: float = 0.3
    repeat: int = 1
    then: Literal["answered", "silent", "crash", "hang", "fail"] = "answered"
    rates: bool = False

    def spoken(self) -> list[Spoken]:
        """All tokens of one round; words of `text` keep the blank before them."""
        words = re.findall(r"\s*\S+|\s+$", self.text)
        told = [Spoken(text=word, logprob=self.logprob, entropy=self.entropy) for word in words]
        return self.tokens + told


class Script(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    recitations: list[Recitation]
    name: str = "Scripted"
    context: int = 32768
    tokens_per_s: float = 0.0
    thinks: bool = False
    opened: bool = False


@dataclass
class _Reciting:
    attempt: Attempt
    dialect: Dialect
    rest: chain[Spoken]
    then: str
    room: int  # tokens until the context is full
    mind: Mind
    added: int = 0
    begun: float = field(default_factory=time.perf_counter)
    forced: list[Spoken] = field(default_factory=list)
    given: bool = False  # what it says is what was given


class Scripted:
    """Implements `Engine`."""

    def __init__(self, path: Path, options: OpenCheckpoint) -> None:
        raw = _read(path)
        try:
            self._script = msgspec.json.decode(raw, type=Script)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadCheckpoint(f"{path} is not a script of recitations: {error}") from error
        self._ids: dict[bytes, int] = {}
        self._pieces: list[bytes] = []
        self._end = self._intern(END_MARK.encode())
        for recitation in self._script.recitations:
            for spoken in recitation.spoken():
                self._intern(spoken.piece)
        for recitation in self._script.recitations:  # behind them, so that their ids stand
            for text, _ in (rival for spoken in recitation.tokens for rival in spoken.rivals):
                self._intern(text.encode())
        self._reciting: dict[str, _Reciting] = {}
        self._due = 0.0
        context = min(options.context or self._script.context, self._script.context)
        self.info = CheckpointInfo(
            name=self._script.name,
            ref=f"scripted:{path}",
            fingerprint=fingerprint(path),
            architecture="scripted",
            trained_context=self._script.context,
            engine=f"scripted {__version__}",
            context=context,
            slots=options.slots,
        )

    @property
    def live(self) -> int:
        return len(self._reciting)

    def add(self, attempt: Attempt) -> Accepted:
        if attempt.trace in self._reciting:
            raise Refused(f"trace {attempt.trace} is growing already")
        if len(self._reciting) >= self.info.slots:
            raise Refused(f"all {self.info.slots} slots are busy")
        if any(message.images for message in attempt.messages):
            raise Refused(f"{self.info.name} cannot read images")
        if attempt.adapters:
            raise Refused(f"{self.info.name} recites; it has no weights to lay adapters over")
        rating = self._rating(attempt) if attempt.given is not None else None
        if not attempt.messages and not attempt.prompt:
            raise Refused(f"{self.info.name} recites; it needs a message to choose by")
        given = attempt.prompt or self._asked(attempt)
        self._refuse_ids((*attempt.prefix, *attempt.forced))
        prompt = given + attempt.prefix
        room = self.info.context - len(prompt)
        if room < 1:
            raise Refused(
                f"the prompt is {len(prompt):,} tokens; a trace may use {self.info.context:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )
        recitation, begun = (rating, 0) if rating else self._choose(attempt, given)
        dialect = THINK if self._script.thinks else Dialect()
        dialect = replace(dialect, opened=self._script.thinks and self._script.opened)
        mind = Mind(attempt.budget, dialect)
        for kept in attempt.prefix:
            mind.read(self._pieces[kept])
        said = recitation.spoken()[begun:]
        forced = [self._spoken(id_) for id_ in attempt.forced]
        forced += [Spoken(text=word) for word in re.findall(r"\s*\S+", attempt.force)]
        again = chain.from_iterable(repeat(recitation.spoken(), recitation.repeat - 1))
        self._reciting[attempt.trace] = _Reciting(
            attempt,
            dialect,
            chain(said, again),
            recitation.then,
            room,
            mind,
            forced=forced,
            given=rating is not None,
        )
        return Accepted(prompt, mind.onward(dialect))

    def steer(self, trace: str, wish: Wish) -> None:
        if trace in self._reciting:
            self._reciting[trace].mind.wish(wish)

    def drop(self, trace: str) -> None:
        self._reciting.pop(trace, None)

    def step(self) -> list[Step]:
        self._keep_pace()
        return [self._advance(reciting) for reciting in list(self._reciting.values())]

    def interrupt(self) -> None:
        """A step of recitation is over at once."""

    def piece(self, token: int) -> bytes:
        return self._pieces[token]

    def close(self) -> None:
        self._reciting.clear()

    def _advance(self, reciting: _Reciting) -> Step:
        trace = reciting.attempt.trace
        if reciting.room == 0:
            self.drop(trace)
            return Step(trace, None, Ended.CONTEXT_FULL)
        for at, wish in reciting.attempt.told.wishes:
            if at == reciting.added:
                reciting.mind.wish(wish)
        if due := reciting.mind.due():
            reciting.forced.append(Spoken(text=due))
        forced = bool(reciting.forced)
        spoken = reciting.forced.pop(0) if forced else next(reciting.rest, None)
        piece, ends = (spoken.piece, False) if spoken else (b"", reciting.then == "answered")
        if not forced and (instead := reciting.mind.instead(piece, ends=ends)):
            forced, spoken = True, Spoken(text=instead)
        if spoken is None:
            return self._finish(reciting)
        reciting.room -= 1
        reciting.mind.spend(spoken.piece)
        ended = Ended.BUDGET if reciting.mind.spent and not reciting.forced else None
        if ended:
            self.drop(trace)
        at = reciting.added
        notes = tuple(Note(at, what) for what in reciting.mind.noted())
        reciting.added += 1
        return Step(trace, self._token(spoken, reciting, forced=forced), ended, notes=notes)

    def _finish(self, reciting: _Reciting) -> Step:
        trace = reciting.attempt.trace
        match reciting.then:
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hang":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "fail":
                raise ModelError("the script says that the engine fails here")
            case "silent":
                filler = Spoken(text=" …", logprob=-0.1, entropy=0.3)
                reciting.rest = chain(repeat(filler, reciting.room + 1))
                return self._advance(reciting)
        self.drop(trace)
        if reciting.given:
            return Step(trace, None, Ended.REPLAYED)
        end = Spoken(text=END_MARK, logprob=-0.01, entropy=0.05)
        return Step(trace, self._token(end, reciting, forced=False), Ended.ANSWERED, closing=1)

    def _token(self, spoken: Spoken, reciting: _Reciting, *, forced: bool) -> Token:
        rivals = spoken.rivals or ([] if forced else [(spoken.text, spoken.logprob)])
        return Token(
            id=self._intern(spoken.piece),
            logprob=spoken.logprob,
            entropy=spoken.entropy,
            rank=spoken.rank,
            rival_id=np.array([self._intern(text.encode()) for text, _ in rivals], np.int32),
            rival_logprob=np.array([logprob for _, logprob in rivals], np.float32),
            forced=forced,
            time_ms=(time.perf_counter() - reciting.begun) * 1000,
        )

    def _asked(self, attempt: Attempt) -> tuple[int, ...]:
        words = re.findall(r"\s*\S+", attempt.messages[-1].content)
        return tuple(self._intern(word.encode()) for word in words)

    def _choose(self, attempt: Attempt, given: tuple[int, ...]) -> tuple[Recitation, int]:
        """What is recited, and how many of its tokens are kept, or forced, already."""
        kept = attempt.prefix + attempt.forced
        asked = self._said(given) if attempt.prompt else attempt.messages[-1].content
        behind = self._said(kept) + attempt.force if attempt.prompt else ""
        fitting = self._fitting(asked + behind, rates=False)
        closest = max((len(one.match) for one in fitting), default=0)
        equal = [one for one in fitting if len(one.match) == closest]
        if not closest and attempt.prompt and kept:
            told = self._script.recitations
            equal = [one for one in told if self._begins(one, attempt.prefix)] or equal
        if not equal:
            raise Refused("the script holds no recitation for this problem")
        chosen = equal[attempt.seed % len(equal)]
        goes_on = chosen.match in asked or not closest
        return chosen, len(kept) if goes_on else 0

    def _begins(self, recitation: Recitation, kept: tuple[int, ...]) -> bool:
        said = [self._ids[spoken.piece] for spoken in recitation.spoken()[: len(kept)]]
        return tuple(said) == kept

    def _said(self, ids: tuple[int, ...]) -> str:
        """Words of a person that an earlier worker heard are not known any more."""
        known = [self._pieces[id_] for id_ in ids if id_ < len(self._pieces)]
        return b"".join(known).decode("utf-8", "replace")

    def _spoken(self, id_: int) -> Spoken:
        piece = self._pieces[id_]
        try:
            return Spoken(text=piece.decode())
        except UnicodeDecodeError:
            return Spoken(hex=piece.hex())

    def _refuse_ids(self, ids: tuple[int, ...]) -> None:
        if wrong := [id_ for id_ in ids if not 0 <= id_ < len(self._pieces)]:
            raise Refused(f"token {wrong[0]} is none of this script's {len(self._pieces):,}")

    def _rating(self, attempt: Attempt) -> Recitation:
        """The words of a given text, as the script rates them."""
        text = attempt.given.text if attempt.given is not None and attempt.prompt else ""
        fitting = self._fitting(self._said(attempt.prompt) + text, rates=True) if text else []
        if not fitting:
            raise Refused(f"{self.info.name} recites; it has no opinion of a given text")
        closest = max(fitting, key=lambda recitation: len(recitation.match))
        return msgspec.structs.replace(closest, text=text, tokens=[], repeat=1, then="answered")

    def _fitting(self, asked: str, *, rates: bool) -> list[Recitation]:
        recitations = self._script.recitations
        return [each for each in recitations if each.rates is rates and each.match in asked]

    def _intern(self, piece: bytes) -> int:
        if piece not in self._ids:
            self._ids[piece] = len(self._pieces)
            self._pieces.append(piece)
        return self._ids[piece]

    def _keep_pace(self) -> None:
        if self._script.tokens_per_s <= 0:
            return
        now = time.perf_counter()
        self._due = max(self._due + 1 / self._script.tokens_per_s, now - 0.1)
        if self._due > now:
            time.sleep(self._due - now)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadCheckpoint(f"cannot read {path}: {error.strerror}") from error
