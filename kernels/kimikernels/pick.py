"""Which implementation does an operation, and why: chosen once for each operation and device.

A choice is a fact about this machine, so it is kept and can be asked for: `python -m kimikernels`
prints all of them. An operation asks `first`, in the order of its own preference.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

Reason = Callable[[], str]  # why an implementation cannot run here; empty when it can


class Choice(NamedTuple):
    """What does an operation on a device."""

    op: str
    device: str  # cpu, cuda, rocm, …
    name: str  # of the implementation
    why: str  # one line: what it is, and what stood before it and could not run


_made: dict[tuple[str, str], Choice] = {}


def first(op: str, device: str, among: Iterable[tuple[str, str, Reason]]) -> Choice:
    """The first of `among`, (name, what it is, why not), that can run; the answer is kept.

    Raises ValueError with every reason when none can.
    """
    if (op, device) in _made:
        return _made[op, device]
    refused: list[str] = []
    for name, what, why_not in among:
        reason = why_not()
        if not reason:
            why = what + "".join(f"; {each}" for each in refused)
            return _made.setdefault((op, device), Choice(op, device, name, why))
        refused.append(f"not {name}: {reason}")
    raise ValueError(f"{op} cannot run on {device}: {'; '.join(refused)}")


def choices() -> list[Choice]:
    """What has been chosen so far, by operation and device."""
    return [_made[key] for key in sorted(_made)]
