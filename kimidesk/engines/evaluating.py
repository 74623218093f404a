"""What engines with weights have in common: all but the evaluation itself.

Prompts are evaluated in calls of their own, cut at every 256th token, so that the numbers of a
trace depend on its prompt and not on its neighbours; what another trace has evaluated is taken up
(`prefixes`). A step reads prompts up to a limit and gives every growing trace its next token, so
that a long prompt never starves them.
"""

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from kimidesk.engines.growth import Growth
from kimidesk.engines.mind import Mind
from kimidesk.engines.mix import Mix
from kimidesk.engines.prefixes import Held, Prefixes
from kimidesk.engines.prompt import Prompt, Prompter
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.seeing import NO_VIEWS, View
from kimidesk.engines.slot import Look, Slot
from kimidesk.engines.vocabulary import Vocabulary, continuing
from kimidesk.errors import Refused, UsageError
from kimidesk.records import Adapter, Attempt, CheckpointInfo, Ended, Given, Wish
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import BatchStats, Row

READ = 512  # tokens of prompts that one step reads before growing traces get their turn
MOST_SLOTS = 256  # LLAMA_MAX_SEQ

Rows = TypeVar("Rows")
"""Rows of logits, float32 (N, V), where the engine leaves them."""


class Interrupted(Exception):
    """An evaluation was interrupted; the memory may hold a part of it."""


class Unseen(Exception):
    """A picture could not be evaluated; the memory is as it was."""


class NoRoom(Exception):
    """The memory that traces share is full; it is as it was."""


class Evaluating(ABC, Generic[Rows]):
    """Most of `Engine`. A subclass sets every attribute below, and evaluates."""

    _info: CheckpointInfo
    _length: int  # tokens that a trace may use
    _alone: bool  # one trace an evaluation
    _vocabulary: Vocabulary
    _prompter: Prompter
    _growth: Growth
    _prefixes: Prefixes
    _slots: dict[str, Slot]
    _blind: str = "Open a checkpoint with vision, or ask without the picture."
    _chunked = 0  # tokens evaluated as prompts so far

    @property
    def info(self) -> CheckpointInfo:
        return self._info

    @property
    def live(self) -> int:
        return len(self._slots)

    def add(self, attempt: Attempt) -> Accepted:
        self._refuse(attempt)
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        self._refuse_ids(rendered.ids, rendered.seen.views)
        self._refuse_ids((*attempt.prefix, *attempt.forced, *attempt.told.ids))
        if attempt.given is not None:
            return self._replay(attempt, attempt.given, rendered)
        prompt = (*rendered.ids, *attempt.prefix)
        if not prompt:
            raise Refused("the prompt is empty")
        self._refuse_length("the prompt is", len(prompt), len(prompt) + 1)
        mind = Mind(attempt.budget, rendered.dialect)
        for id_ in attempt.prefix:
            mind.read(self.piece(id_))
        said = continuing(self._vocabulary, attempt.force) if attempt.force else ()
        forced = deque((*attempt.forced, *said))
        mix = self._mixed(attempt.adapters)
        views = rendered.seen.views
        self._slots[attempt.trace] = Slot(attempt, list(prompt), mind, forced, mix=mix, views=views)
        return Accepted(prompt, mind.onward(rendered.dialect), rendered.seen.blocks)

    def steer(self, trace: str, wish: Wish) -> None:
        if trace in self._slots:
            self._slots[trace].mind.wish(wish)

    def drop(self, trace: str) -> None:
        slot = self._slots.pop(trace, None)
        if slot is not None and slot.held is not None:
            self._prefixes.release(slot.held)

    def step(self) -> list[Step]:
        waiting = [slot for slot in self._slots.values() if not slot.reading]
        steps = self._read()
        groups = [[slot] for slot in waiting] if self._alone else _together(waiting)
        for group in groups:
            steps += self._advance(group)
        return steps

    def piece(self, token: int) -> bytes:
        return self._vocabulary.piece(token)

    @abstractmethod
    def _mixed(self, adapters: Sequence[Adapter]) -> Mix:
        """The adapters of an attempt, loaded; raises Refused."""

    @abstractmethod
    def _evaluate(self, held: Held, tokens: Sequence[int], keep: int) -> Rows:
        """Evaluate the next tokens of one sequence; at least the rows of the last `keep`.

        Raises Interrupted and NoRoom.
        """

    @abstractmethod
    def _see(self, held: Held, view: View, keep: int) -> Rows:
        """Evaluate a picture, whole; the row of its last token where it is kept.

        Raises as `_evaluate` does, and Unseen.
        """

    @abstractmethod
    def _advance(self, group: list[Slot]) -> list[Step]:
        """Evaluate the last token of each trace, which share a mix, together; let them grow."""

    @abstractmethod
    def _looks(self, rows: Rows, slots: Sequence[Slot]) -> list[Look]:
        """How each trace looks at its row."""

    @abstractmethod
    def _measure(self, rows: Rows, targets: NDArray[np.int64]) -> BatchStats:
        """What rows say of the tokens that were given. Raises ValueError for a broken row."""

    @abstractmethod
    def _kept(self, rows: Rows) -> Row:
        """One row as it is kept."""

    @abstractmethod
    def _again(self, row: Row) -> Rows:
        """A kept row as it was."""

    def _replay(self, attempt: Attempt, given: Given, rendered: Prompt) -> Accepted:
        """Begin a trace whose tokens are given: asked is what the model thinks of them."""
        prompt, ids = self._cut(given, rendered)
        said = [*prompt, *ids]
        mind, mix = Mind(attempt.budget, rendered.dialect), self._mixed(attempt.adapters)
        self._slots[attempt.trace] = Slot(
            attempt,
            said,
            mind,
            deque(),
            prompt=len(prompt),
            mix=mix,
            given=True,
            views=rendered.seen.views,
        )
        return Accepted(prompt, rendered.dialect, rendered.seen.blocks)

    def _cut(self, given: Given, rendered: Prompt) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tokens of the prompt, and those that are given.

        Without messages and a prompt they follow the token that begins a text, or their own first.
        """
        prompt = tuple(rendered.ids)
        ids = given.ids or tuple(continuing(self._vocabulary, given.text))
        if not prompt:
            prompt, ids = ids[:1], ids[1:]
        if not ids:
            raise Refused("there is nothing to replay: the text is empty")
        self._refuse_ids(prompt, rendered.seen.views)
        self._refuse_ids(ids)
        count = len(prompt) + len(ids)
        self._refuse_length("the prompt and the text are", count, count)
        return prompt, ids

    def _read(self) -> list[Step]:
        """Evaluate prompts, first come first served, up to the limit of a step."""
        steps: list[Step] = []
        left = READ
        full = False
        for slot in [slot for slot in self._slots.values() if slot.reading]:
            # Those that wait take their turns in order. Those that are half read go on: what they
            # hold may be the room that is waited for.
            full = full or not (slot.held or self._has_room(slot))
            if full and slot.held is None:
                continue
            while left > 0 and slot.reading and slot.attempt.trace in self._slots:
                before = self._chunked
                try:
                    made = self._rate(slot) if slot.given else self._read_on(slot)
                except Interrupted:
                    return steps
                except Unseen as error:
                    step = Step(slot.attempt.trace, None, Ended.FAILED, reason=str(error))
                    made = self._ended([step])
                except NoRoom:
                    made = self._yield(slot)
                    if not made:
                        return steps
                steps += made
                left -= max(self._chunked - before, 1)  # what is taken up costs none
        return steps

    def _has_room(self, slot: Slot) -> bool:
        """Whether a trace can be read beside the others, and what is half read to its end."""
        begun = (each for each in self._slots.values() if each.held is not None)
        unread = sum(len(each.tokens) - each.evaluated for each in begun if each.reading)
        return self._prefixes.has_room(len(slot.tokens) + unread)

    def _read_on(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a prompt; its last one gives the first token."""
        held, row = self._placed(slot, slot.tokens)
        if row is not None:
            return self._grow([slot], self._again(row))
        start = slot.evaluated
        stop = slot.call_end(start, len(slot.tokens))
        last = stop == len(slot.tokens)
        rows = self._chunk(slot, held, slot.tokens[start:stop], int(last))
        held.read(slot.tokens[start:stop])
        self._prefixes.mark(held)
        if not last:
            return [Step(slot.attempt.trace)]
        self._prefixes.keep_row(held, self._kept(rows))
        return self._grow([slot], rows)

    def _rate(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a given trace; each row tells of the token after it."""
        held, row = self._placed(slot, slot.tokens[: slot.prompt])
        if row is not None:
            return self._rated(slot, self._again(row), slot.prompt, 1)
        start = slot.evaluated
        # A fresh evaluation ends its last call with the prompt, so this one does.
        stop = slot.call_end(start, slot.prompt if start < slot.prompt else len(slot.tokens) - 1)
        if start >= slot.prompt and slot.attempt.given is not None and slot.attempt.given.singly:
            stop = start + 1
        first = max(start, slot.prompt - 1)
        rows = self._chunk(slot, held, slot.tokens[start:stop], max(stop - first, 0))
        if start < slot.prompt:
            held.read(slot.tokens[start:stop])
        else:
            held.tokens += slot.tokens[start:stop]
        self._prefixes.mark(held)
        if stop <= first:
            return [Step(slot.attempt.trace)]
        return self._rated(slot, rows, first + 1, stop - first)

    def _placed(self, slot: Slot, tokens: Sequence[int]) -> tuple[Held, Row | None]:
        """Where a trace is evaluated; the row of all these tokens where it was found just now."""
        slot.begin()
        if slot.held is not None:
            return slot.held, None
        held, row = self._prefixes.place(tokens, mix=slot.mix, fork=slot.attempt.continues)
        slot.held = held
        return held, row

    def _chunk(self, slot: Slot, held: Held, tokens: Sequence[int], keep: int) -> Rows:
        self._chunked += len(tokens)
        try:
            if view := slot.views.get(tokens[0]):
                return self._see(held, view, keep)
            return self._evaluate(held, tokens, keep)
        except Interrupted:
            self._prefixes.forget(held, len(held.tokens))
            raise

    def _rated(self, slot: Slot, rows: Rows, first: int, count: int) -> list[Step]:
        """The `count` tokens from `first` on, which these rows speak of."""
        targets = slot.given_from(first, count)
        return self._ended(self._growth.rated(slot, lambda: self._measure(rows, targets), first))

    def _grow(self, slots: Sequence[Slot], rows: Rows) -> list[Step]:
        """Give each trace its next token from its row."""
        each = zip(slots, self._looks(rows, slots), strict=True)
        return self._ended([self._growth.grow(slot, look) for slot, look in each])

    def _ended(self, steps: list[Step]) -> list[Step]:
        """Drop the traces that have ended; what is broken must not be taken up by another."""
        for step in steps:
            if step.ended is None:
                continue
            held = self._slots[step.trace].held
            if step.ended is Ended.FAILED and held is not None:
                self._prefixes.forget(held)
                self._wipe(held)
            self.drop(step.trace)  # keeps what is held, on the shelf too
        return steps

    def _wipe(self, held: Held) -> None:
        """A sequence held numbers that are none."""

    def _yield(self, slot: Slot) -> list[Step]:
        """The pool is full: a trace gives its memory up until there is room to read it again."""
        if slot.held is None or len(self._slots) == 1:
            return self._ended([Step(slot.attempt.trace, None, Ended.CONTEXT_FULL)])
        self._prefixes.release(slot.held)
        self._prefixes.forget(slot.held)
        slot.held = None
        return []

    def _refuse(self, attempt: Attempt) -> None:
        if attempt.trace in self._slots:
            raise Refused(f"trace {attempt.trace} is growing already")
        if len(self._slots) >= self._info.slots:
            raise Refused(f"all {self._info.slots} slots are busy")
        if not self._info.vision and any(message.images for message in attempt.messages):
            raise Refused(f"{self._info.name} cannot read images", hint=self._blind)

    def _refuse_ids(self, ids: Sequence[int], views: Mapping[int, View] = NO_VIEWS) -> None:
        size = self._vocabulary.size
        wrong = next((id_ for id_ in ids if not 0 <= id_ < size and id_ not in views), None)
        if wrong is not None:
            raise Refused(f"token {wrong} is outside the vocabulary of {size:,}")

    def _refuse_length(self, what: str, count: int, need: int) -> None:
        if need > self._length:
            raise Refused(
                f"{what} {count:,} tokens; this trace may use {self._length:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )


def default_threads() -> int:
    """One fewer than the physical cores, at least 1; with all of them busy OpenMP spins."""
    return max((psutil.cpu_count(logical=False) or 2) - 1, 1)


def check_options(options: OpenCheckpoint) -> None:
    """Raise UsageError for what no engine can be opened with."""
    if options.context < 0:
        raise UsageError(f"context is {options.context}; it must be 0 or more")
    if not 1 <= options.slots <= MOST_SLOTS:
        raise UsageError(f"slots is {options.slots}; it must be 1 to {MOST_SLOTS}")
    if not 0 <= options.keep_gb < math.inf:
        raise UsageError(f"keep_gb is {options.keep_gb}; it must be 0 or more")
    if options.threads < 0:
        raise UsageError(f"threads is {options.threads}; it must be 0 or more")


def _together(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Those that are evaluated together: with the same adapters, and as much apart as they ask."""
    groups: dict[tuple[Mix, bool], list[Slot]] = {}
    for slot in slots:
        groups.setdefault((slot.mix, slot.attempt.apart), []).append(slot)
    return list(groups.values())
