"""Flows that run beside the shown trace, in the worker that has its checkpoint open.

A probe or a few branches: each is a flow, and the engine shares the prefixes of all. Commands go
where the trace's own go; every event is shown to every flow, which knows its own by their ids.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from kimidesk.flows import Branch, Branches
from kimidesk.records import Ended
from kimidesk.wire.messages import AnyCommand, AnyEvent, Cancel, Failed, TraceEnded

Send = Callable[[list[AnyCommand]], None]


class Flow(Protocol):
    """A journey without I/O: events in, commands out."""

    @property
    def done(self) -> bool: ...

    def start(self) -> list[AnyCommand]: ...

    def stop(self) -> list[AnyCommand]: ...

    def on(self, event: AnyEvent) -> list[AnyCommand]: ...


class Beside(QObject):
    """`moved` brings a flow and the event that it took; `ended` a flow that is done."""

    moved = Signal(object, object)
    ended = Signal(object)

    def __init__(self, send: Send, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._waiting: list[Flow] = []  # until the checkpoint is open
        self._flows: list[Flow] = []

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Those that run and those that wait."""
        return (*self._flows, *self._waiting)

    def run(self, flow: Flow, *, now: bool) -> None:
        """Start a flow, or let it wait for `begin`."""
        self._waiting.append(flow)
        if now:
            self.begin()

    def begin(self) -> None:
        """The checkpoint is open: start what waits."""
        waiting, self._waiting = self._waiting, []
        for flow in waiting:
            self._flows.append(flow)
            self._send(flow.start())
            self._let_go(flow)

    def stop(self, flow: Flow) -> None:
        """Stop one; what it has so far is kept in it."""
        if flow in self._waiting:
            self._waiting.remove(flow)
            flow.stop()
            self.ended.emit(flow)
        elif flow in self._flows:
            self._send(flow.stop())
            self._let_go(flow)

    def leave(self) -> None:
        """The worker is about to go: every flow is stopped, and what it has kept as stopped."""
        for flow in self.flows:
            if flow in self._waiting:
                self.stop(flow)
                continue
            for command in flow.stop():
                if isinstance(command, Cancel):  # nobody will answer it
                    event = TraceEnded(command.trace, Ended.STOPPED)
                    self._send(flow.on(event))
                    self.moved.emit(flow, event)
            self._let_go(flow)

    def stop_member(self, member: Branch) -> None:
        """Stop one of several branches; `moved` tells of it without an event."""
        for flow in self.flows:
            if isinstance(flow, Branches) and member in flow.members:
                self._send(flow.stop_one(member))
                self.moved.emit(flow, None)
                self._let_go(flow)

    def on(self, event: AnyEvent) -> None:
        """Show an event to each flow."""
        for flow in tuple(self._flows):
            self._send(flow.on(event))
            self.moved.emit(flow, event)
            self._let_go(flow)

    def lost(self, failure: Failed) -> None:
        """The worker is gone, or never came: every flow is told, and ends."""
        self._flows, self._waiting = [*self._flows, *self._waiting], []
        self.on(Failed(failure.what, failure.hint, failure.kind, detail=failure.detail))
        left, self._flows = self._flows, []
        for flow in left:
            self.ended.emit(flow)

    def _let_go(self, flow: Flow) -> None:
        if flow.done and flow in self._flows:
            self._flows.remove(flow)
            self.ended.emit(flow)
