"""What a checkpoint would have answered at many places of a trace, and what it gave each answer."""

from dataclasses import dataclass

from kimidesk.records.verdict import Judgement


@dataclass(frozen=True, slots=True)
class Trial:
    """An answer that was drawn greedily at a place, as if the thought had ended there."""

    at: int  # tokens of the trace before it
    cue: int  # which of the cues was said before it
    text: str  # what was answered; empty where nothing was
    key: str = ""  # equal keys are equal answers
    logprob: float = 0.0  # of its tokens, nats, summed
    confidence: float = 0.0  # arithmetic mean of the largest probability at each of its tokens
    tokens: int = 0
    judgement: Judgement | None = None  # None: not judged
    trouble: str = ""  # why there is none


@dataclass(frozen=True, slots=True)
class Rating:
    """What one spelling of a candidate was given at a place."""

    at: int
    cue: int
    spelling: str
    logprob: float = 0.0  # nats; of its tokens and of the bracket behind them
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer with the spellings whose probabilities are summed."""

    name: str
    key: str
    spellings: tuple[str, ...]
    right: bool | None = None  # None: nobody knows


@dataclass(frozen=True, slots=True)
class Beliefs:
    """All that was measured of one trace. Places are counted in its tokens and ascend."""

    boundaries: tuple[int, ...] = ()  # all places at which a segment ends, probed or not
    cues: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()  # the right one first
    trials: tuple[Trial, ...] = ()
    ratings: tuple[Rating, ...] = ()
    tokens: int = 0  # cues and answers that were evaluated for it
    seconds: float = 0.0  # that it took, by the clock

    @property
    def places(self) -> tuple[int, ...]:
        """Where an answer was drawn."""
        return tuple(sorted({each.at for each in self.trials}))
