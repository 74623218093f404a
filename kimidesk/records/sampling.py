"""How the next token is drawn, and how many may be."""

from dataclasses import dataclass
from enum import StrEnum

from kimidesk.errors import UsageError


@dataclass(frozen=True, slots=True)
class Sampling:
    """The draw: repetition penalty, then temperature, top-k, top-p, min-p, in this order.

    Raises UsageError from `check` when a value is out of range.
    """

    temperature: float = 0.6  # 0 takes the most likely token
    top_p: float = 0.95  # keep the smallest set of tokens with this mass; 1 keeps all
    top_k: int = 0  # keep this many; 0 keeps all
    min_p: float = 0.0  # drop tokens below this share of the most likely one's probability
    repetition_penalty: float = 1.0  # divides positive logits of tokens already in the context

    def check(self) -> "Sampling":
        """Return self, or raise UsageError that names the value and its range."""
        _within("temperature", self.temperature, 0.0, 100.0)
        _within("top-p", self.top_p, 0.0, 1.0)
        if self.top_p == 0:
            raise UsageError("top-p is 0; it must be above 0", hint="Use temperature 0 for greedy.")
        _within("top-k", self.top_k, 0, 1_000_000)
        _within("min-p", self.min_p, 0.0, 1.0)
        _within("repetition penalty", self.repetition_penalty, 0.1, 10.0)
        return self


CLOSING = "I have to answer now, with what I have so far."
ONWARD = "Wait,"


class OnLoop(StrEnum):
    """What to do with a trace that repeats itself."""

    FLAG = "flag"
    STOP = "stop"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens a trace may add; `None` leaves it to the context.

    A thought that reaches `thinking` is closed by force and the answer begins: `closing` is said,
    then the dialect's end of thought. A checkpoint that does not think spends only `answer`.
    """

    thinking: int | None = None
    answer: int | None = 1024
    soft: int = 0  # the last so many tokens of a thought may end at a sentence or a paragraph
    least: int = 0  # tokens of a thought before it may end; an earlier end becomes `onward`
    closing: str = CLOSING
    onward: str = ONWARD
    on_loop: OnLoop = OnLoop.FLAG

    def check(self) -> "Budget":
        """Return self, or raise UsageError that names the value and its range."""
        if self.thinking is not None:
            _within("thinking budget", self.thinking, 0, 10_000_000)
        if self.answer is not None:
            _within("answer budget", self.answer, 1, 10_000_000)
        _within("soft landing", self.soft, 0, 10_000_000)
        _within("least thinking", self.least, 0, 10_000_000)
        if self.thinking is not None and self.least > self.thinking:
            raise UsageError(
                f"a thought must take {self.least} tokens and may take {self.thinking}",
                hint="Raise the budget, or lower the least.",
            )
        return self


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # NaN fails too
        raise UsageError(f"{name} is {value}; it must be between {low:g} and {high:g}")
