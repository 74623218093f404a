"""LlamaCpp: grows many traces at once on one GGUF checkpoint.

Prompts are evaluated in calls of their own, cut at every 256th token, so that the numbers of a
trace depend on its prompt and not on its neighbours; what another trace has evaluated is taken up
(`prefixes`). A step reads prompts up to a limit and gives every growing trace its next token, so
that a long prompt never starves them. A row of logits is read where the evaluation left it, once:
no second pass, no copy.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.fit import CACHE_TYPES, check_fit
from kimidesk.checkpoints.parts import parts_of
from kimidesk.engines.growth import Growth
from kimidesk.engines.llamacpp.adapters import Adapters
from kimidesk.engines.llamacpp.context import BATCH, MOST_SEQUENCES, Context, Outcome
from kimidesk.engines.llamacpp.guessing import guesser
from kimidesk.engines.llamacpp.library import offloads, version
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.mind import Mind
from kimidesk.engines.mix import Mix
from kimidesk.engines.prefixes import CHUNK, Held, Prefixes
from kimidesk.engines.prompt import Prompter
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.shelf import Shelf
from kimidesk.engines.slot import Slot
from kimidesk.errors import ModelError, Refused, UsageError
from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Ended,
    Given,
    Wish,
)
from kimidesk.settings import cache_folder
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import Row, Rows, batch_token_stats

SPARE = 16  # sequences beyond those that grow, for finished ones
MOST_GUESSES = 64  # more are hardly ever right
READ = 512  # tokens of prompts that one step reads before growing traces get their turn


class Turn(NamedTuple):
    """What one evaluation takes of a trace."""

    slot: Slot
    held: Held
    tokens: list[int]  # its last one, and those that are guessed to follow


class LlamaCpp:
    """Implements `Engine`; see `OpenCheckpoint` for the options.

    `loading` is told fractions from 0 to 1 and cancels by returning False. Raises BadCheckpoint,
    TooLarge and ModelError.
    """

    def __init__(
        self,
        path: Path,
        options: OpenCheckpoint,
        loading: Callable[[float], object] | None = None,
    ) -> None:
        _check(options)
        description = describe(path, ref=options.ref, name=options.name)
        self._length = options.context or description.info.trained_context
        if not offloads(options.gpu_layers):
            # Linux grants memory that it does not have, and later kills the process for it.
            many = (options.pool, 1) if options.pool else (self._length, options.slots)
            check_fit(description, *many, kv_type=options.kv_type, flash=options.flash)
        self._weights = Weights(parts_of(path)[0], options.gpu_layers, loading)
        try:
            self._prompter = Prompter(self._weights, f"{description.info.name} {path.stem}")
            self._growth = Growth(self._weights, self._length)
            self._threads = options.threads or default_threads()
            self._options = options
            self._adapters = Adapters(self._weights)
            self._shelf = _shelf(options, description.info.fingerprint)
            self._adapters.mix(options.adapters)
            self._remember()
            self._guesser = guesser(
                options.draft,
                self._weights,
                self._length,
                options.slots,
                self._threads,
                options.gpu_layers,
            )
        except BaseException as error:
            if hasattr(self, "_context"):
                self._context.close()
            self._weights.close()
            if isinstance(error, Refused):  # an adapter does not fit: nothing can be opened so
                raise ModelError(error.what, hint=error.hint) from error
            raise
        self._alone = options.reproducible
        self._slots: dict[str, Slot] = {}
        self._info = replace(
            description.info,
            engine=version(),
            device=self._weights.device,
            context=self._length,
            slots=options.slots,
        )

    def _remember(self) -> None:
        """Make the memory, empty, with room for the adapters that are loaded by now."""
        options = self._options
        self._context = Context(
            self._weights,
            self._length,
            options.slots,
            self._threads,
            pool=options.pool,
            kv_type=options.kv_type,
            flash=options.flash,
            sequences=min(options.slots + SPARE, MOST_SEQUENCES),
        )
        self._prefixes = Prefixes(
            self._context,
            self._context.sequences,
            exact=options.reproducible,
            idle=self._length if self._context.shared else None,
            cuttable=self._weights.cuttable,
            shelf=self._shelf,
        )
        self._adapters.grown = False
        self._mix: Mix = ()  # laid over the weights now

    @property
    def info(self) -> CheckpointInfo:
        return self._info

    @property
    def live(self) -> int:
        return len(self._slots)

    def add(self, attempt: Attempt) -> Accepted:
        self._refuse(attempt)
        if attempt.given is not None:
            return self._replay(attempt, attempt.given)
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        prompt = (*rendered.ids, *attempt.prefix)
        if len(prompt) + 1 > self._length:
            raise Refused(
                f"the prompt is {len(prompt):,} tokens; this trace may use {self._length:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )
        if not prompt:
            raise Refused("the prompt is empty")
        mind = Mind(attempt.budget, rendered.dialect)
        for id_ in attempt.prefix:
            mind.read(self.piece(id_))
        forced = deque(self._weights.continuing(attempt.force) if attempt.force else ())
        mix = self._mixed(attempt)
        self._slots[attempt.trace] = Slot(attempt, list(prompt), mind, forced, mix=mix)
        return Accepted(prompt, mind.onward(rendered.dialect))

    def _replay(self, attempt: Attempt, given: Given) -> Accepted:
        """Begin a trace whose tokens are given: all that is asked is what the model thinks of it.

        Without messages and a prompt it follows the token that begins a text, or its own first.
        """
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        prompt = tuple(rendered.ids)
        ids = given.ids or tuple(self._weights.continuing(given.text))
        if not prompt:
            prompt, ids = ids[:1], ids[1:]
        if not ids:
            raise Refused("there is nothing to replay: the text is empty")
        self._refuse_ids((*prompt, *ids))
        if len(prompt) + len(ids) > self._length:
            raise Refused(
                f"the prompt and the text are {len(prompt) + len(ids):,} tokens; this trace may"
                f" use {self._length:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )
        mind = Mind(attempt.budget, rendered.dialect)
        mix, said = self._mixed(attempt), [*prompt, *ids]
        slot = Slot(attempt, said, mind, deque(), prompt=len(prompt), mix=mix, given=True)
        self._slots[attempt.trace] = slot
        return Accepted(prompt, rendered.dialect)

    def _mixed(self, attempt: Attempt) -> Mix:
        """The attempt's adapters, loaded; growing traces are read again after a new one."""
        mix = self._adapters.mix(attempt.adapters)
        if self._adapters.grown:
            for slot in self._slots.values():
                slot.held = None
            self._context.close()
            self._remember()
        return mix

    def steer(self, trace: str, wish: Wish) -> None:
        if trace in self._slots:
            self._slots[trace].mind.wish(wish)

    def drop(self, trace: str) -> None:
        slot = self._slots.pop(trace, None)
        if self._guesser is not None:
            self._guesser.forget(trace)
        if slot is not None and slot.held is not None:
            self._prefixes.release(slot.held)

    def step(self) -> list[Step]:
        waiting = [slot for slot in self._slots.values() if not slot.reading]
        steps = self._read()
        groups = [[slot] for slot in waiting] if self._alone else _by_mix(waiting)
        for group in groups:
            steps += self._advance(group)
        return steps

    def piece(self, token: int) -> bytes:
        return self._weights.piece(token)

    def interrupt(self) -> None:
        """Make a running `step` return early, from another thread; nothing is lost by it."""
        self._context.interrupt()

    def close(self) -> None:
        self._slots.clear()
        if self._guesser is not None:
            self._guesser.close()
        self._context.close()
        self._weights.close()

    def _read(self) -> list[Step]:
        """Evaluate prompts, first come first served, up to the limit of a step."""
        steps: list[Step] = []
        left = READ
        for slot in [slot for slot in self._slots.values() if slot.reading]:
            if slot.held is None and not self._prefixes.has_room(len(slot.tokens)):
                break  # those that wait take their turns in order
            while left > 0 and slot.reading and slot.attempt.trace in self._slots:
                before = slot.evaluated
                made = self._rate(slot) if slot.given else self._read_on(slot)
                if not made:
                    return steps  # interrupted
                steps += made
                left -= max(slot.evaluated - before, 1)
        return steps

    def _read_on(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a prompt; its last one gives the first token."""
        slot.begin()
        if slot.held is None:
            slot.held, row = self._prefixes.place(
                slot.tokens, mix=slot.mix, fork=slot.attempt.continues
            )
            if row is not None:
                return [self._grow(slot, row)]
        held, start = slot.held, slot.evaluated
        stop = min((start // CHUNK + 1) * CHUNK, len(slot.tokens))
        last = stop == len(slot.tokens)
        outcome = self._evaluate(
            slot.tokens[start:stop],
            range(start, stop),
            [held.sequence] * (stop - start),
            [False] * (stop - start - 1) + [last],
            slot.mix,
        )
        if outcome is Outcome.NO_ROOM:
            return self._yield(slot)
        if outcome is Outcome.INTERRUPTED:
            self._prefixes.forget(held, start)
            return []
        held.read(slot.tokens[start:stop])
        if not last:
            return [Step(slot.attempt.trace)]
        logits = self._context.logits(stop - start - 1)
        self._prefixes.keep_row(held, logits)
        return [self._grow(slot, logits)]

    def _rate(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a given trace; each row tells of the token after it."""
        slot.begin()
        if slot.held is None:
            slot.held, row = self._prefixes.place(
                slot.tokens[: slot.prompt], mix=slot.mix, fork=slot.attempt.continues
            )
            if row is not None:
                return self._rated(slot, row[np.newaxis], slot.prompt)
        held, start = slot.held, slot.evaluated
        singly = slot.attempt.given is not None and slot.attempt.given.singly
        beyond = start + 1 if singly and start >= slot.prompt else (start // CHUNK + 1) * CHUNK
        # A fresh evaluation ends its last call with the prompt, so this one does.
        stop = min(beyond, slot.prompt if start < slot.prompt else len(slot.tokens) - 1)
        first = max(start, slot.prompt - 1)
        wanted = [place >= first for place in range(start, stop)]
        outcome = self._evaluate(
            slot.tokens[start:stop],
            range(start, stop),
            [held.sequence] * (stop - start),
            wanted,
            slot.mix,
        )
        if outcome is Outcome.NO_ROOM:
            return self._yield(slot)
        if outcome is Outcome.INTERRUPTED:
            self._prefixes.forget(held, start)
            return []
        if start < slot.prompt:
            held.read(slot.tokens[start:stop])
        else:
            held.tokens += slot.tokens[start:stop]
        if stop <= first:
            return [Step(slot.attempt.trace)]
        return self._rated(slot, self._context.rows(first - start, stop - first), first + 1)

    def _rated(self, slot: Slot, rows: Rows, first: int) -> list[Step]:
        """The tokens from `first` on, which these rows speak of."""
        targets = slot.given_from(first, len(rows))
        steps = self._growth.rated(
            slot, lambda: batch_token_stats(rows, targets, threads=self._threads), first
        )
        if steps and steps[-1].ended is not None:
            self.drop(slot.attempt.trace)
        return steps

    def _advance(self, group: list[Slot]) -> list[Step]:
        """Evaluate the last token of each trace, and what is guessed, together; let them grow."""
        together = [
            Turn(slot, slot.held, [slot.tokens[-1], *self._guess(slot, len(group))])
            for slot in group
            if slot.held is not None
        ]
        if not together:
            return []
        outcome = self._evaluate(
            [token for turn in together for token in turn.tokens],
            [slot.evaluated + n for slot, _, tokens in together for n in range(len(tokens))],
            [held.sequence for _, held, tokens in together for _ in tokens],
            [True] * sum(len(turn.tokens) for turn in together),
            group[0].mix,
        )
        if outcome is Outcome.DONE:
            # All rows are of this one evaluation, so all are read before the next.
            steps: list[Step] = []
            first = 0
            for turn in together:
                steps += self._take(turn, first)
                first += len(turn.tokens)
            return steps
        if outcome is Outcome.INTERRUPTED:
            for turn in together:
                self._prefixes.forget(turn.held, len(turn.held.tokens))
            return []
        # The youngest makes room for the others, and goes on when one of them has ended.
        *others, youngest = group
        return [*self._yield(youngest), *self._advance(others)]

    def _guess(self, slot: Slot, traces: int) -> list[int]:
        """Tokens that may follow those of a trace, as many as its memory and a batch can take."""
        if self._guesser is None or slot.forced:
            return []
        most = min(self._options.guesses, BATCH // traces - 1, self._length - len(slot.tokens))
        return self._guesser.guess(slot.attempt.trace, slot.tokens, most) if most > 0 else []

    def _take(self, turn: Turn, first: int) -> list[Step]:
        """Let a trace grow from the rows from `first` on, as far as what was guessed is drawn."""
        slot, held, tokens = turn
        steps: list[Step] = []
        for place, token in enumerate(tokens):
            held.tokens.append(token)
            steps.append(self._grow(slot, self._context.logits(first + place)))
            rest = tokens[place + 1 :]
            if steps[-1].ended is not None or slot.tokens[-1:] != rest[:1]:
                if rest:
                    self._prefixes.forget(held, len(held.tokens))
                break
        return steps

    def _yield(self, slot: Slot) -> list[Step]:
        """The pool is full: a trace gives its memory up until there is room to read it again."""
        if slot.held is None or len(self._slots) == 1:
            return [self._end(slot, Ended.CONTEXT_FULL)]
        self._prefixes.release(slot.held)
        self._prefixes.forget(slot.held)
        slot.held = None
        return []

    def _evaluate(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
        mix: Mix,
    ) -> Outcome:
        """Evaluate, dropping what is merely kept where it takes the room."""
        if mix != self._mix:
            self._context.lay(self._adapters.laid(mix))
            self._mix = mix
        outcome = self._context.evaluate(tokens, positions, sequences, wanted)
        while outcome is Outcome.NO_ROOM and self._prefixes.make_room():
            outcome = self._context.evaluate(tokens, positions, sequences, wanted)
        return outcome

    def _grow(self, slot: Slot, logits: Row) -> Step:
        """Give a trace its next token from the row that its last one left."""
        step = self._growth.grow(slot, slot.look(logits))
        if step.ended is not None:
            self.drop(slot.attempt.trace)
        return step

    def _end(self, slot: Slot, ended: Ended) -> Step:
        self.drop(slot.attempt.trace)
        return Step(slot.attempt.trace, None, ended)

    def _refuse(self, attempt: Attempt) -> None:
        name = self._info.name
        if attempt.trace in self._slots:
            raise Refused(f"trace {attempt.trace} is growing already")
        if len(self._slots) >= self._info.slots:
            raise Refused(f"all {self._info.slots} slots are busy")
        if any(message.images for message in attempt.messages):
            raise Refused(
                f"{name} cannot read images",
                hint="Open a checkpoint with vision, or ask without the picture.",
            )
        self._refuse_ids((*attempt.prompt, *attempt.prefix))

    def _refuse_ids(self, ids: Sequence[int]) -> None:
        size = self._weights.size
        wrong = next((id_ for id_ in ids if not 0 <= id_ < size), None)
        if wrong is not None:
            raise Refused(f"token {wrong} is outside the vocabulary of {size:,}")


def _shelf(options: OpenCheckpoint, checkpoint: str) -> Shelf | None:
    """Where long sequences are kept: what is in a key changes the bytes of their memory."""
    if not options.keep_gb:
        return None
    apart = "pool" if options.pool else "apart"
    key = "/".join((checkpoint, version(), options.kv_type, options.flash, apart))
    return Shelf(cache_folder() / "sequences", key, int(options.keep_gb * 1e9))


def _by_mix(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Those that can be evaluated together; one group, empty, where there are none."""
    groups: dict[Mix, list[Slot]] = {}
    for slot in slots:
        groups.setdefault(slot.mix, []).append(slot)
    return list(groups.values())


def default_threads() -> int:
    """One fewer than the physical cores, at least 1; with all of them busy OpenMP spins."""
    return max((psutil.cpu_count(logical=False) or 2) - 1, 1)


def _check(options: OpenCheckpoint) -> None:
    if options.context < 0:
        raise UsageError(f"context is {options.context}; it must be 0 or more")
    if not 1 <= options.slots <= MOST_SEQUENCES:
        raise UsageError(f"slots is {options.slots}; it must be 1 to {MOST_SEQUENCES}")
    if options.pool and (options.reproducible or options.pool < options.context):
        raise UsageError(
            f"the pool is {options.pool:,} tokens; it must hold a trace of {options.context:,}, "
            "and reproducible traces share none"
        )
    if options.kv_type not in CACHE_TYPES:
        raise UsageError(
            f"keys and values cannot be kept as {options.kv_type!r}",
            hint=f"Known: {', '.join(CACHE_TYPES)}.",
        )
    if not 0 <= options.keep_gb < math.inf:
        raise UsageError(f"keep_gb is {options.keep_gb}; it must be 0 or more")
    if not 1 <= options.guesses <= MOST_GUESSES:
        raise UsageError(f"guesses is {options.guesses}; it must be 1 to {MOST_GUESSES}")
    if options.threads < 0:
        raise UsageError(f"threads is {options.threads}; it must be 0 or more")
