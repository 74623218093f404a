"""What was tried with a trace: how much a sentence decides, and what budgets are worth.

An experiment is known by what was asked and by the answer that all was held against. Who asks for
more of the same goes on from what is kept.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from kimidesk.errors import NotFound, StoreError
from kimidesk.reading.budgets import Run, Way
from kimidesk.reading.importance import Price, Rollout, Weighing
from kimidesk.records import Grown
from kimidesk.store.desk import Desk

IMPORTANCE, BUDGETS = "importance", "budgets"
T = TypeVar("T")


class _Weighed(msgspec.Struct, frozen=True):
    weighing: Weighing
    expected: str


class _Budgeted(msgspec.Struct, frozen=True):
    expected: str


def keep_rollouts(
    desk: Desk, trace: str, asked: Weighing, expected: str, rollouts: Sequence[Rollout]
) -> None:
    """Instead of those that were kept of the same; never blocks."""
    desk.keep_experiment(trace, IMPORTANCE, _weighed(asked, expected), _json(rollouts))


def rollouts_of(desk: Desk, trace: str, asked: Weighing, expected: str) -> list[Rollout]:
    """What is kept of this; raises StoreError for damaged rows."""
    return _found(desk, trace, IMPORTANCE, _weighed(asked, expected), Rollout)


def keep_runs(desk: Desk, trace: str, expected: str, runs: Sequence[Run]) -> None:
    """Instead of those that were kept; never blocks."""
    desk.keep_experiment(trace, BUDGETS, _json(_Budgeted(expected)), _json(runs))


def runs_of(desk: Desk, trace: str, expected: str) -> list[Run]:
    """What is kept; raises StoreError for damaged rows."""
    return _found(desk, trace, BUDGETS, _json(_Budgeted(expected)), Run)


def base_of(run: Run) -> str:
    """The trace that can be gone on with for more runs like this; "" for none."""
    on = run.way in (Way.RERUN, Way.WAIT) and not run.trouble
    return (run.of or run.trace) if on else ""


def kept_traces(desk: Desk, runs: Sequence[Run]) -> dict[str, Grown]:
    """What more runs can be gone on from, by id; without what is not kept any more.

    Raises StoreError for a damaged trace.
    """
    made: dict[str, Grown] = {}
    for id_ in sorted({base for run in runs if (base := base_of(run))}):
        try:
            made[id_] = desk.load(id_).grown
        except NotFound:
            continue  # it is run again
    return made


def _weighed(asked: Weighing, expected: str) -> str:
    """The horizon tells nothing where no sentence is drawn, or all are."""
    horizon = asked.horizon if asked.price is Price.SHORT else 0
    return _json(_Weighed(replace(asked, horizon=horizon), expected))


def _found(desk: Desk, trace: str, kind: str, asked: str, of: type[T]) -> list[T]:
    for kept, results in desk.experiments(trace, kind):
        if kept == asked:
            try:
                return msgspec.json.decode(results, type=list[of])  # type: ignore[valid-type]
            except msgspec.DecodeError as error:
                raise StoreError(
                    f"what was tried with trace {trace} is damaged: {error}"
                ) from error
    return []


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
