"""token_stats of one row on this processor, one thread, 20 rivals, the call from Python included.

Hot rows are in the cache from the pass before; cold rows are taken in turn from 256 MB. The floor
is numpy's sum over the same rows, the least that looking at them can take.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from contest import Contest, Way

from kimikernels.token_stats import Rule, compiled, plain

COLD_BYTES = 256e6
SIZES = (49_152, 151_936, 262_144)
RULE = Rule(0.5, temperature=0.6, top_p=0.95)
Row = np.ndarray[Any, np.dtype[np.float32]]


def contests(quick: bool) -> Iterator[Callable[[], Contest]]:
    """Each size, hot and cold."""
    for size in (300,) if quick else SIZES:
        for cold in (False, True):
            yield partial(contest, size, cold=cold)


def contest(size: int, *, cold: bool) -> Contest:
    """The widest instruction set first, then the narrower ones and numpy."""
    table = some_rows(size, COLD_BYTES if cold else 0)
    names = instruction_sets()[::-1]

    turn = itertools.cycle(table)  # one for all ways: nobody finds the row of the way before

    def passes(measure: Callable[[Row], Any]) -> Callable[[], Any]:
        def run() -> Any:
            return _figures(measure(next(turn)))

        return run

    compared = not cold  # each cold pass has a row of its own
    ways = [Way(n, passes(compiled.token_stats), taking(n), compared=compared) for n in names]
    if names:
        ways.append(
            Way(
                f"{names[0]}, drawing",
                passes(_draw),
                taking(names[0]),
                "temperature 0.6",
                compared,
            )
        )
    ways += [
        Way("numpy, the fallback", passes(plain.token_stats), compared=compared),
        Way("numpy, argpartition", passes(partitioned), compared=compared),
        Way("numpy's sum (floor)", passes(np.ndarray.sum), compared=False),
    ]
    return Contest(
        "token_stats",
        "float32",
        f"V={size:,}",
        "cold" if cold else "hot",
        ways,
        size * 4,
        tolerance=1e-5,
        device="cpu",
    )


def some_rows(size: int, at_least: float) -> Row:
    """Rows whose 40 likeliest stand out as in text."""
    chance = np.random.default_rng(size)
    count = max(int(at_least / 4 / size), 1)
    table = chance.standard_normal((count, size), np.float32) * np.float32(2.5)
    table[:, :40] = chance.normal(9, 3, (count, 40))
    return table


def instruction_sets() -> tuple[str, ...]:
    """Those that this processor has, the narrowest first; none without a compiler."""
    taking("")()
    if compiled.why_not():
        return ()
    return compiled.NAMES[: compiled.NAMES.index(compiled.code_name()) + 1]


def taking(name: str) -> Callable[[], None]:
    """Takes the compiled code of one instruction set; the best for an empty name."""

    def take() -> None:
        os.environ.pop(compiled.CPU_VARIABLE, None)
        if name:
            os.environ[compiled.CPU_VARIABLE] = name
        compiled.loaded.cache_clear()
        compiled.why_not()  # loads it now, not in the pass that is timed

    return take


def partitioned(row: Row) -> tuple[float, float]:
    """The obvious numpy: float64, argpartition."""
    x = row.astype(np.float64)
    peak = x.max()
    weight = np.exp(x - peak)
    z = weight.sum()
    top = np.argpartition(row, -20)[-20:]
    _ = top[np.argsort(-row[top], kind="stable")]
    return peak + np.log(z), np.log(z) - ((x - peak) * weight).sum() / z


def _draw(row: Row) -> Any:
    return compiled.token_stats(row, rule=RULE)


def _figures(result: Any) -> tuple[float, ...]:
    """log Z and entropy."""
    return tuple(result[:2]) if isinstance(result, tuple) else (float(result),)
