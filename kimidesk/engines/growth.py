"""What becomes of a trace once its rows are measured: its next token, its notes, its end.

The same in every engine: the rules are those of the budget and of the dialect, not of the weights.
"""

from collections.abc import Callable, Iterable

from kimidesk.engines.protocol import Step
from kimidesk.engines.slot import Look, Slot
from kimidesk.engines.vocabulary import Vocabulary, continuing
from kimidesk.records import Ended, Note, Noted, OnLoop, Token
from kimikernels.token_stats import BatchStats


class Growth:
    """For traces of at most `length` tokens. Whoever asks drops a trace that has ended."""

    def __init__(self, vocabulary: Vocabulary, length: int) -> None:
        self._vocabulary = vocabulary
        self._length = length

    def grow(self, slot: Slot, look: Look) -> Step:
        """Give a trace its next token; a row that is broken ends it."""
        trace = slot.attempt.trace
        heed(slot)
        if self.owes(slot):
            slot.forced.extend(self._cut(slot))
        try:
            token = slot.grow(look, lambda id_: self._instead(slot, id_))
        except ValueError as error:
            return broken(slot, error)
        slot.mind.spend(self._vocabulary.piece(token.id))
        notes = _notes(slot)
        ended = self._why_ended(slot, token.id, forced=token.forced)
        return Step(trace, token, ended, closing=int(ended is Ended.ANSWERED), notes=notes)

    def owes(self, slot: Slot) -> bool:
        """Whether its next tokens are forced, so that none may be drawn."""
        if not slot.forced and not slot.unsaid:
            slot.unsaid = slot.mind.due()
        return bool(slot.forced or slot.unsaid)

    def over(self, slot: Slot) -> Step | None:
        """Its end, where whoever draws says that this is all; None where it must go on."""
        slot.unsaid = slot.mind.instead(b"", ends=True)
        return None if slot.unsaid else Step(slot.attempt.trace, None, Ended.ANSWERED)

    def rated(self, slot: Slot, measure: Callable[[], BatchStats], first: int) -> list[Step]:
        """The given tokens from `first` on, a measured row each."""
        try:
            tokens = slot.rate(measure(), first)
        except ValueError as error:
            return [broken(slot, error)]
        return self._told(slot, tokens, first)

    def _told(self, slot: Slot, tokens: list[Token], first: int) -> list[Step]:
        trace = slot.attempt.trace
        again = slot.prompt + slot.rated - first  # told before its memory was given up
        steps = [Step(trace, token) for token in tokens[max(again, 0) :]]
        slot.rated += len(steps)
        if first + len(tokens) == len(slot.tokens):
            closing = int(slot.tokens[-1] in self._vocabulary.ends)
            steps[-1] = Step(trace, tokens[-1], Ended.REPLAYED, closing=closing)
        return steps

    def _instead(self, slot: Slot, drawn: int) -> Iterable[int]:
        """What must be forced in place of a token that was drawn."""
        ends = drawn in self._vocabulary.ends
        slot.unsaid = slot.mind.instead(self._vocabulary.piece(drawn), ends=ends)
        return self._cut(slot)

    def _cut(self, slot: Slot) -> list[int]:
        """What must be said as ids. A server's vocabulary may be out of reach: then it is kept."""
        ids = continuing(self._vocabulary, slot.unsaid) if slot.unsaid else []
        slot.unsaid = ""
        return ids

    def _why_ended(self, slot: Slot, token: int, *, forced: bool) -> Ended | None:
        # A branch may begin with the end that its parent did not draw.
        if token in self._vocabulary.ends and (not forced or token in slot.attempt.forced):
            return Ended.ANSWERED
        if slot.mind.spent and not slot.forced:
            return Ended.BUDGET
        if slot.looping and slot.attempt.budget.on_loop == OnLoop.STOP:
            return Ended.LOOP
        return Ended.CONTEXT_FULL if len(slot.tokens) >= self._length else None


def heed(slot: Slot) -> None:
    """Hear the wishes that were told with the attempt, where their token is next."""
    for at, wish in slot.attempt.told.wishes:
        if at == slot.added:
            slot.mind.wish(wish)


def broken(slot: Slot, error: ValueError) -> Step:
    """The end of a trace whose numbers are none."""
    reason = f"the weights give numbers that are broken (bit rot?): {error}"
    return Step(slot.attempt.trace, None, Ended.FAILED, reason=reason)


def _notes(slot: Slot) -> tuple[Note, ...]:
    noted = list(slot.mind.noted())
    if slot.looping and not slot.noted_loop and slot.attempt.budget.on_loop != OnLoop.IGNORE:
        slot.noted_loop = True
        noted.append(Noted.LOOP)
    return tuple(Note(slot.added - 1, what) for what in noted)
