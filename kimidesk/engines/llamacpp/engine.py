"""LlamaCpp: grows many traces at once on one GGUF checkpoint.

Prompts are evaluated in calls of their own, cut at every 256th token, so that the numbers of a
trace depend on its prompt and not on its neighbours. A row of logits is read where the
evaluation left it, once: no second pass, no copy.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil

from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.fit import check_fit
from kimidesk.engines.llamacpp.context import MOST_SEQUENCES, Context, Outcome
from kimidesk.engines.llamacpp.library import offloads, version
from kimidesk.engines.llamacpp.prompt import Prompter
from kimidesk.engines.llamacpp.slot import Slot
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.mind import Mind
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.errors import Refused, UsageError
from kimidesk.records import Attempt, CheckpointInfo, Ended
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import Row

CHUNK = 256  # tokens of a prompt in one call; another grid gives other roundings


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
            check_fit(description, self._length, options.slots)
        self._weights = Weights(path, options.gpu_layers, loading)
        try:
            self._prompter = Prompter(self._weights, f"{description.info.name} {path.stem}")
            self._context = Context(
                self._weights,
                self._length,
                options.slots,
                options.threads or default_threads(),
            )
        except BaseException:
            self._weights.close()
            raise
        self._alone = options.reproducible
        self._free = list(range(options.slots))
        self._slots: dict[str, Slot] = {}
        self._info = replace(
            description.info,
            engine=version(),
            device=self._weights.device,
            context=self._length,
            slots=options.slots,
        )

    @property
    def info(self) -> CheckpointInfo:
        return self._info

    @property
    def live(self) -> int:
        return len(self._slots)

    def add(self, attempt: Attempt) -> Accepted:
        self._refuse(attempt)
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking)
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
        self._slots[attempt.trace] = Slot(attempt, self._free.pop(0), prompt, mind, forced)
        return Accepted(prompt, mind.onward(rendered.dialect))

    def drop(self, trace: str) -> None:
        slot = self._slots.pop(trace, None)
        if slot is not None:
            self._context.forget(slot.sequence)
            self._free = sorted([*self._free, slot.sequence])

    def step(self) -> list[Step]:
        reading = next((slot for slot in self._slots.values() if slot.reading), None)
        waiting = [slot for slot in self._slots.values() if slot.pending is not None]
        steps = self._read_on(reading) if reading is not None else []
        groups = [[slot] for slot in waiting] if self._alone else [waiting]
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
        self._context.close()
        self._weights.close()

    def _read_on(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a prompt; its last one gives the first token."""
        start = slot.read
        stop = min(start + CHUNK, len(slot.prompt))
        last = stop == len(slot.prompt)
        slot.begin()
        wanted = [False] * (stop - start - 1) + [last]
        outcome = self._context.evaluate(
            slot.prompt[start:stop], range(start, stop), [slot.sequence] * (stop - start), wanted
        )
        if outcome is Outcome.NO_ROOM:
            return [self._end(slot, Ended.CONTEXT_FULL)]
        if outcome is Outcome.INTERRUPTED:
            self._context.forget(slot.sequence, start)
            return []
        slot.read = stop
        if not last:
            return [Step(slot.attempt.trace)]
        return [self._grow(slot, self._context.logits(stop - start - 1))]

    def _advance(self, group: list[Slot]) -> list[Step]:
        """Evaluate the last token of each trace together, and give each its next one."""
        if not group:
            return []
        tokens = [slot.pending for slot in group if slot.pending is not None]
        positions = [slot.length - 1 for slot in group]
        sequences = [slot.sequence for slot in group]
        outcome = self._context.evaluate(tokens, positions, sequences, [True] * len(group))
        if outcome is Outcome.DONE:
            # All rows are of this one evaluation, so all are read before the next.
            return [self._grow(slot, self._context.logits(row)) for row, slot in enumerate(group)]
        if outcome is Outcome.INTERRUPTED:
            for slot in group:
                self._context.forget(slot.sequence, slot.length - 1)
            return []
        if len(group) == 1:
            return [self._end(group[0], Ended.CONTEXT_FULL)]
        return [step for slot in group for step in self._advance([slot])]

    def _grow(self, slot: Slot, logits: Row) -> Step:
        """Give a trace its next token from the row that its last one left."""
        if not slot.forced and (due := slot.mind.due()):
            slot.forced.extend(self._weights.continuing(due))
        try:
            token = slot.grow(logits)
        except ValueError as error:
            reason = f"the weights give numbers that are broken (bit rot?): {error}"
            return self._end(slot, Ended.FAILED)._replace(reason=reason)
        slot.mind.spend(self.piece(token.id))
        ended = self._why_ended(slot, token.id, forced=token.forced)
        if ended is None:
            return Step(slot.attempt.trace, token)
        closing = int(ended is Ended.ANSWERED)
        return self._end(slot, ended)._replace(token=token, closing=closing)

    def _why_ended(self, slot: Slot, token: int, *, forced: bool) -> Ended | None:
        if token in self._weights.ends and not forced:
            return Ended.ANSWERED
        if slot.mind.spent and not slot.forced:
            return Ended.BUDGET
        return Ended.CONTEXT_FULL if slot.length >= self._length else None

    def _end(self, slot: Slot, ended: Ended) -> Step:
        self.drop(slot.attempt.trace)
        return Step(slot.attempt.trace, None, ended)

    def _refuse(self, attempt: Attempt) -> None:
        name, size = self._info.name, self._weights.size
        if attempt.trace in self._slots:
            raise Refused(f"trace {attempt.trace} is growing already")
        if not self._free:
            raise Refused(f"all {self._info.slots} slots are busy")
        if any(message.images for message in attempt.messages):
            raise Refused(
                f"{name} cannot read images",
                hint="Open a checkpoint with vision, or ask without the picture.",
            )
        wrong = [id_ for id_ in attempt.prefix if not 0 <= id_ < size]
        if wrong:
            raise Refused(f"token {wrong[0]} is outside the vocabulary of {size:,}")


def default_threads() -> int:
    """One fewer than the physical cores, at least 1; with all of them busy OpenMP spins."""
    return max((psutil.cpu_count(logical=False) or 2) - 1, 1)


def _check(options: OpenCheckpoint) -> None:
    if options.context < 0:
        raise UsageError(f"context is {options.context}; it must be 0 or more")
    if not 1 <= options.slots <= MOST_SEQUENCES:
        raise UsageError(f"slots is {options.slots}; it must be 1 to {MOST_SEQUENCES}")
    if options.threads < 0:
        raise UsageError(f"threads is {options.threads}; it must be 0 or more")
