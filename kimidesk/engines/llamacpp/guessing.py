"""Guessing tokens ahead, so that one evaluation gives several (speculative decoding).

Guesses decide nothing: each token is still drawn from the row of logits that the checkpoint itself
left, with its own random number, and a guess stands only where it is what was drawn. The statistics
are therefore those of the checkpoint; what changes is how many tokens share an evaluation.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.llamacpp.context import Context, Outcome
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.errors import ModelError
from kimikernels.token_stats import token_stats

NGRAM = "ngram"
RUN = 3  # tokens that must have stood before; two guess wrongly too often
LIKELY = math.log(0.5)  # a draft checkpoint less sure than this guesses no further


class Guesser(Protocol):
    """Guesses what follows the tokens of a trace."""

    def guess(self, trace: str, tokens: Sequence[int], most: int) -> list[int]:
        """At most `most` tokens that may follow; none where there is no idea."""
        ...

    def forget(self, trace: str) -> None:
        """The trace has ended."""
        ...

    def interrupt(self) -> None:
        """Make a running `guess` return early, from another thread."""
        ...

    def close(self) -> None:
        """Free what is held."""
        ...


class Repeats:
    """Guesses that what followed the last tokens before will follow them again.

    Saxena, "Prompt lookup decoding" (2023). Costs nothing, and helps where a trace quotes itself.
    """

    def __init__(self) -> None:
        self._after: dict[str, dict[tuple[int, ...], int]] = {}
        self._read: dict[str, int] = {}

    def guess(self, trace: str, tokens: Sequence[int], most: int) -> list[int]:
        after = self._after.setdefault(trace, {})
        for end in range(self._read.get(trace, RUN), len(tokens)):
            after[tuple(tokens[end - RUN : end])] = end
        self._read[trace] = max(len(tokens), RUN)
        place = after.get(tuple(tokens[-RUN:]))
        return [] if place is None else list(tokens[place : place + most])

    def forget(self, trace: str) -> None:
        self._after.pop(trace, None)
        self._read.pop(trace, None)

    def interrupt(self) -> None:
        pass  # takes no time

    def close(self) -> None:
        self._after.clear()
        self._read.clear()


class Draft:
    """A smaller checkpoint of the same vocabulary guesses its likeliest tokens.

    Leviathan et al., "Fast inference from transformers via speculative decoding" (2023), with its
    acceptance by equality of the drawn token. Raises BadCheckpoint, TooLarge, and ModelError for
    another vocabulary.
    """

    def __init__(
        self,
        path: Path,
        like: Weights,
        length: int,
        traces: int,
        threads: int,
        shares: Sequence[int],
    ) -> None:
        self._weights = Weights(path, sum(shares), shares=shares)
        try:
            _same_vocabulary(self._weights, like)
            self._context = Context(self._weights, length, traces, threads)
        except BaseException:
            self._weights.close()
            raise
        self._free = list(range(traces))
        self._held: dict[str, tuple[int, list[int]]] = {}  # sequence and what is evaluated in it

    def guess(self, trace: str, tokens: Sequence[int], most: int) -> list[int]:
        if trace not in self._held:
            self._held[trace] = (self._free.pop(), [])
        sequence, evaluated = self._held[trace]
        shared = _shared(evaluated, tokens)
        if shared < len(evaluated) and not self._context.forget(sequence, shared):
            self._context.forget(sequence)
            shared = 0
        del evaluated[shared:]
        said = list(tokens)
        if len(said) - shared > BATCH:
            # A long prompt is read a batch a step, and guessed from when it is read: until then
            # those that grow must not wait for a draft.
            self._evaluate(sequence, evaluated, said[: shared + BATCH])
            return []
        while len(said) < len(tokens) + most:
            if not self._evaluate(sequence, evaluated, said):
                break
            stats = token_stats(self._context.rows(self._last, 1)[0], k=1)
            if stats.top_logprob[0] < LIKELY:
                break
            said.append(int(stats.top_id[0]))
        return said[len(tokens) :]

    def forget(self, trace: str) -> None:
        if trace in self._held:
            sequence, _ = self._held.pop(trace)
            self._context.forget(sequence)
            self._free.append(sequence)

    def interrupt(self) -> None:
        self._context.interrupt()

    def close(self) -> None:
        self._context.close()
        self._weights.close()

    def _evaluate(self, sequence: int, evaluated: list[int], said: list[int]) -> bool:
        """Bring the draft up to what is said, a batch at a time; False where it has no room."""
        while len(evaluated) < len(said):
            part = said[len(evaluated) : len(evaluated) + BATCH]
            first = len(evaluated)
            wanted = [place == len(said) - 1 for place in range(first, first + len(part))]
            places = range(first, first + len(part))
            outcome = self._context.evaluate(part, places, [sequence] * len(part), wanted)
            if outcome is not Outcome.DONE:
                self._context.forget(sequence)
                evaluated.clear()
                return False
            evaluated += part
            self._last = len(part) - 1
        return True


def guesser(
    draft: str, weights: Weights, length: int, traces: int, threads: int, shares: Sequence[int]
) -> Guesser | None:
    """What `OpenCheckpoint.draft` names; None for nothing. Raises as `Draft` does.

    `shares`: layers of it that each graphics card takes.
    """
    if not draft:
        return None
    if not weights.cuttable:
        raise ModelError(
            "tokens cannot be guessed ahead: the memory of this checkpoint cannot be cut back",
            hint="Open it without --draft.",
        )
    if draft == NGRAM:
        return Repeats()
    return Draft(Path(draft), weights, length, traces, threads, shares)


def _same_vocabulary(draft: Weights, like: Weights) -> None:
    different = next((id_ for id_ in range(like.size) if draft.piece(id_) != like.piece(id_)), None)
    if draft.size == like.size and different is None:
        return
    why = f"{draft.size:,} tokens against {like.size:,}"
    if draft.size == like.size:
        why = f"token {different} is another one"
    raise ModelError(
        f"{draft.path.name} cannot guess for {like.path.name}: their vocabularies differ, {why}",
        hint="A draft must be a smaller checkpoint of the same family.",
    )


def _shared(evaluated: Sequence[int], tokens: Sequence[int]) -> int:
    """How many tokens are evaluated already, short of the last one, whose row is wanted."""
    most = min(len(evaluated), len(tokens) - 1)
    return next((n for n in range(most) if evaluated[n] != tokens[n]), most)
