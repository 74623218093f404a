"""What a scoring run is to do, checked before a process starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from kimidesk.checkpoints.remote import is_remote
from kimidesk.cli.backend import Chosen, choose, chosen_of, opening
from kimidesk.cli.code_options import code_limit_of
from kimidesk.cli.endpoints import addresses_of, answering, difference, places, without_manners
from kimidesk.cli.identity import has_pictures
from kimidesk.cli.nodes import join, name_for_nodes
from kimidesk.cli.options import adapters_of, budget_of, sampling_of
from kimidesk.cli.run_options import MOST_SLOTS, SLOTS
from kimidesk.errors import UsageError
from kimidesk.records import Budget, CheckpointInfo, ScorePlan, Suite
from kimidesk.settings import load
from kimidesk.wire.messages import OpenCheckpoint

SERVER_RETRIES = 2


@dataclass(frozen=True)
class Job:
    """A plan and how it is to be carried out."""

    plan: ScorePlan
    suite: Suite
    opening: OpenCheckpoint
    slots: int  # of each place
    code_limit_s: float | None = None  # the permission to run code, in seconds a sample
    retries: int = 0  # of an attempt that could not run
    most_errors: int | None = None  # failed samples after which the run stops; None: never
    retry_failed: bool = False
    close_enough: float | None = None  # half of the interval, a share, at which the run stops
    places: tuple[tuple[str, OpenCheckpoint], ...] = ()  # by name; () is a worker of this machine
    info: CheckpointInfo | None = None  # of the checkpoint, where it is known before it is opened
    aliases: Mapping[str, str] = field(default_factory=dict)  # fingerprints, to that of the plan
    on_nodes: str = ""  # the checkpoint as the nodes of a Ray cluster know it; "": no cluster

    @property
    def planned(self) -> int:
        """How many samples the whole run has."""
        return len(self.plan.problems) * self.plan.repeats

    @property
    def gradual(self) -> bool:
        """Whether it is found out how many traces at once are worth it."""
        return any(opening.gradual for _, opening in (*self.places, ("", self.opening)))

    def agrees(self, theirs: CheckpointInfo) -> str:
        """Why what a place has opened is not the checkpoint of this run; "" where it is."""
        if self.on_nodes and theirs.fingerprint != self.plan.checkpoint:
            return f"its {self.on_nodes} is another file ({theirs.fingerprint})"
        return difference(self.info, theirs) if self.info is not None else ""


def prepare(suite: Suite, *, limit: int | None, options: dict[str, Any]) -> Job:
    """Check everything that can be checked before a process starts."""
    sampling, budget = sampling_of(options), budget_of(options)
    cuts: tuple[int, ...] = options.get("budgets") or ()
    if cuts:
        budget, cuts = _swept(budget, cuts, options.get("own_budget", ()))
    urls = addresses_of(options.get("endpoints", ()))
    if urls and options.get("ray"):
        raise UsageError("--endpoint and --ray are two ways to share a run; name one of them")
    chosen = _chosen(urls, options)
    served = bool(urls) or is_remote(chosen.ref)
    plan = ScorePlan(
        checkpoint=chosen.model or chosen.fingerprint,
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
    gradual = served and not options["slots"]
    slots = options["slots"] or (MOST_SLOTS if served else SLOTS)
    slots = min(slots, len(plan.problems) * plan.repeats)
    how = opening(
        chosen,
        without_manners(options) if urls else options,
        budget,
        slots=slots,
        reproducible=options["reproducible"],
        pool=options["pool"],
        sees=has_pictures(suite),
    )
    how = msgspec.structs.replace(how, gradual=gradual)
    if options.get("ray"):
        join(options["ray"], chosen)
    return Job(
        plan,
        suite,
        how,
        slots,
        code_limit_of(options, plan.problems),
        _retries(options, served=served),
        options.get("max_errors"),
        bool(options.get("retry_failed")),
        None if options.get("stop_when_ci") is None else options["stop_when_ci"] / 100,
        places(urls, how, options, load().servers),
        chosen.info,
        {each: plan.checkpoint for each in (chosen.fingerprint, chosen.model) if each},
        name_for_nodes(chosen) if options.get("ray") else "",
    )


def _chosen(urls: tuple[str, ...], options: dict[str, Any]) -> Chosen:
    """What a person named, or what the endpoints serve; raises UsageError where they differ."""
    template = options["chat_template"]
    if not urls:
        return choose(options["model"], template)
    servers = answering(urls, template)
    if not options["model"]:
        return chosen_of(servers[0], urls[0])
    if is_remote(options["model"]):
        raise UsageError(
            "--model names a server, and --endpoint others",
            hint="Name all of them by --endpoint; --model may name the file that they serve.",
        )
    chosen = choose(options["model"])
    for server in servers:
        why = difference(chosen.info, server.info) if chosen.info is not None else ""
        if why:
            raise UsageError(f"{server.address.host} does not serve {options['model']}: {why}")
    return chosen


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


def _retries(options: dict[str, Any], *, served: bool) -> int:
    """What fails on this machine fails again; what a server refused may not."""
    told = options.get("retries")
    return (SERVER_RETRIES if served else 0) if told is None else int(told)
