"""Branches that grow beside the trace: begun, kept on the desk, followed where one is shown."""

import secrets
import time
from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from kimidesk.client.keeping import keep_branches
from kimidesk.flows import Branch, Branches, Solve, Story
from kimidesk.flows.branching import Change, branch, seeds_for
from kimidesk.gui.solve.driver import Driver, Open
from kimidesk.records import CheckpointInfo, Sampling
from kimidesk.wire.messages import AnyEvent, Failed, Judged, Started, TraceEnded


class Growing(QObject):
    """`changed`: one has begun or ended. `gone` carries one that came to nothing, and `refused`
    the failure that says why."""

    changed = Signal()
    gone = Signal(object)
    refused = Signal(object)

    def __init__(self, driver: Driver, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._driver = driver
        driver.beside.moved.connect(self._on_moved)
        driver.beside.ended.connect(self._on_ended)

    @property
    def flows(self) -> list[Branches]:
        """What runs, and what waits for its checkpoint."""
        return [flow for flow in self._driver.beside.flows if isinstance(flow, Branches)]

    def begin(
        self, solve: Solve, change: Change, count: int, warmth: float | None, taken: Collection[int]
    ) -> list[Branch]:
        """Begin branches with seeds that are not `taken`; raises UsageError as the flows do."""
        driver, sampling = self._driver, solve.trace.sampling
        if warmth is not None:
            sampling = replace(sampling, temperature=warmth).check()
        seeds = seeds_for(solve, change, count, sampling.temperature, taken)
        members = [self._branch(solve, change, seed, sampling) for seed in seeds]
        opened = driver.open is Open.OPEN
        slots = self._checkpoint(solve).slots if opened else driver.settings.slots
        if solve.trace.problem.answer:
            driver.grader.warm()
        driver.run_beside(Branches(members, slots), solve.trace.checkpoint)
        return members

    def stop(self) -> None:
        """Stop every branch; what they have is kept."""
        for flow in self.flows:
            self._driver.beside.stop(flow)

    def _branch(self, solve: Solve, change: Change, seed: int, sampling: Sampling) -> Branch:
        id_, there = secrets.token_hex(8), self._checkpoint(solve)
        return branch(
            solve,
            change,
            id_,
            seed=seed,
            sampling=sampling,
            checkpoint=there,
            started_at=time.time(),
        )

    def _checkpoint(self, solve: Solve) -> CheckpointInfo:
        """As it is open now, which may leave more room than when the trace was written."""
        own, there = solve.trace.checkpoint, self._driver.checkpoint
        return there if there is not None and there.fingerprint == own.fingerprint else own

    def _on_moved(self, flow: object, event: AnyEvent | None) -> None:
        if not isinstance(flow, Branches):
            return
        if event is not None:
            keep_branches(self._driver.desk, flow, event)
        concerned = list(flow.members) if event is None else flow.concerned(event)
        over = isinstance(event, TraceEnded | Judged | Failed)
        shown = self._driver.solve
        if isinstance(shown, Story) and shown.branch in concerned:
            shown.follow()
            self._driver.followed(ended=over)
        if isinstance(event, Failed):
            self._fail(concerned, event)
        if concerned and (over or event is None or isinstance(event, Started)):
            self.changed.emit()

    def _fail(self, concerned: list[Branch], event: Failed) -> None:
        """What was refused before it began is no branch."""
        for member in concerned:
            if not member.trace.prompt:
                self.gone.emit(member)
        if concerned and event.trace is not None:
            self.refused.emit(event)

    def _on_ended(self, flow: object) -> None:
        if isinstance(flow, Branches):
            for member in flow.unbegun:
                self.gone.emit(member)
            self.changed.emit()
