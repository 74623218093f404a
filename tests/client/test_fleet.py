"""Several workers behave as one: real processes, of which some die."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kimidesk.client import fleet as module
from kimidesk.client.fleet import Fleet, Place
from kimidesk.client.pipe import Pipe
from kimidesk.records import Attempt, Budget, CheckpointInfo, Ended, Message
from kimidesk.wire.link import Tell
from kimidesk.wire.messages import (
    AnyEvent,
    Cancel,
    Failed,
    FailureKind,
    Generate,
    Loaded,
    OpenCheckpoint,
    TraceEnded,
)

LIMIT_S = 60.0
SLOTS = 3


class Hall:
    """A fleet, the pipes that it started, and what it told."""

    def __init__(self, script: Path) -> None:
        self.events: list[AnyEvent] = []
        self.news: list[str] = []
        self.pipes: dict[str, list[Pipe]] = {}
        self.opening = OpenCheckpoint(f"scripted:{script}", slots=SLOTS)
        self.fleet: Fleet
        self._came = threading.Condition()

    def place(self, name: str, opening: OpenCheckpoint | None = None) -> Place:
        def start(tell: Tell) -> Pipe:
            pipe = Pipe(tell)
            self.pipes.setdefault(name, []).append(pipe)
            return pipe

        return Place(name, opening or self.opening, start)

    def open(self, *places: Place, **how: Any) -> Fleet:
        self.fleet = Fleet(self.tell, places, news=self.news.append, **how)
        self.fleet.send([self.opening])
        return self.fleet

    def tell(self, event: AnyEvent) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def wait(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + LIMIT_S
        while not true():
            self.fleet.check()
            with self._came:
                self._came.wait(0.1)
            assert time.monotonic() < end, f"{what}: {self.events[-3:]} {self.news}"

    def wait_for_room(self, room: int) -> None:
        self.wait(lambda: self.fleet.room == room, f"room for {room}")

    def grow(self, *names: str) -> None:
        self.fleet.send([Generate(_attempt(name)) for name in names])

    def over(self) -> dict[str, AnyEvent]:
        """How each trace ended; the last word counts."""
        ends = [e for e in self.events if isinstance(e, TraceEnded | Failed) and e.trace]
        return {str(event.trace): event for event in ends}


def _attempt(name: str) -> Attempt:
    return Attempt(name, (Message("user", "Recite."),), budget=Budget(answer=200))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.json"
    recitations = [{"match": "", "text": " word", "repeat": 40}]
    path.write_text(json.dumps({"tokens_per_s": 20, "recitations": recitations}))
    return path


@pytest.fixture
def hall(script: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    monkeypatch.setattr(module, "PAUSE_S", 0.2)
    hall = Hall(script)
    yield hall
    hall.fleet.close()


def test_traces_are_spread_and_all_of_them_end(hall: Hall):
    fleet = hall.open(hall.place("a"), hall.place("b"))
    hall.wait_for_room(2 * SLOTS)
    names = [f"t{n}" for n in range(2 * SLOTS)]
    hall.grow(*names)
    hall.wait(lambda: len(hall.over()) == len(names), "all end")
    assert all(isinstance(event, TraceEnded) for event in hall.over().values())
    assert fleet.ended == {"a": SLOTS, "b": SLOTS}
    assert sum(isinstance(event, Loaded) for event in hall.events) == 1


def test_a_killed_worker_gives_its_traces_back_and_comes_again(hall: Hall):
    hall.open(hall.place("a"), hall.place("b"))
    hall.wait_for_room(2 * SLOTS)
    names = [f"t{n}" for n in range(2 * SLOTS)]
    hall.grow(*names)
    os.kill(hall.pipes["a"][0].pid, signal.SIGKILL)
    hall.wait(lambda: len(hall.over()) == len(names), "all end or come back")
    back = {name: event for name, event in hall.over().items() if isinstance(event, Failed)}
    assert len(back) == SLOTS
    assert {event.kind for event in back.values()} == {FailureKind.WORKER}
    assert not any(isinstance(e, Failed) and e.trace is None for e in hall.events)
    assert "a is lost: the worker was killed (SIGKILL)" in hall.news[0]
    hall.wait(lambda: hall.fleet.room > SLOTS, "a comes again, with fewer slots")
    assert "a is there again" in hall.news
    hall.grow(*back)
    hall.wait(lambda: all(isinstance(e, TraceEnded) for e in hall.over().values()), "they end")


def test_a_trace_waits_while_no_place_is_there(hall: Hall):
    hall.open(hall.place("a"))
    hall.wait_for_room(SLOTS)
    os.kill(hall.pipes["a"][0].pid, signal.SIGKILL)
    hall.wait_for_room(0)
    hall.grow("late", "later")
    hall.fleet.send([Cancel("later")])
    hall.wait(lambda: len(hall.over()) == 2, "both end")
    ends = {name: e.ended for name, e in hall.over().items() if isinstance(e, TraceEnded)}
    assert ends == {"late": Ended.ANSWERED, "later": Ended.STOPPED}


def test_a_place_that_cannot_open_is_told_and_the_others_go_on(hall: Hall):
    wrong = OpenCheckpoint("scripted:nowhere.json", slots=SLOTS)
    hall.open(hall.place("bad", wrong), hall.place("good"))
    hall.wait_for_room(SLOTS)
    hall.grow("t")
    hall.wait(lambda: "t" in hall.over(), "it ends")
    assert isinstance(hall.over()["t"], TraceEnded)
    hall.wait(lambda: len(hall.pipes["bad"]) > 1, "it is tried again")
    assert [line for line in hall.news if line.startswith("bad is lost")] == hall.news


def test_where_no_place_opens_at_all_the_flow_is_told_why(hall: Hall):
    wrong = OpenCheckpoint("scripted:nowhere.json", slots=SLOTS)
    hall.open(hall.place("one", wrong), hall.place("two", wrong))
    hall.wait(lambda: bool(hall.events), "the failure")
    (failed,) = hall.events
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.MODEL
    assert "one: " in failed.what
    assert "two: " in failed.what


def test_another_checkpoint_is_not_taken(hall: Hall):
    def agrees(theirs: CheckpointInfo) -> str:
        return "" if theirs.slots == SLOTS else "it is another one"

    other = OpenCheckpoint(hall.opening.ref, slots=1)
    hall.open(hall.place("other", other), hall.place("same"), agrees=agrees)
    hall.wait_for_room(SLOTS)
    hall.wait(lambda: "other is lost: it is another one" in hall.news, "it is said")


def test_places_come_and_go(hall: Hall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LOOK_S", 0.1)
    here = [hall.place("a")]
    hall.open(*here, look=lambda: here)
    hall.wait_for_room(SLOTS)
    hall.grow("t1")
    here[:] = [hall.place("b")]
    hall.wait(lambda: "t1" in hall.over(), "it comes back")
    assert isinstance(hall.over()["t1"], Failed)
    hall.wait_for_room(SLOTS)
    hall.grow("t1")
    hall.wait(lambda: isinstance(hall.over()["t1"], TraceEnded), "b ends it")
    assert hall.fleet.ended == {"a": 0, "b": 1}
    assert "b has come" in hall.news


def test_after_it_is_closed_nothing_is_told_and_no_process_stays(hall: Hall):
    fleet = hall.open(hall.place("a"), hall.place("b"))
    hall.wait_for_room(2 * SLOTS)
    hall.grow("t1", "t2")
    fleet.close()
    told = len(hall.events)
    time.sleep(0.3)
    assert len(hall.events) == told
    for pipe in (each for pipes in hall.pipes.values() for each in pipes):
        with pytest.raises(ProcessLookupError):
            os.kill(pipe.pid, 0)
