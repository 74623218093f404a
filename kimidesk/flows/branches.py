"""Branches: some branches as one journey, as many at once as there are slots, each graded."""

from collections.abc import Sequence
from dataclasses import replace

from kimidesk.flows.solve import Phase
from kimidesk.flows.story import Branch
from kimidesk.records import Ended
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed


class Branches:
    """Event in, commands out; `members` are the branches, in the order in which they were asked.

    One that is being graded holds no slot. `unbegun` were never asked for, because somebody
    stopped or the worker went: there is nothing of them to keep.
    """

    def __init__(self, members: Sequence[Branch], slots: int = 1) -> None:
        self.members = tuple(members)
        self.unbegun: list[Branch] = []
        self._slots = max(slots, 1)
        self._waiting = list(members)
        self._live: dict[str, Branch] = {}  # growing, or being graded

    @property
    def done(self) -> bool:
        return not (self._waiting or self._live)

    def begun(self, branch: Branch) -> bool:
        """Whether it was asked for."""
        return branch not in self._waiting and branch not in self.unbegun

    def concerned(self, event: AnyEvent) -> list[Branch]:
        """Whom an event is about."""
        if isinstance(event, Failed) and event.trace is None:
            return [each for each in self.members if self.begun(each)]
        return [each for each in self.members if each.trace.id == getattr(event, "trace", None)]

    def start(self) -> list[AnyCommand]:
        """Ask for as many as there are free slots."""
        commands: list[AnyCommand] = []
        growing = sum(each.trace.ended is None for each in self._live.values())
        while self._waiting and growing < self._slots:
            member = self._waiting.pop(0)
            self._live[member.trace.id] = member
            commands += member.start()
            growing += 1
        return commands

    def stop(self) -> list[AnyCommand]:
        """Ask for no more; what grows is stopped and kept."""
        self._give_up(*self._waiting)
        return [command for each in self._live.values() for command in each.stop()]

    def stop_one(self, branch: Branch) -> list[AnyCommand]:
        """Stop one; the others go on."""
        if branch in self._waiting:
            self._give_up(branch)
            return []
        return branch.stop()

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing."""
        if isinstance(event, Failed) and event.trace is None:
            self._give_up(*self._waiting)
        commands: list[AnyCommand] = []
        for id_, member in tuple(self._live.items()):
            commands += member.on(event)
            if member.done:
                del self._live[id_]
        return commands + self.start()

    def _give_up(self, *waiting: Branch) -> None:
        for branch in waiting:
            self._waiting.remove(branch)
            self.unbegun.append(branch)
            branch.trace = replace(branch.trace, ended=Ended.STOPPED)
            branch.phase = Phase.DONE
