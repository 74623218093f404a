"""How far two annotators agree beyond what chance would give.

Both measures are (p_o - p_e) / (1 - p_e), with p_o the share of items named alike. They differ in
what chance is: for Cohen's κ (1960) each annotator's own shares of names, p_e = Σ p_a(k) p_b(k);
for Gwet's AC (2008, doi 10.1348/000711006X126600), p_e = Σ π(k) (1 - π(k)) / (K - 1) with π(k) the
mean of both shares, which does not break down where nearly all items have one name. With all
disagreements alike AC2 is AC1.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

ROUNDING = 1e-12


def cohen_kappa(
    one: Sequence[str], two: Sequence[str], weights: Sequence[float] | None = None
) -> float:
    """κ; NaN where both gave all items one name. Raises ValueError for items that do not pair.

    An item counts as often as its weight says: 1 where none are given.
    """
    table = _table(one, two, weights)
    share_one, share_two = _shares(table)
    return _beyond(table, sum(share_one[name] * share_two[name] for name in share_one))


def gwet_ac2(
    one: Sequence[str],
    two: Sequence[str],
    names: int,
    weights: Sequence[float] | None = None,
) -> float:
    """AC2 with all disagreements alike, of `names` names that could be given. Raises ValueError."""
    table = _table(one, two, weights)
    share_one, share_two = _shares(table)
    used = set(share_one) | set(share_two)
    if names < max(len(used), 2):
        raise ValueError(f"{names} names could be given, and {len(used)} were; at least 2 must be")
    mean = [(share_one[name] + share_two[name]) / 2 for name in used]
    return _beyond(table, sum(each * (1 - each) for each in mean) / (names - 1))


def _table(
    one: Sequence[str], two: Sequence[str], weights: Sequence[float] | None
) -> dict[tuple[str, str], float]:
    """How much has each pair of names."""
    given = [1.0] * len(one) if weights is None else weights
    if not len(one) == len(two) == len(given) or not one:
        raise ValueError(f"{len(one)} names against {len(two)}; there must be as many, and some")
    table: defaultdict[tuple[str, str], float] = defaultdict(float)
    for a, b, weight in zip(one, two, given, strict=True):
        table[a, b] += weight
    return table


def _shares(
    table: Mapping[tuple[str, str], float],
) -> tuple[defaultdict[str, float], defaultdict[str, float]]:
    total = sum(table.values())
    one: defaultdict[str, float] = defaultdict(float)
    two: defaultdict[str, float] = defaultdict(float)
    for (a, b), weight in table.items():
        one[a] += weight / total
        two[b] += weight / total
    return one, two


def _beyond(table: Mapping[tuple[str, str], float], chance: float) -> float:
    alike = sum(weight for (a, b), weight in table.items() if a == b) / sum(table.values())
    # What adds up to 1 but for rounding leaves nothing that chance could not give.
    return (alike - chance) / (1 - chance) if chance < 1 - ROUNDING else math.nan
