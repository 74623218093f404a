"""Drawing the next token: one uniform number, one row of logits, one rule.

The number comes from a counter, not from a stream: it depends on the seed and on the position
of the token alone, so that neither neighbours, nor probes, nor what was drawn before can shift
it, and a fork that keeps its parent's seed draws what the parent drew.
"""

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import Sampling
from kimikernels import token_stats
from kimikernels.token_stats import Row, Rule

_WORD = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, splitmix64's step


def uniform(seed: int, position: int) -> float:
    """A number in [0, 1) for the token at `position`, counted from the start of the context.

    mix(mix(seed) + (position + 1) * golden) in 64 bits, where mix is the finaliser of splitmix64;
    the upper 53 bits become the fraction. Integers only, hence equal on every machine.
    """
    return (_mix(_mix(seed & _WORD) + (position + 1) * _GOLDEN & _WORD) >> 11) * 2.0**-53


def _mix(word: int) -> int:
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & _WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB & _WORD
    return word ^ word >> 31


def draw(logits: Row, sampling: Sampling, u: float, seen: NDArray[np.intp] | None = None) -> int:
    """The token that `u` in [0, 1) picks from one row of logits, float32 of shape (V,).

    Repetition penalty first, then the rule. `seen` are the ids already in the context, without
    doubles; it is needed for a repetition penalty alone. The row is not changed.
    """
    return token_stats.draw(penalised(logits, sampling, seen), rule_of(sampling, u))


def rule_of(sampling: Sampling, u: float) -> Rule:
    """What of the sampling is the kernel's to do."""
    return Rule(u, sampling.temperature, sampling.top_k, sampling.top_p, sampling.min_p)


def penalised(logits: Row, sampling: Sampling, seen: NDArray[np.intp] | None) -> Row:
    """The row after the repetition penalty; itself where there is none."""
    penalty = sampling.repetition_penalty
    if penalty == 1.0 or seen is None or not len(seen):
        return logits
    changed = logits.copy()
    values = changed[seen]
    changed[seen] = np.where(values > 0, values / penalty, values * penalty)
    return changed
