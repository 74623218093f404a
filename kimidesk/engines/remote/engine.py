"""Many traces written by one server. Nothing is evaluated here: steps hand on what has come.

Where the server goes on from a prompt that is made here, it is asked that way: the rules of the
budget are then kept here, and a trace can be entered anywhere. Else, and for pictures, it gets
messages. What a server does not tell is not known: log-probability, rank and entropy.
"""

import queue
from collections import deque
from dataclasses import replace
from itertools import count
from typing import Any

from kimidesk.checkpoints.remote import client_of, look_up
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.engines.growth import Growth
from kimidesk.engines.mind import Mind
from kimidesk.engines.prompt import Prompt, Prompter
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.remote.growing import THINK, Growing
from kimidesk.engines.remote.lines import Came, Lines
from kimidesk.engines.remote.pace import Pace
from kimidesk.engines.remote.patience import Patience
from kimidesk.engines.remote.pieces import Pieces
from kimidesk.engines.remote.rating import Rating
from kimidesk.engines.remote.request import (
    body_of,
    check,
    check_raw,
    notes_of,
    rated_body,
    raw_body,
)
from kimidesk.engines.remote.vocabulary import Ids, Texts, Tongue
from kimidesk.engines.remote.ways import CHAT, RATED, RAW, Way
from kimidesk.engines.remote.writing import Writing
from kimidesk.engines.slot import Slot
from kimidesk.engines.vocabulary import continuing
from kimidesk.errors import BadCheckpoint, KimiDeskError, Refused
from kimidesk.records import Attempt, Given, Note, Wish
from kimidesk.wire.messages import OpenCheckpoint

WAIT_S = 0.05  # of a step in which nothing comes; commands are looked at in between
MOST_ROWS = 10_000_000


class Remote:
    """Implements `Engine`; many tokens of a trace may come in one step."""

    def __init__(self, options: OpenCheckpoint, patience: Patience | None = None) -> None:
        if options.adapters or options.draft or options.pool or options.reproducible:
            raise BadCheckpoint(
                "a server takes no adapters and no draft from here, and shares its memory and its "
                "evaluations as it pleases",
                hint="Leave out --adapter, --draft, --pool and --reproducible.",
            )
        manners = options.manners
        self._server = server = look_up(options.ref, template=manners.chat_template)
        context = min(options.context or server.info.context, server.info.context or MOST_ROWS)
        self.info = replace(
            server.info,
            name=options.name or server.info.name,
            context=context or options.context,
            slots=options.slots,
        )
        self._room = self.info.context or MOST_ROWS
        self._pieces = Pieces()
        key = key_of(server.address)
        self._client = client_of(server.address, key)
        self._tongue: Tongue = (
            Ids(server, self._client, key) if server.raw.ids else Texts(server, self._pieces)
        )
        self._prompter = Prompter(self._tongue, server.info.name) if server.raw.used else None
        self._growth = Growth(self._tongue, self._room)
        self._growing: dict[str, Growing | Writing | Rating] = {}
        self._traces: dict[int, str] = {}  # of the lines on which something may still come
        self._asked: set[str] = set()  # of those that grow
        self._notes: dict[str, tuple[Note, ...]] = {}  # to be told with a trace's first token
        self._numbers = count()
        patience = patience or Patience.of(manners)
        self._lines = Lines(server.address, key, patience, Pace(manners), options.slots)

    @property
    def live(self) -> int:
        return len(self._growing)

    def add(self, attempt: Attempt) -> Accepted:
        if attempt.trace in self._growing:
            raise Refused(f"trace {attempt.trace} is growing already")
        if len(self._growing) >= self.info.slots:
            raise Refused(f"all {self.info.slots} slots are busy")
        if self._prompter is None or any(message.images for message in attempt.messages):
            return self._ask(attempt)
        check_raw(self._server, attempt)
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        if attempt.given is not None:
            return self._rate(attempt, attempt.given, rendered)
        return self._write(attempt, rendered)

    def steer(self, trace: str, wish: Wish) -> None:
        """By messages no server can be steered."""
        growing = self._growing.get(trace)
        if isinstance(growing, Writing):
            growing.wish(wish)
            self._leave(growing)

    def drop(self, trace: str) -> None:
        self._forget(trace)
        self._notes.pop(trace, None)

    def step(self) -> list[Step]:
        """What has come since the last one, or within a twentieth of a second."""
        return [self._noted(step) for step in self._step()]

    def _step(self) -> list[Step]:
        steps = self._go_on()
        if steps:
            return steps
        try:
            came = self._lines.came.get(timeout=WAIT_S)
            while came is not None:
                steps += self._take(came)
                came = self._lines.came.get_nowait()
        except queue.Empty:
            pass
        return steps + self._go_on()

    def interrupt(self) -> None:
        self._lines.came.put(None)

    def piece(self, token: int) -> bytes:
        return self._pieces[token] if token in self._pieces else self._tongue.piece(token)

    def close(self) -> None:
        self._growing.clear()
        self._traces.clear()
        self._lines.close()
        self._client.close()

    def _ask(self, attempt: Attempt) -> Accepted:
        """By messages: the server renders, counts and closes thoughts."""
        check(self._server, attempt)
        body = body_of(self._server, attempt)
        line = self._new_line(attempt.trace)
        self._growing[attempt.trace] = Growing(attempt, line, self._pieces, self._room)
        self._begin(attempt, line, CHAT, body)
        return Accepted((), THINK)  # the server does not tell the prompt's tokens

    def _write(self, attempt: Attempt, rendered: Prompt) -> Accepted:
        """By a prompt; the first step asks for what comes after it."""
        prompt = (*rendered.ids, *attempt.prefix)
        self._tongue.prompt(prompt)  # refused at once where it cannot be sent
        if not prompt:
            raise Refused("the prompt is empty")
        self._refuse_length(len(prompt) + 1)
        mind = Mind(attempt.budget, rendered.dialect)
        for id_ in attempt.prefix:
            mind.read(self.piece(id_))
        forced = continuing(self._tongue, attempt.force) if attempt.force else ()
        slot = Slot(attempt, list(prompt), mind, deque(forced))
        self._growing[attempt.trace] = Writing(slot, self._growth, self._tongue, self._room)
        return Accepted(prompt, mind.onward(rendered.dialect))

    def _rate(self, attempt: Attempt, given: Given, rendered: Prompt) -> Accepted:
        if not self._server.raw.echo:
            raise Refused(
                f"{self._server.address.host} rates no given text: no replay, no candidates",
                hint="Open the checkpoint itself for that.",
            )
        said = self._tongue.prompt(given.ids) if given.ids else given.text
        prompt = self._tongue.prompt(rendered.ids)
        assert isinstance(said, str)
        assert isinstance(prompt, str)
        if not said:
            raise Refused("there is nothing to replay: the text is empty")
        line = self._new_line(attempt.trace)
        self._growing[attempt.trace] = Rating(attempt, said.encode(), self._tongue, line)
        self._begin(attempt, line, RATED, rated_body(self._server, prompt + said))
        return Accepted(tuple(rendered.ids), rendered.dialect)

    def _refuse_length(self, need: int) -> None:
        if need > self._room:
            raise Refused(
                f"the prompt is {need - 1:,} tokens; this trace may use {self._room:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )

    def _new_line(self, trace: str) -> int:
        line = next(self._numbers)
        self._traces[line] = trace
        return line

    def _begin(self, attempt: Attempt, line: int, way: Way, body: dict[str, Any]) -> None:
        """Send a request; the first of a trace is told with its first token."""
        if attempt.trace not in self._asked:
            self._asked.add(attempt.trace)
            self._notes[attempt.trace] = notes_of(self._server, attempt, way.path, body)
        self._lines.begin(line, way, body)

    def _noted(self, step: Step) -> Step:
        if step.token is None or step.trace not in self._notes:
            return step
        return step._replace(notes=(*self._notes.pop(step.trace), *step.notes))

    def _leave(self, growing: Growing | Writing | Rating) -> None:
        """What its request still brings does not follow what is to be said now."""
        if isinstance(growing, Writing) and growing.due:
            self._hang_up(growing.line)

    def _forget(self, trace: str) -> None:
        growing = self._growing.pop(trace, None)
        if growing is not None:
            self._hang_up(growing.line)
            self._asked.discard(trace)

    def _hang_up(self, line: int) -> None:
        if self._traces.pop(line, None) is not None:
            self._lines.end(line)

    def _go_on(self) -> list[Step]:
        """What is to be said goes first, then the server is asked to go on after it."""
        steps: list[Step] = []
        for trace, growing in list(self._growing.items()):
            if not isinstance(growing, Writing) or not growing.due:
                continue
            steps += growing.force()
            if steps and steps[-1].trace == trace and steps[-1].ended is not None:
                self._forget(trace)
                continue
            slot, line = growing.slot, self._new_line(trace)
            prompt, done = self._tongue.prompt(slot.tokens), len(slot.tokens) - slot.prompt
            body = raw_body(self._server, slot.attempt, prompt, done=done, most=growing.most())
            growing.begin(line)
            self._begin(slot.attempt, line, RAW, body)
        return steps

    def _take(self, came: Came) -> list[Step]:
        trace = self._traces.get(came.line)
        if trace is None:
            return []  # it was dropped, has ended, or goes on elsewhere
        growing = self._growing[trace]
        try:
            if not came.over:
                steps = growing.take(came.chunk)
            else:
                steps = [growing.fail(came.trouble)] if came.trouble else growing.done()
        except KimiDeskError as error:  # the vocabulary is asked for in between
            steps = [growing.fail(error.what)]
        if steps and steps[-1].ended is not None:
            if not self._server.raw.ids:
                steps[-1] = steps[-1]._replace(prompt_tokens=growing.prompt_tokens)
            self._forget(trace)
        self._leave(growing)
        return steps
