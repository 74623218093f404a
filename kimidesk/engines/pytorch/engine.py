"""PyTorch: grows many traces at once on one checkpoint of transformers."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kimidesk.checkpoints.describe import Description, describe
from kimidesk.engines.evaluating import (
    Evaluating,
    Interrupted,
    check_options,
    default_threads,
)
from kimidesk.engines.growth import Growth
from kimidesk.engines.mix import Mix
from kimidesk.engines.positions import Span
from kimidesk.engines.prefixes import Held, Prefixes
from kimidesk.engines.prompt import Prompter
from kimidesk.engines.protocol import Revealed, Step
from kimidesk.engines.pytorch.adapters import Adapters
from kimidesk.engines.pytorch.decoding import Decoding
from kimidesk.engines.pytorch.library import device_for, device_name, version
from kimidesk.engines.pytorch.looking import looks, rated
from kimidesk.engines.pytorch.memory import Memory, reading_of
from kimidesk.engines.pytorch.room import check_hidden, check_memory, check_weights, context_of
from kimidesk.engines.pytorch.vision import Eyes, Looked, eyes_of
from kimidesk.engines.pytorch.weights import NOTHING_SEEN, OTHER_ENGINE, Weights
from kimidesk.engines.seeing import Gallery, View
from kimidesk.engines.shelf import Shelf
from kimidesk.engines.slot import Look, Slot
from kimidesk.errors import ModelError, Refused, UsageError
from kimidesk.reading.placing import placing_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Adapter, Attempt
from kimidesk.settings import cache_folder
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import BatchStats, Row


class PyTorch(Evaluating[Tensor]):
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
        self._threads = options.threads or default_threads()
        torch.set_num_threads(self._threads)
        device = device_for(options.gpu_layers)
        check_weights(description, device)
        self._weights = Weights(path, device, loading)
        trained = description.info.trained_context
        self._length = context_of(options.context, trained, self._weights.reach)
        self._vocabulary = self._weights.vocabulary
        self._adapters = Adapters(self._weights.model)
        self._mixed(options.adapters, of_all=True)
        eyes, why_blind = self._eyes(path, description.info.fingerprint)
        check_memory(self._weights.like, options.slots, self._length, device)
        placed = eyes is not None and eyes.placed
        self._memory = Memory(self._weights.like, options.slots, self._length, placed=placed)
        self._decoding = Decoding(self._weights, self._memory)
        self._prefixes = Prefixes(
            self._memory,
            options.slots,
            exact=options.reproducible,
            shelf=self._shelf(options, description),
        )
        self._blind = f"{why_blind[:1].upper()}{why_blind[1:]}. {OTHER_ENGINE}"
        gallery = Gallery(eyes) if eyes is not None else None
        called = f"{description.info.name} {path.stem}"
        self._prompter = Prompter(self._vocabulary, called, gallery)
        self._growth = Growth(self._vocabulary, self._length)
        self._alone = options.reproducible
        self._slots: dict[str, Slot] = {}
        self._info = replace(
            description.info,
            engine=version(),
            device=device_name(self._weights.device),
            parameters=description.info.parameters or self._weights.parameters,
            vocabulary=self._vocabulary.size,
            context=self._length,
            slots=options.slots,
            vision=eyes is not None,
        )

    def interrupt(self) -> None:
        self._memory.interrupt()

    def hidden(
        self,
        ids: Sequence[int],
        layers: Sequence[int],
        adapters: Sequence[Adapter] = (),
        alive: Callable[[], object] = lambda: None,
    ) -> dict[int, NDArray[np.float32]]:
        """What stands after the given layers for each of the tokens, float32 (T, D).

        Layer 0 is the embedding, layer n what the n-th block leaves; after the last one stands what
        the final norm makes of it. -1 is that one, told under its number from the embedding on.
        `alive` is called after each part of the text.
        Raises Refused for ids, layers or adapters that are not there, and where the states have no
        room.
        """
        self._refuse_ids(ids)
        self._refuse_length("the text is", len(ids), len(ids))
        check_hidden(self._weights.hidden_bytes(len(layers)), len(ids), self._weights.device)
        self._lay(self._mixed(adapters))
        try:
            return self._weights.hidden(ids, layers, alive)
        except ValueError as error:
            raise Refused(str(error)) from error

    def reveal(
        self, attempt: Attempt, layers: Sequence[int], alive: Callable[[], object]
    ) -> Revealed:
        if attempt.given is None:
            raise Refused("hidden states are told of a text that is given")
        if any(message.images for message in attempt.messages):
            raise Refused(
                "hidden states are told of texts alone", hint="Leave the pictures out of it."
            )
        rendered = self._prompter.prompt(attempt.messages, attempt.thinking, attempt.prompt)
        prompt, ids = self._cut(attempt.given, rendered)
        states = self.hidden((*prompt, *ids), layers, attempt.adapters, alive)
        return Revealed((*prompt, *ids), len(prompt), states)

    def close(self) -> None:
        self._slots.clear()
        self._decoding.close()
        self._weights.close()
        self._memory.close()
        del self._memory, self._adapters, self._prompter  # the last two hold the model
        gc.collect()  # a model may hold itself in a circle
        if self._weights.device.type == "cuda":
            torch.cuda.empty_cache()  # torch keeps what it was given, and others find none

    def _eyes(self, path: Path, fingerprint: str) -> tuple[Eyes | None, str]:
        written = placing_of(ChatTemplate(self._vocabulary.chat_template)).placeholder
        return eyes_of(path, self._weights.model, fingerprint, written)

    def _shelf(self, options: OpenCheckpoint, description: Description) -> Shelf | None:
        if not options.keep_gb:
            return None
        key = "/".join((description.info.fingerprint, version(), str(self._weights.dtype)))
        return Shelf(cache_folder() / "sequences", key, int(options.keep_gb * 1e9))

    def _mixed(self, adapters: Sequence[Adapter], *, of_all: bool = False) -> Mix:
        """The adapters of an attempt, or those that are to be at hand, loaded."""
        try:
            return self._adapters.mix(adapters)
        except Refused as error:
            if of_all:  # nothing can be opened so
                raise ModelError(error.what, hint=error.hint) from error
            raise

    def _lay(self, mix: Mix) -> None:
        if mix != self._adapters.laid:
            self._adapters.lay(mix)
            self._decoding.forget()

    def _evaluate(self, held: Held, tokens: Sequence[int], keep: int) -> Tensor:
        base = self._memory.positions.at(held.sequence, len(held.tokens))
        positions = torch.arange(base, base + len(tokens))[None]
        ids = torch.tensor([list(tokens)]).to(self._weights.device)
        return self._next(held, ids, positions, keep)

    def _see(self, held: Held, view: View, keep: int) -> Tensor:
        assert isinstance(view, Looked)
        start = len(held.tokens)
        positions = view.positions(self._memory.positions.at(held.sequence, start))
        rows = self._next(held, view.ids[None], positions, keep, view.inputs(start))
        if positions is not None:
            self._memory.positions.add(held.sequence, Span(start, view.tokens, view.advance))
        return rows

    def _next(
        self,
        held: Held,
        ids: Tensor,
        positions: Tensor | None,
        keep: int,
        seen: Mapping[str, Tensor] = NOTHING_SEEN,
    ) -> Tensor:
        """Evaluate `ids` (1, T), the next of a sequence; the rows of the last `keep`, or of one."""
        self._lay(held.mix)
        start, device = len(held.tokens), self._weights.device
        reading = reading_of([held.sequence], [start], ids.shape[1], device, positions)
        return self._weights.evaluate(ids, self._memory, reading, max(keep, 1), seen)[0]

    def _looks(self, rows: Tensor, slots: Sequence[Slot]) -> list[Look]:
        return looks(rows, slots, self._threads)

    def _measure(self, rows: Tensor, targets: NDArray[np.int64]) -> BatchStats:
        return rated(rows, targets, self._threads)

    def _kept(self, rows: Tensor) -> Row:
        row: Row = rows[0].cpu().numpy()
        return row

    def _again(self, row: Row) -> Tensor:
        return torch.from_numpy(row[np.newaxis]).to(self._weights.device)

    def _wipe(self, held: Held) -> None:
        self._memory.wipe(held.sequence)

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


def _check(options: OpenCheckpoint) -> None:
    check_options(options)
    if options.projector:
        raise UsageError(
            "the torch engine takes no projector: a folder holds its own eyes",
            hint="Leave out --projector.",
        )
    if options.image_min_tokens or options.image_max_tokens:
        raise UsageError(
            "on torch a checkpoint's own processor decides how large a picture is shown",
            hint="Leave out --image-min-tokens and --image-max-tokens.",
        )
    other = options.kv_type != "f16" or options.flash != "auto"
    if options.pool or options.draft or other:
        raise UsageError(
            "the torch engine has no pool, guesses no tokens, keeps keys and values as it computes "
            "them, and chooses its attention by itself",
            hint="Leave out --pool, --draft, --kv-type and --flash-attention.",
        )
