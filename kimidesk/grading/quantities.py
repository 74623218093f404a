"""Amounts with units that are sizes of one another: 5 km and 5000 m, 2 hours 30 minutes."""

import re
from fractions import Fraction
from typing import NamedTuple

from kimidesk.grading.units import canonical

_SIZES: dict[str, dict[str, int | Fraction]] = {
    "length": {
        "nm": Fraction(1, 10**6),
        "um": Fraction(1, 1000),
        "mm": 1,
        "cm": 10,
        "dm": 100,
        "m": 1_000,
        "km": 1_000_000,
    },
    "feet": {"inch": 1, "foot": 12, "yard": 36, "mile": 63_360},
    "mass": {"mg": 1, "g": 1_000, "kg": 1_000_000, "ton": 1_000_000_000},
    "time": {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800},
    "volume": {"millilitre": 1, "litre": 1_000},
    "dollars": {"cent": 1, "dollar": 100},
    "speed": {"m/s": 180, "km/h": 50, "m/min": 3},
    "force": {"newton": 1},
    "energy": {"joule": 1},
    "power": {"watt": 1},
    "voltage": {"volt": 1},
    "yuan": {"fen": 1, "jiao": 10, "yuan": 100},
}
_OF = {unit: (kind, size) for kind, units in _SIZES.items() for unit, size in units.items()}
_AREAS = dict.fromkeys(("公顷", "hectare", "hectares"), 10**10)  # in square millimetres
_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?|\d+\s+\d+/\d+"
_PART = re.compile(
    rf"\s*(?:and\s+|,\s*|又)?(?P<dollar>\$)?(?P<number>{_NUMBER})\s*"
    r"(?P<prefix>square|sq\.?|cubic|cu\.?|平方|立方)?\s*(?P<unit>公顷|hectares?|[A-Za-z]+(?:/[A-Za-z]+)?|[一-鿿]{1,3})?(?P<power>\s*\^\{?[23]\}?|[²³])?"
)


class Quantity(NamedTuple):
    """An amount in the smallest unit of its kind."""

    kind: str
    amount: Fraction


def quantity_of(text: str) -> Quantity | None:
    """An amount, or several of one kind side by side; None for anything else."""
    plain = re.sub(r"\\(?:text|mathrm|mbox|textrm|textnormal)\s*\{([^{}]*)\}", r" \1 ", text)
    plain = plain.replace("\\$", "$").replace("\\,", " ").replace("~", " ").strip().rstrip(".")
    place, kind, total = 0, "", Fraction(0)
    while place < len(plain):
        found = _PART.match(plain, place)
        if not found or found.end() == place:
            return None
        part = _part(found)
        if part is None or (kind and part.kind != kind):
            return None
        kind, total, place = part.kind, total + part.amount, found.end()
        while plain[place : place + 1] == " ":
            place += 1
    return Quantity(kind, total) if kind else None


def _part(found: re.Match[str]) -> Quantity | None:
    if found["unit"] in _AREAS:
        return _amount("length2", found["number"], Fraction(_AREAS[found["unit"]]))
    unit = "dollar" if found["dollar"] else canonical(found["unit"] or "")
    if unit not in _OF or (found["dollar"] and found["unit"] and unit != "dollar"):
        return None
    kind, size = _OF[unit]
    prefix = (found["prefix"] or "").rstrip(".")
    if prefix:
        kind, number = f"{kind}{_PREFIXES[prefix]}", found["number"]
        return _amount(kind, number, Fraction(size) ** _PREFIXES[prefix])
    power = {"2": 2, "²": 2, "3": 3, "³": 3}.get((found["power"] or "").strip(" ^{}"), 1)
    return _amount(f"{kind}{power}", found["number"], Fraction(size) ** power)


_PREFIXES = {"square": 2, "sq": 2, "平方": 2, "cubic": 3, "cu": 3, "立方": 3}


def _amount(kind: str, number: str, size: Fraction) -> Quantity | None:
    try:
        return Quantity(kind, Fraction(number.replace(",", "").replace(" ", "")) * size)
    except (ValueError, ZeroDivisionError):
        return None
