"""95 % intervals of what is counted over problems, whose samples resemble each other."""

import math

import numpy as np
from numpy.typing import NDArray

from kimidesk.records.share import Interval, wilson

ROUNDS = 10_000
SEED = 20_260_101  # fixed: the same samples tell the same interval
_AT_ONCE = 1 << 21  # drawn counts in memory: 16 MB

Floats = NDArray[np.float64]


def means(values: Floats, over: Floats | None = None) -> list[Interval]:
    """Intervals of the columns' means by resampling problems (clustered percentile bootstrap:
    Efron & Tibshirani 1993, ch. 13; Field & Welsh 2007 on clusters).

    `values` has a row a problem and a column a figure, shape (P, M). With `over`, shape (P, M), a
    figure is the ratio of sums Σ values / Σ over: a share of samples where problems have different
    numbers of them. A round in which nothing was drawn of `over` is left out.
    """
    problems, figures = values.shape
    if problems == 0:
        return [(math.nan, math.nan)] * figures
    below = np.ones_like(values) if over is None else over
    drawn = _rounds(np.hstack([values, below]))
    with np.errstate(invalid="ignore", divide="ignore"):
        rounds = drawn[:, :figures] / drawn[:, figures:]
    return [_middle(rounds[:, column]) for column in range(figures)]


def shares(values: Floats, over: Floats | None = None) -> list[Interval]:
    """As `means`, of shares of 1. One that is 0, or 1, in every problem would get no width at all:
    it gets Wilson's interval of as many problems."""
    made = means(values, over)
    below = np.ones_like(values) if over is None else over
    for column, (low, high) in enumerate(made):
        problems = int((below[:, column] > 0).sum())
        if low == high and low in (0.0, 1.0) and problems:
            made[column] = wilson(int(problems * low), problems)
    return made


def _middle(rounds: Floats) -> Interval:
    known = rounds[~np.isnan(rounds)]
    if not len(known):
        return (math.nan, math.nan)
    low, high = np.quantile(known, (0.025, 0.975))
    return (float(low), float(high))


def _rounds(rows: Floats) -> Floats:
    """ROUNDS × columns: the sums over as many rows as there are, drawn with replacement.

    Rows that are equal are drawn as one, as often as they are there: a run of 25,000 problems has
    but a few different ones.
    """
    unique, counts = np.unique(rows, axis=0, return_counts=True)
    generator = np.random.default_rng(SEED)
    sums = np.empty((ROUNDS, rows.shape[1]))
    step = max(1, _AT_ONCE // len(unique))
    for start in range(0, ROUNDS, step):
        size = min(step, ROUNDS - start)
        drawn = generator.multinomial(len(rows), counts / len(rows), size=size)
        sums[start : start + size] = drawn @ unique
    return sums


def clustered_error(right: Floats, total: Floats) -> float:
    """The standard error of Σ right / Σ total over problems, shapes (P,) (cluster-robust variance
    of a ratio, Cochran 1977, eq. 6.13); NaN for fewer than two problems.

    With 64 repeats of 30 problems it is about six times what independent samples would have.
    """
    problems = len(right)
    if problems < 2:
        return math.nan
    residuals = right - right.sum() / total.sum() * total
    return math.sqrt(problems / (problems - 1) * float((residuals**2).sum())) / float(total.sum())


def clustered(right: Floats, total: Floats) -> Interval:
    """Wilson's interval where each problem has one sample, else the bootstrap over problems."""
    if (total <= 1).all():
        return wilson(int(right.sum()), int(total.sum()))
    if len(total) < 2:  # one problem says nothing of others: its samples alone are told
        return wilson(int(right.sum()), int(total.sum()))
    return shares(right[:, None], total[:, None])[0]
