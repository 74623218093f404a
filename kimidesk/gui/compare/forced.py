"""How far the mind of another checkpoint is from that of the one which wrote a text.

By ids, where both cut texts alike: of each token a lower bound of the KL divergence of the other's
distribution from the writer's. Else by text: how much likelier the writer finds each character.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import Refused
from kimidesk.flows import Solve
from kimidesk.reading.divergence import NOTHING, check_vocabulary, of_columns
from kimidesk.reading.surprisal import stretches
from kimidesk.reading.transcript import Transcript
from kimidesk.records import Grown

Array = NDArray[np.float64]
SLICE = 256  # tokens; each rival of one is looked for among those of the other


@dataclass(frozen=True, slots=True)
class Forced:
    """`apart`: for each token of the writer's trace, shape (n,), NaN where it is not known."""

    apart: Array  # nats a token, at least; by text nats a character, either sign
    mean: float  # over what is known, in the same unit
    by_ids: bool
    same_best: float | None = None  # share of tokens at which both find the same one likeliest


Forcing = Generator[None, None, Forced]


def same_vocabulary(one: Solve, two: Solve) -> bool:
    """Whether the ids of both mean the same, as far as both have told."""
    if one.trace.checkpoint.vocabulary != two.trace.checkpoint.vocabulary:
        return False
    few, many = sorted((one.lexicon, two.lexicon), key=len)
    return all(many.get(id_, piece) == piece for id_, piece in few.items())


def by_ids(written: Grown, replayed: Grown) -> Forcing:
    """Raises Refused where the two are not the same tokens of one vocabulary.

    A generator that works for some milliseconds at a time: its value at the end is the result.
    """
    check_vocabulary(written, replayed)
    count, alike = len(written.columns), 0
    apart = np.full(count, np.nan)
    for start in range(0, count, SLICE):
        one, two = (each.columns.cut(start, start + SLICE) for each in (written, replayed))
        parted = of_columns(one, two)
        apart[start + parted.rows] = parted.kl
        alike += int(parted.same_best.sum())
        yield
    known = ~np.isnan(apart)
    if not known.any():
        raise Refused(NOTHING)
    return Forced(apart, float(apart[known].mean()), True, alike / int(known.sum()))


def by_text(written: Grown, replayed: Grown) -> Forcing:
    """Raises Refused where the two have no cut in common. A generator like `by_ids`."""
    ends, others = _ends(written), _ends(replayed)
    yield
    told = stretches(ends, written.columns.logprob, others, replayed.columns.logprob)
    known = ~np.isnan(told.apart)
    if not known.any():
        raise Refused(NOTHING)
    sizes = np.diff(np.concatenate(([0], told.end)))
    a_character = told.apart / np.maximum(sizes, 1)
    place = np.searchsorted(told.end, np.asarray(ends), "left")
    apart = np.full(len(written.columns), np.nan)
    inside = place < len(told.end)
    apart[: len(ends)][inside] = a_character[place[inside]]
    mean = float(told.apart[known].sum() / sizes[known].sum())
    return Forced(apart, mean, False)


def _ends(grown: Grown) -> list[int]:
    """Where the tokens of what was said end, in characters."""
    transcript = Transcript()
    said = grown.columns.id[: len(grown.columns) - grown.trace.closing]
    transcript.append(said.tolist(), grown.lexicon)
    return transcript.ends.tolist()
