"""At which position each token of a sequence stands, as a model counts.

A text token takes one position. Under M-RoPE (Qwen-VL, GLM-V) the tokens of a picture share the
position at which it begins, and what follows stands as many positions further as its longer side
has tokens; so the two counts part behind a picture. All rooms above count tokens.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Span:
    """A picture in a sequence."""

    begin: int  # index of its first token
    tokens: int
    positions: int  # that it takes

    @property
    def end(self) -> int:
        return self.begin + self.tokens


class Positions:
    """Of every sequence; those without a span have as many positions as tokens."""

    def __init__(self) -> None:
        self._spans: dict[int, list[Span]] = {}

    def at(self, sequence: int, index: int) -> int:
        """The position of a token that is in no picture, or is the first of one."""
        spans = self._spans.get(sequence, ())
        return index - sum(span.tokens - span.positions for span in spans if span.end <= index)

    def last(self, sequence: int, count: int) -> int:
        """The largest position among the first `count` tokens; −1 of none."""
        for span in self._spans.get(sequence, ()):
            if span.end == count:
                return self.at(sequence, span.begin)
        return self.at(sequence, count) - 1

    def add(self, sequence: int, span: Span) -> None:
        """A picture was evaluated."""
        self._spans.setdefault(sequence, []).append(span)

    def forget(self, sequence: int, first: int) -> None:
        """A sequence was cut at this index."""
        left = [span for span in self._spans.get(sequence, ()) if span.end <= first]
        if left:
            self._spans[sequence] = left
        else:
            self._spans.pop(sequence, None)

    def copy(self, source: int, target: int, count: int) -> None:
        """`target` holds the first `count` tokens of `source` from now on."""
        self._spans[target] = list(self._spans.get(source, ()))
        self.forget(target, count)

    def packed(self, sequence: int) -> NDArray[np.int32]:
        """The spans of a sequence as numbers: how many, and three for each."""
        spans = self._spans.get(sequence, ())
        flat = [value for span in spans for value in (span.begin, span.tokens, span.positions)]
        return np.asarray([len(spans), *flat], "<i4")

    def unpack(self, sequence: int, memory: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Take the spans from the beginning of a memory; returns the rest of it."""
        numbers = memory[: len(memory) // 4 * 4].view("<i4")
        count = int(numbers[0]) if len(numbers) else 0
        if not 0 <= count <= (len(numbers) - 1) // 3:
            return memory[:0]
        rows = numbers[1 : 1 + 3 * count].reshape(count, 3).tolist()
        self._spans[sequence] = [Span(*row) for row in rows]
        return memory[4 * (1 + 3 * count) :]
