"""How far two annotators agree beyond what chance would give.

Both measures are (p_o - p_e) / (1 - p_e), with p_o the share of items named alike. They differ in
what chance is: for Cohen's κ (1960) each annotator's own shares of names, p_e = Σ p_a(k) p_b(k);
for Gwet's AC (2008, doi 10.1348/000711006X126600), p_e = Σ π(k) (1 - π(k)) / (K - 1) with π(k) the
mean of both shares, which does not break down where nearly all items have one name. With all
disagreements alike AC2 is AC1.
"""

import math
from collections import Counter
from collections.abc import Sequence


def cohen_kappa(one: Sequence[str], two: Sequence[str]) -> float:
    """κ; NaN where both gave all items one name. Raises ValueError for items that do not pair."""
    share_one, share_two = _shares(one, two)
    chance = sum(share_one[name] * share_two[name] for name in share_one)
    return _beyond(one, two, chance)


def gwet_ac2(one: Sequence[str], two: Sequence[str], names: int) -> float:
    """AC2 with all disagreements alike, of `names` names that could be given. Raises ValueError."""
    share_one, share_two = _shares(one, two)
    used = set(share_one)
    if names < max(len(used), 2):
        raise ValueError(f"{names} names could be given, and {len(used)} were; at least 2 must be")
    mean = [(share_one[name] + share_two[name]) / 2 for name in used]
    return _beyond(one, two, sum(each * (1 - each) for each in mean) / (names - 1))


def _shares(one: Sequence[str], two: Sequence[str]) -> tuple[dict[str, float], dict[str, float]]:
    if len(one) != len(two) or not one:
        raise ValueError(f"{len(one)} names against {len(two)}; there must be as many, and some")
    names = {*one, *two}
    a, b = ({name: Counter(each)[name] / len(each) for name in names} for each in (one, two))
    return a, b


def _beyond(one: Sequence[str], two: Sequence[str], chance: float) -> float:
    alike = sum(a == b for a, b in zip(one, two, strict=True)) / len(one)
    return (alike - chance) / (1 - chance) if chance < 1 else math.nan
