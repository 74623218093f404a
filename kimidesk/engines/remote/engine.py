"""Many traces written by one server. Nothing is evaluated here: steps hand on what has come.

Where the server goes on from a prompt that is made here, it is asked that way: the rules of the
budget are then kept here, and a trace can be entered anywhere. Else, and for pictures, it gets
messages. What a server does not tell is not known: log-probability, rank and entropy.
"""

import queue
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kimidesk.checkpoints.remote import Server, client_of, look_up
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.checkpoints.remote.talk import Unreachable
from kimidesk.engines.growth import Growth, heed
from kimidesk.engines.mind import Mind
from kimidesk.engines.prompt import Prompt, Prompter
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.remote.growing import THINK, Growing
from kimidesk.engines.remote.lines import Came, Lines
from kimidesk.engines.remote.pace import Pace
from kimidesk.engines.remote.patience import Patience
from kimidesk.engines.remote.pieces import Pieces
from kimidesk.engines.remote.rating import Rating
from kimidesk.engines.remote.request import body_of, check, check_raw, rated_body, raw_body
from kimidesk.engines.remote.requests import Requests
from kimidesk.engines.remote.resuming import Replaced, Resuming
from kimidesk.engines.remote.vocabulary import Ids, Texts, Tongue
from kimidesk.engines.remote.ways import CHAT, RATED, RAW
from kimidesk.engines.remote.window import FIRST, Window
from kimidesk.engines.remote.writing import Writing
from kimidesk.engines.slot import Slot
from kimidesk.engines.vocabulary import continuing
from kimidesk.errors import BadCheckpoint, KimiDeskError, Refused
from kimidesk.records import Attempt, Given, Wish
from kimidesk.wire.messages import OpenCheckpoint

WAIT_S = 0.05  # of a step in which nothing comes; commands are looked at in between
MOST_ROWS = 10_000_000
CUT_S = 10.0  # for a text that is cut into tokens, which takes milliseconds


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
        own = server.info.context  # what is asked counts where it is less, or where none is told
        self.info = replace(
            server.info,
            name=options.name or server.info.name,
            context=min(options.context or own, own) if own else options.context,
            slots=options.slots,
        )
        self._room = self.info.context or MOST_ROWS
        self._pieces = Pieces()
        key = key_of(server.address)
        self._client = client_of(server.address, key)
        self._tongue: Tongue = (
            Ids(server, self._client, key) if server.raw.ids else Texts(server, self._pieces)
        )
        self._client.timeout = CUT_S  # from now on traces wait while a text is cut
        self._prompter = Prompter(self._tongue, server.info.name) if server.raw.used else None
        self._growth = Growth(self._tongue, self._room)
        self._growing: dict[str, Growing | Writing | Rating] = {}
        self._patience = patience or Patience.of(manners)
        self._window = _window_of(options, server)
        self._lines = Lines(server.address, key, self._patience, Pace(manners), self._window)
        self._requests = Requests(server, self._lines)

    @property
    def live(self) -> int:
        return len(self._growing)

    @property
    def room(self) -> int:
        return self._window.size

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
        self._requests.drop(trace)

    def step(self) -> list[Step]:
        """What has come since the last one, or within a twentieth of a second."""
        return [self._requests.noted(step) for step in self._step()]

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
        self._lines.close()
        self._client.close()

    def _ask(self, attempt: Attempt) -> Accepted:
        """By messages: the server renders, counts and closes thoughts."""
        check(self._server, attempt)
        body = body_of(self._server, attempt)
        line = self._requests.begin(attempt, CHAT, body)
        self._growing[attempt.trace] = Growing(attempt, line, self._pieces, self._room)
        return Accepted((), THINK)  # the server does not tell the prompt's tokens

    def _write(self, attempt: Attempt, rendered: Prompt) -> Accepted:
        """By a prompt; the first step asks for what comes after it."""
        prompt = (*rendered.ids, *attempt.prefix)
        self._tongue.prompt((*prompt, *attempt.forced))  # refused at once where it cannot be sent
        if not prompt:
            raise Refused("the prompt is empty")
        self._refuse_length(len(prompt) + 1)
        mind = Mind(attempt.budget, rendered.dialect)
        for id_ in attempt.prefix:
            mind.read(self.piece(id_))
        said = continuing(self._tongue, attempt.force) if attempt.force else ()
        slot = Slot(attempt, list(prompt), mind, deque((*attempt.forced, *said)))
        heed(slot)  # what a wish makes it say is said before the server is asked
        resuming = Resuming(self._server, self._patience)
        writing = Writing(slot, self._growth, self._tongue, resuming, self._room)
        self._growing[attempt.trace] = writing
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
        line = self._requests.begin(attempt, RATED, rated_body(self._server, prompt + said))
        self._growing[attempt.trace] = Rating(attempt, said.encode(), self._tongue, line)
        return Accepted(tuple(rendered.ids), rendered.dialect)

    def _refuse_length(self, need: int) -> None:
        if need > self._room:
            raise Refused(
                f"the prompt is {need - 1:,} tokens; this trace may use {self._room:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )

    def _leave(self, growing: Growing | Writing | Rating) -> None:
        """What its request still brings does not follow what is to be said now."""
        if isinstance(growing, Writing) and growing.due:
            self._requests.hang_up(growing.line)

    def _forget(self, trace: str) -> None:
        growing = self._growing.pop(trace, None)
        if growing is not None:
            self._requests.hang_up(growing.line)
            self._requests.forget(trace)

    def _go_on(self) -> list[Step]:
        """Have the server asked for what traces wait for."""
        steps: list[Step] = []
        for growing in list(self._growing.values()):
            if isinstance(growing, Writing) and growing.due:
                steps += self._told(growing, self._continued(growing))
        return steps

    def _continued(self, growing: Writing) -> Iterator[Step]:
        """What is to be said goes first, then the server is asked to go on after it."""
        if not growing.ready():
            return
        yield from growing.force()
        slot = growing.slot
        prompt = self._tongue.prompt(slot.tokens)
        body = raw_body(self._server, slot.attempt, prompt, done=slot.added, most=growing.most())
        growing.begin(self._requests.begin(slot.attempt, RAW, body))

    def _take(self, came: Came) -> list[Step]:
        trace = self._requests.trace_of(came.line)
        if trace is None:
            return []
        growing = self._growing[trace]
        if not came.over:
            steps = self._told(growing, growing.take(came.chunk))
        elif came.broken:
            steps = self._told(growing, growing.broke(came.trouble))
        else:
            trouble = came.trouble
            last = [growing.fail(trouble, lost=came.lost)] if trouble else growing.done()
            steps = self._told(growing, last)
        self._leave(growing)
        return steps

    def _told(self, growing: Growing | Writing | Rating, steps: Iterable[Step]) -> list[Step]:
        """Steps of one trace up to its end. The vocabulary is asked for in between: where that
        fails, what grew before it stands, and this trace alone has lost its server, or ends."""
        told: list[Step] = []
        try:
            for step in steps:
                told.append(step)
                if step.ended is not None:
                    break
        except Unreachable as error:
            told += growing.broke(error.what)
        except KimiDeskError as error:
            lost = isinstance(error, Replaced)
            told.append(growing.fail(error.what, lost=lost))
        if told and told[-1].ended is not None:
            if not self._server.raw.ids:
                told[-1] = told[-1]._replace(prompt_tokens=growing.prompt_tokens)
            self._forget(told[-1].trace)
        return told


def _window_of(options: OpenCheckpoint, server: Server) -> Window:
    """All that was asked for at once; `gradual`: as many as a server says it takes, else few."""
    if not options.gradual:
        return Window(options.slots)
    if server.slots:
        # One more for eight waits there for a slot to be free, which is then never idle.
        own = server.slots + -(-server.slots // 8)
        return Window(min(options.slots, own))
    return Window(options.slots, FIRST)
