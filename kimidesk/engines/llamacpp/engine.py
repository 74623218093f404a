"""LlamaCpp: grows many traces at once on one GGUF checkpoint.

A row of logits is read where the evaluation left it, once: no second pass, no copy.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kimidesk.checkpoints.describe import Description, describe
from kimidesk.checkpoints.parts import parts_of
from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.evaluating import (
    Evaluating,
    Interrupted,
    NoRoom,
    Unseen,
    default_threads,
)
from kimidesk.engines.growth import Growth
from kimidesk.engines.llamacpp.adapters import Adapters
from kimidesk.engines.llamacpp.context import Context, Outcome
from kimidesk.engines.llamacpp.guessing import guesser
from kimidesk.engines.llamacpp.library import cards, offloads, start, version
from kimidesk.engines.llamacpp.options import check, check_pool
from kimidesk.engines.llamacpp.placing import (
    LESS,
    CardFull,
    Fitting,
    Placing,
    opened,
    refused_by_card,
)
from kimidesk.engines.llamacpp.vision import Chunk, Projector, Sizes, Stopped
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.looks import looks
from kimidesk.engines.mix import Mix
from kimidesk.engines.prefixes import Held, Prefixes
from kimidesk.engines.prompt import Prompter
from kimidesk.engines.protocol import Step
from kimidesk.engines.seeing import Gallery, View
from kimidesk.engines.shelf import Shelf
from kimidesk.engines.slot import Look, Slot
from kimidesk.errors import ModelError, Refused, TooLarge, WorkerLost
from kimidesk.records import Adapter
from kimidesk.settings import cache_folder
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import BatchStats, Row, Rows, batch_token_stats


class Turn(NamedTuple):
    """What one evaluation takes of a trace."""

    slot: Slot
    held: Held
    tokens: list[int]  # its last one, and those that are guessed to follow


class LlamaCpp(Evaluating[Rows]):
    """Implements `Engine`; see `OpenCheckpoint` for the options.

    `loading` is told fractions from 0 to 1 and cancels by returning False. Raises BadCheckpoint,
    TooLarge and ModelError.
    """

    _blind = "Open it with the projector that belongs to it (--projector), or ask without pictures."

    def __init__(
        self,
        path: Path,
        options: OpenCheckpoint,
        loading: Callable[[float], object] | None = None,
    ) -> None:
        check(options)
        description = describe(path, ref=options.ref, name=options.name)
        self._length = options.context or description.info.trained_context
        check_pool(options, self._length)
        self._options = options
        found = cards() if offloads(options.gpu_layers) else []
        fitting = Fitting(description, options, self._length)

        def load(placed: Placing) -> None:
            fitting.check_machine(placed)
            self._load(path, description, placed, loading)

        _, placed = opened(fitting.placed(found), load)
        self._alone = options.reproducible
        self._slots: dict[str, Slot] = {}
        self._info = replace(
            description.info,
            engine=version(),
            device=placed.where(self._weights.device),
            context=self._length,
            slots=options.slots,
            vision=self._projector is not None,
        )

    def _load(
        self,
        path: Path,
        description: Description,
        placed: Placing,
        loading: Callable[[float], object] | None,
    ) -> None:
        """All that it evaluates with, or nothing. Raises CardFull where a card has no room."""
        options = self._options
        try:
            with ExitStack() as made:
                self._weights = Weights(
                    parts_of(path)[0], placed.layers, loading, shares=placed.shares
                )
                made.callback(self._weights.close)
                self._vocabulary = self._weights
                self._threads = options.threads or default_threads()
                self._projector = self._projector_of(options, placed)
                if self._projector is not None:
                    made.callback(self._projector.close)
                gallery = Gallery(self._projector) if self._projector is not None else None
                name = f"{description.info.name} {path.stem}"
                self._prompter = Prompter(self._weights, name, gallery)
                self._growth = Growth(self._weights, self._length)
                self._nothing = np.empty((0, self._weights.size), np.float32)
                self._adapters = Adapters(self._weights)
                self._shelf = _shelf(options, description.info.fingerprint, self._weights)
                self._adapters.mix(options.adapters)
                self._remember()
                made.callback(self._context.close)
                self._guesser = guesser(
                    options.draft,
                    self._weights,
                    self._length,
                    options.slots,
                    self._threads,
                    placed.draft,
                )
                made.pop_all()
        except (ModelError, Refused) as error:
            if placed.layers and refused_by_card(start(), cards()):
                raise CardFull(error.what, hint=LESS) from error
            if isinstance(error, Refused):  # an adapter does not fit: nothing can be opened so
                raise ModelError(error.what, hint=error.hint) from error
            raise

    def _projector_of(self, options: OpenCheckpoint, placed: Placing) -> Projector | None:
        if not options.projector:
            return None
        return Projector(
            Path(options.projector),
            self._weights,
            self._threads,
            gpu=placed.projector,
            stop=lambda: self._context.interrupted,
            sizes=Sizes(options.image_min_tokens, options.image_max_tokens),
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
        )
        self._prefixes = Prefixes(
            self._context,
            self._context.sequences,
            exact=options.reproducible,
            idle=self._length if self._context.shared else None,
            marking=None if self._weights.cuttable else self._context,
            shelf=self._shelf,
        )
        self._adapters.settle()
        self._mix: Mix = ()  # laid over the weights now

    def drop(self, trace: str) -> None:
        super().drop(trace)
        if self._guesser is not None:
            self._guesser.forget(trace)

    def interrupt(self) -> None:
        """Make a running `step` return early, from another thread; nothing is lost by it."""
        self._context.interrupt()
        if self._guesser is not None:
            self._guesser.interrupt()

    def close(self) -> None:
        self._slots.clear()
        if self._guesser is not None:
            self._guesser.close()
        self._context.close()
        if self._projector is not None:
            self._projector.close()
        self._weights.close()

    def _mixed(self, adapters: Sequence[Adapter]) -> Mix:
        """The adapters, loaded; growing traces are read again after a new one."""
        mix = self._adapters.mix(adapters)
        if self._adapters.grown:
            for slot in self._slots.values():
                slot.held = None
            self._context.close()
            self._make_room()
        return mix

    def _make_room(self) -> None:
        """A context for the adapters that are new; where there is none, one as it was.

        Raises Refused for the adapters, WorkerLost where even that cannot be had again.
        """
        try:
            self._remember()
        except TooLarge as error:
            self._adapters.forget()
            try:
                self._remember()
            except TooLarge as again:
                raise WorkerLost(
                    f"the context was lost while room was made for an adapter: {again.what}",
                    hint=again.hint,
                ) from error
            raise Refused(f"the adapter is not laid: {error.what}", hint=error.hint) from error

    def _evaluate(self, held: Held, tokens: Sequence[int], keep: int) -> Rows:
        count, start = len(tokens), len(held.tokens)
        places = range(start, start + count)
        wanted = [False] * (count - keep) + [True] * keep
        outcome = self._decode(tokens, places, [held.sequence] * count, wanted, held.mix)
        if outcome is Outcome.NO_ROOM:
            raise NoRoom
        if outcome is Outcome.INTERRUPTED:
            raise Interrupted
        return self._context.rows(count - keep, keep) if keep else self._nothing

    def _see(self, held: Held, view: View, keep: int) -> Rows:
        assert isinstance(view, Chunk)
        self._lay(held.mix)
        self._context.resume()
        try:
            glimpse = view.glimpse()
        except Stopped as error:
            raise Interrupted from error
        except ModelError as error:  # of this picture; other traces go on
            raise Unseen(error.what) from error
        place = len(held.tokens)
        while True:
            outcome = self._context.see(glimpse, place, held.sequence, wanted=bool(keep))
            if outcome is not Outcome.NO_ROOM or not self._prefixes.make_room():
                break
        if outcome is Outcome.NO_ROOM:
            raise NoRoom
        if outcome is Outcome.INTERRUPTED:
            raise Interrupted
        last = (view.tokens - 1) % self._context.batch
        return self._context.rows(last, 1) if keep else self._nothing

    def _looks(self, rows: Rows, slots: Sequence[Slot]) -> list[Look]:
        return looks(rows, slots, self._threads)

    def _measure(self, rows: Rows, targets: NDArray[np.int64]) -> BatchStats:
        return batch_token_stats(rows, targets, threads=self._threads)

    def _kept(self, rows: Rows) -> Row:
        row: Row = rows[0]
        return row

    def _again(self, row: Row) -> Rows:
        return row[np.newaxis]

    def _advance(self, group: list[Slot]) -> list[Step]:
        """Evaluate the last token of each trace, and what is guessed, together; let them grow."""
        together = [
            Turn(slot, slot.held, [slot.tokens[-1], *self._guess(slot, len(group))])
            for slot in group
            if slot.held is not None
        ]
        if not together:
            return []
        # With memory apart llama.cpp takes only sequences in a row into one graph, and makes
        # another where their order breaks: a joint step of 16 traces then costs up to twice.
        together.sort(key=lambda turn: turn.held.sequence)
        outcome = self._decode(
            [token for turn in together for token in turn.tokens],
            [slot.evaluated + n for slot, _, tokens in together for n in range(len(tokens))],
            [held.sequence for _, held, tokens in together for _ in tokens],
            [True] * sum(len(turn.tokens) for turn in together),
            group[0].mix,
        )
        if outcome is Outcome.DONE:
            return self._taken(together)
        if outcome is Outcome.INTERRUPTED:
            for turn in together:
                self._prefixes.forget(turn.held, len(turn.held.tokens))
            return []
        # The youngest makes room for the others, and goes on when one of them has ended.
        *others, youngest = group
        return [*self._yield(youngest), *self._advance(others)]

    def _guess(self, slot: Slot, traces: int) -> list[int]:
        """Tokens that may follow those of a trace, as many as its memory and a batch can take."""
        if self._guesser is None or slot.forced or slot.views:
            return []  # whoever guesses sees no pictures
        most = min(self._options.guesses, BATCH // traces - 1, self._length - len(slot.tokens))
        return self._guesser.guess(slot.attempt.trace, slot.tokens, most) if most > 0 else []

    def _taken(self, together: list[Turn]) -> list[Step]:
        """Let the traces of one evaluation grow: all its rows are read before the next."""
        if all(len(turn.tokens) == 1 for turn in together):
            for _, held, tokens in together:
                held.tokens += tokens
            slots = [turn.slot for turn in together]
            return self._grow(slots, self._context.rows(0, len(slots)))
        steps: list[Step] = []
        first = 0
        for turn in together:
            steps += self._take(turn, first)
            first += len(turn.tokens)
        return steps

    def _take(self, turn: Turn, first: int) -> list[Step]:
        """Let a trace grow from the rows from `first` on, as far as what was guessed is drawn."""
        slot, held, tokens = turn
        steps: list[Step] = []
        for place, token in enumerate(tokens):
            held.tokens.append(token)
            steps += self._grow([slot], self._context.rows(first + place, 1))
            rest = tokens[place + 1 :]
            if steps[-1].ended is not None or slot.tokens[-1:] != rest[:1]:
                if rest:
                    self._prefixes.forget(held, len(held.tokens))
                break
        return steps

    def _decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
        mix: Mix,
    ) -> Outcome:
        """Evaluate, dropping what is merely kept where it takes the room."""
        self._lay(mix)
        outcome = self._context.evaluate(tokens, positions, sequences, wanted)
        while outcome is Outcome.NO_ROOM and self._prefixes.make_room():
            outcome = self._context.evaluate(tokens, positions, sequences, wanted)
        return outcome

    def _lay(self, mix: Mix) -> None:
        if mix != self._mix:
            self._context.lay(self._adapters.laid(mix))
            self._mix = mix


def _shelf(options: OpenCheckpoint, checkpoint: str, weights: Weights) -> Shelf | None:
    """Where long sequences are kept: what is in a key changes the bytes of their memory."""
    if not options.keep_gb:
        return None
    apart = "pool" if options.pool else "apart"
    key = "/".join((checkpoint, version(), options.kv_type, options.flash, apart))
    # Of a sliding window llama.cpp writes only what is in it.
    whole = weights.windowed or not weights.cuttable
    return Shelf(cache_folder() / "sequences", key, int(options.keep_gb * 1e9), whole=whole)
