"""PyTorch: grows many traces at once on one checkpoint of transformers.

It works as the llama.cpp engine does: prompts are evaluated alone, cut at every 256th token, up to
a limit a step; then every growing trace gets its next token from one evaluation of all of them;
what another trace has evaluated is taken up.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from torch import Tensor

from kimidesk.checkpoints.describe import Description, describe
from kimidesk.checkpoints.fit import free_memory
from kimidesk.engines.growth import Growth
from kimidesk.engines.mind import Mind
from kimidesk.engines.mix import Mix
from kimidesk.engines.prefixes import CHUNK, Held, Prefixes
from kimidesk.engines.prompt import Prompter
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.pytorch.adapters import Adapters
from kimidesk.engines.pytorch.decoding import Decoding
from kimidesk.engines.pytorch.library import device_for, device_name, version
from kimidesk.engines.pytorch.looking import looks, rated
from kimidesk.engines.pytorch.memory import Interrupted, Memory, bytes_per_token, reading_of
from kimidesk.engines.pytorch.weights import Weights
from kimidesk.engines.shelf import Shelf
from kimidesk.engines.slot import Slot
from kimidesk.errors import ModelError, Refused, TooLarge, UsageError
from kimidesk.records import Adapter, Attempt, CheckpointInfo, Ended, Given, Wish
from kimidesk.settings import cache_folder
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import Row

READ = 512  # tokens of prompts that one step reads before growing traces get their turn
MOST_SLOTS = 256


class PyTorch:
    """Implements `Engine`; see `OpenCheckpoint` for the options.

    `loading` is told fractions from 0 to 1 and cancels by returning False. Raises BadCheckpoint,
    TooLarge and UsageError.
    """

    def __init__(
        self,
        path: Path,
        options: OpenCheckpoint,
        loading: Callable[[float], object] | None = None,
    ) -> None:
        _check(options)
        description = describe(path, ref=options.ref, name=options.name)
        self._length = options.context or description.info.trained_context or 4096
        self._threads = options.threads or default_threads()
        torch.set_num_threads(self._threads)
        self._weights = Weights(path, device_for(options.gpu_layers), loading)
        self.vocabulary = self._weights.vocabulary
        self._adapters = Adapters(self._weights.model)
        self._mix: Mix = ()  # laid over the weights now
        self._mixed(options.adapters, of_all=True)
        self._memory = self._remember(options.slots)
        self._decoding = Decoding(self._weights, self._memory)
        self._prefixes = Prefixes(
            self._memory,
            options.slots,
            exact=options.reproducible,
            shelf=self._shelf(options, description),
        )
        self._prompter = Prompter(self.vocabulary, f"{description.info.name} {path.stem}")
        self._growth = Growth(self.vocabulary, self._length)
        self._alone = options.reproducible
        self._slots: dict[str, Slot] = {}
        self._info = replace(
            description.info,
            engine=version(),
            device=device_name(self._weights.device),
            parameters=description.info.parameters or self._weights.parameters,
            vocabulary=self.vocabulary.size,
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
        if attempt.given is not None:
            return self._replay(attempt, attempt.given)
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        prompt = (*rendered.ids, *attempt.prefix)
        if not prompt:
            raise Refused("the prompt is empty")
        self._refuse_length("the prompt is", len(prompt), len(prompt) + 1)
        mind = Mind(attempt.budget, rendered.dialect)
        for id_ in attempt.prefix:
            mind.read(self.piece(id_))
        forced = deque(self.vocabulary.continuing(attempt.force) if attempt.force else ())
        mix = self._mixed(attempt.adapters)
        self._slots[attempt.trace] = Slot(attempt, list(prompt), mind, forced, mix=mix)
        return Accepted(prompt, mind.onward(rendered.dialect))

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
        groups = [[slot] for slot in waiting] if self._alone else _by_mix(waiting)
        for group in groups:
            steps += self._advance(group)
        return steps

    def interrupt(self) -> None:
        self._memory.interrupt()

    def piece(self, token: int) -> bytes:
        return self.vocabulary.piece(token)

    def hidden(self, ids: Sequence[int], layers: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """What stands after the given layers for each of the tokens, float32 (T, D).

        Layer 0 is the embedding, layer n what the n-th block leaves; after the last one stands what
        the final norm makes of it. Raises Refused for ids or layers that are not there.
        """
        self._refuse_ids(ids)
        self._refuse_length("the text is", len(ids), len(ids))
        try:
            return self._weights.hidden(ids, layers)
        except ValueError as error:
            raise Refused(str(error)) from error

    def close(self) -> None:
        self._slots.clear()
        self._decoding.close()
        self._weights.close()
        del self._memory

    def _remember(self, slots: int) -> Memory:
        """The memory, empty. Linux grants memory that it does not have; so it is counted first."""
        like = self._weights.like
        need = bytes_per_token(like) * self._length * slots
        free = (
            free_memory()
            if self._weights.device.type == "cpu"
            else torch.cuda.mem_get_info(self._weights.device)[0]
        )
        if need > free:
            most = free // (bytes_per_token(like) * slots)
            raise TooLarge(
                f"{slots} x {self._length:,} tokens need {need / 1e9:,.1f} GB for keys and values; "
                f"{free / 1e9:,.1f} GB of memory is free beside the weights",
                hint=f"The largest context that fits is {most:,} tokens.",
            )
        return Memory(like, slots, self._length)

    def _shelf(self, options: OpenCheckpoint, description: Description) -> Shelf | None:
        if not options.keep_gb:
            return None
        key = "/".join((description.info.fingerprint, version(), str(self._weights.dtype)))
        return Shelf(cache_folder() / "sequences", key, int(options.keep_gb * 1e9))

    def _replay(self, attempt: Attempt, given: Given) -> Accepted:
        """Begin a trace whose tokens are given: all that is asked is what the model thinks of it.

        Without messages and a prompt it follows the token that begins a text, or its own first.
        """
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        prompt = tuple(rendered.ids)
        ids = given.ids or tuple(self.vocabulary.continuing(given.text))
        if not prompt:
            prompt, ids = ids[:1], ids[1:]
        if not ids:
            raise Refused("there is nothing to replay: the text is empty")
        said = [*prompt, *ids]
        self._refuse_ids(said)
        self._refuse_length("the prompt and the text are", len(said), len(said))
        mind = Mind(attempt.budget, rendered.dialect)
        self._slots[attempt.trace] = Slot(
            attempt,
            said,
            mind,
            deque(),
            prompt=len(prompt),
            mix=self._mixed(attempt.adapters),
            given=True,
        )
        return Accepted(prompt, rendered.dialect)

    def _read(self) -> list[Step]:
        """Evaluate prompts, first come first served, up to the limit of a step."""
        steps: list[Step] = []
        left = READ
        for slot in [slot for slot in self._slots.values() if slot.reading]:
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
            slot.held, row = self._place(slot, slot.tokens)
            if row is not None:
                return self._grow([slot], self._on_device(row))
        held, start = slot.held, slot.evaluated
        stop = min((start // CHUNK + 1) * CHUNK, len(slot.tokens))
        logits = self._evaluate_one(held, slot.tokens[start:stop], 1)
        if logits is None:
            return []
        held.read(slot.tokens[start:stop])
        if stop < len(slot.tokens):
            return [Step(slot.attempt.trace)]
        self._prefixes.keep_row(held, logits[0].cpu().numpy())
        return self._grow([slot], logits)

    def _rate(self, slot: Slot) -> list[Step]:
        """Evaluate the next chunk of a given trace; each row tells of the token after it."""
        slot.begin()
        if slot.held is None:
            slot.held, row = self._place(slot, slot.tokens[: slot.prompt])
            if row is not None:
                return self._rated(slot, self._on_device(row), slot.prompt)
        held, start = slot.held, slot.evaluated
        singly = slot.attempt.given is not None and slot.attempt.given.singly
        beyond = start + 1 if singly and start >= slot.prompt else (start // CHUNK + 1) * CHUNK
        # A fresh evaluation ends its last call with the prompt, so this one does.
        stop = min(beyond, slot.prompt if start < slot.prompt else len(slot.tokens) - 1)
        first = max(start, slot.prompt - 1)
        logits = self._evaluate_one(held, slot.tokens[start:stop], max(stop - first, 1))
        if logits is None:
            return []
        if start < slot.prompt:
            held.read(slot.tokens[start:stop])
        else:
            held.tokens += slot.tokens[start:stop]
        if stop <= first:
            return [Step(slot.attempt.trace)]
        return self._rated(slot, logits, first + 1)

    def _rated(self, slot: Slot, logits: Tensor, first: int) -> list[Step]:
        """The tokens from `first` on, which these rows speak of."""
        targets = slot.given_from(first, len(logits))
        steps = self._growth.rated(slot, lambda: rated(logits, targets, self._threads), first)
        return self._ended(steps)

    def _mixed(self, adapters: Sequence[Adapter], *, of_all: bool = False) -> Mix:
        """The adapters of an attempt, or those that are to be at hand, loaded."""
        try:
            return self._adapters.mix(adapters)
        except Refused as error:
            if of_all:  # nothing can be opened so
                raise ModelError(error.what, hint=error.hint) from error
            raise
        finally:
            self._mix = ()  # loading lays none

    def _lay(self, mix: Mix) -> None:
        if mix != self._mix:
            self._adapters.lay(mix)
            self._decoding.forget()
            self._mix = mix

    def _place(self, slot: Slot, tokens: Sequence[int]) -> tuple[Held, Row | None]:
        return self._prefixes.place(tokens, mix=slot.mix, fork=slot.attempt.continues)

    def _evaluate_one(self, held: Held, tokens: Sequence[int], keep: int) -> Tensor | None:
        """The next tokens of one sequence; logits (keep, V), None where it was interrupted."""
        self._lay(held.mix)
        device = self._weights.device
        reading = reading_of([held.sequence], [len(held.tokens)], len(tokens), device)
        ids = torch.tensor([list(tokens)]).to(device)
        try:
            return self._weights.evaluate(ids, self._memory, reading, keep)[0]
        except Interrupted:
            return None

    def _advance(self, group: list[Slot]) -> list[Step]:
        """Evaluate the last token of each trace together; let them grow."""
        together = sorted(
            ((slot, slot.held) for slot in group if slot.held is not None),
            key=lambda pair: pair[1].sequence,
        )
        if not together:
            return []
        self._lay(group[0].mix)
        try:
            logits = self._decoding.evaluate(
                [slot.tokens[-1] for slot, _ in together],
                [held.sequence for _, held in together],
                [len(held.tokens) for _, held in together],
            )
        except Interrupted:
            return []
        for slot, held in together:
            held.tokens.append(slot.tokens[-1])
        return self._grow([slot for slot, _ in together], logits)

    def _grow(self, slots: Sequence[Slot], logits: Tensor) -> list[Step]:
        """Give each trace its next token from its row of `logits` (B, V)."""
        each = zip(slots, looks(logits, slots, self._threads), strict=True)
        return self._ended([self._growth.grow(slot, look) for slot, look in each])

    def _ended(self, steps: list[Step]) -> list[Step]:
        """Drop the traces that have ended; what is broken must not be taken up by another."""
        for step in steps:
            if step.ended is None:
                continue
            slot = self._slots[step.trace]
            self.drop(step.trace)
            if step.ended is Ended.FAILED and slot.held is not None:
                self._prefixes.forget(slot.held)
                self._memory.wipe(slot.held.sequence)
        return steps

    def _on_device(self, row: Row) -> Tensor:
        return torch.from_numpy(row[np.newaxis]).to(self._weights.device)

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
        size = self.vocabulary.size
        wrong = next((id_ for id_ in ids if not 0 <= id_ < size), None)
        if wrong is not None:
            raise Refused(f"token {wrong} is outside the vocabulary of {size:,}")

    def _refuse_length(self, what: str, count: int, need: int) -> None:
        if need > self._length:
            raise Refused(
                f"{what} {count:,} tokens; this trace may use {self._length:,}",
                hint="Open the checkpoint with a larger context (--context).",
            )


def _by_mix(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Those that can be evaluated together."""
    groups: dict[Mix, list[Slot]] = {}
    for slot in slots:
        groups.setdefault(slot.mix, []).append(slot)
    return list(groups.values())


def default_threads() -> int:
    """One fewer than the physical cores, at least 1: the face and the grader need one too."""
    return max((psutil.cpu_count(logical=False) or 2) - 1, 1)


def _check(options: OpenCheckpoint) -> None:
    if options.context < 0:
        raise UsageError(f"context is {options.context}; it must be 0 or more")
    if not 1 <= options.slots <= MOST_SLOTS:
        raise UsageError(f"slots is {options.slots}; it must be 1 to {MOST_SLOTS}")
    if options.threads < 0:
        raise UsageError(f"threads is {options.threads}; it must be 0 or more")
    if not 0 <= options.keep_gb < math.inf:
        raise UsageError(f"keep_gb is {options.keep_gb}; it must be 0 or more")
    other = options.kv_type != "f16" or options.flash != "auto"
    if options.pool or options.draft or other:
        raise UsageError(
            "the torch engine has no pool, guesses no tokens, keeps keys and values as it computes "
            "them, and chooses its attention by itself",
            hint="Leave out --pool, --draft, --kv-type and --flash-attention.",
        )
