"""What a scoring run is to do, checked before a process starts."""

from dataclasses import dataclass, replace
from typing import Any

from kimidesk.checkpoints.remote import is_remote
from kimidesk.cli.backend import choose, opening
from kimidesk.cli.code_options import code_limit_of
from kimidesk.cli.identity import has_pictures
from kimidesk.cli.options import adapters_of, budget_of, sampling_of
from kimidesk.errors import UsageError
from kimidesk.records import Budget, ScorePlan, Suite
from kimidesk.wire.messages import OpenCheckpoint

SERVER_RETRIES = 2


@dataclass(frozen=True)
class Job:
    """A plan and how it is to be carried out."""

    plan: ScorePlan
    suite: Suite
    opening: OpenCheckpoint
    slots: int
    code_limit_s: float | None = None  # the permission to run code, in seconds a sample
    retries: int = 0  # of an attempt that could not run
    most_errors: int | None = None  # failed samples after which the run stops; None: never
    retry_failed: bool = False
    close_enough: float | None = None  # half of the interval, a share, at which the run stops

    @property
    def planned(self) -> int:
        """How many samples the whole run has."""
        return len(self.plan.problems) * self.plan.repeats


def prepare(suite: Suite, *, limit: int | None, options: dict[str, Any]) -> Job:
    """Check everything that can be checked before a process starts."""
    sampling, budget = sampling_of(options), budget_of(options)
    cuts: tuple[int, ...] = options.get("budgets") or ()
    if cuts:
        budget, cuts = _swept(budget, cuts, options.get("own_budget", ()))
    chosen = choose(options["model"], options["chat_template"])
    plan = ScorePlan(
        checkpoint=chosen.fingerprint,
        suite=suite.fingerprint,
        problems=suite.problems[:limit],
        repeats=options["repeats"],
        sampling=sampling,
        budget=budget,
        seed=options["seed"],
        thinking=options["thinking"],
        adapters=adapters_of(options),
        instruction=options["instruction"],
        cuts=cuts,
    )
    slots = min(options["slots"], len(plan.problems) * plan.repeats)
    how = opening(
        chosen,
        options,
        budget,
        slots=slots,
        reproducible=options["reproducible"],
        pool=options["pool"],
        sees=has_pictures(suite),
    )
    return Job(
        plan,
        suite,
        how,
        slots,
        code_limit_of(options, plan.problems),
        _retries(options),
        options.get("max_errors"),
        bool(options.get("retry_failed")),
        None if options.get("stop_when_ci") is None else options["stop_when_ci"] / 100,
    )


def _swept(
    budget: Budget, cuts: tuple[int, ...], there: tuple[int | None, ...]
) -> tuple[Budget, tuple[int, ...]]:
    """The budget of the run itself, and where its thoughts are cut.

    It is what a person told, else that of the run that is `there` already, else the largest.
    """
    largest = budget.thinking
    if largest is None:
        largest = there[0] if there else max(cuts)
    if largest is not None and max(cuts) > largest:
        raise UsageError(
            f"--budgets goes up to {max(cuts):,} tokens and the run's own budget is {largest:,}",
            hint="Leave --think-budget out, or choose another --out: it must be the largest.",
        )
    return replace(budget, thinking=largest).check(), tuple(sorted({*cuts}))


def _retries(options: dict[str, Any]) -> int:
    """What fails on this machine fails again; what a server refused may not."""
    told = options.get("retries")
    return (SERVER_RETRIES if is_remote(options["model"]) else 0) if told is None else int(told)
