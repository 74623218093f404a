"""A true worker process, on a scripted checkpoint, through everything that may happen to it."""

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kimidesk.client.launch import worker_command, worker_environment
from kimidesk.client.pipe import Pipe
from kimidesk.flows import Solve
from kimidesk.records import (
    Attempt,
    Budget,
    CheckpointInfo,
    Ended,
    Message,
    Problem,
    Sampling,
    Trace,
    Wish,
)
from kimidesk.wire.frames import command_reader, encode, event_reader
from kimidesk.wire.messages import (
    AnyEvent,
    Cancel,
    Failed,
    FailureKind,
    Generate,
    Judge,
    Loaded,
    OpenCheckpoint,
    Ready,
    Started,
    Steer,
    TokensCame,
    TraceEnded,
)

RECITATIONS: list[dict[str, Any]] = [
    {"match": "2+2", "text": "<think>Two and two.</think>The answer is \\boxed{4}."},
    {"match": "crash", "text": "a b c", "then": "crash"},
    {"match": "hang", "text": "a b c", "then": "hang"},
    {"match": "fail", "text": "a b c", "then": "fail"},
    {"match": "long", "text": "word", "then": "silent"},
    {"match": "bytes", "tokens": [{"hex": "e4bd"}, {"hex": "a0", "entropy": 1.5}]},
]


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    def write(**values: Any) -> Path:
        path = tmp_path / "script.json"
        path.write_text(json.dumps({"thinks": True, "recitations": RECITATIONS, **values}))
        return path

    return write


class Desk:
    """The parent's side: a Pipe, and what came through it."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self.pipe = Pipe(self.events.put)
        self.seen: list[AnyEvent] = []

    def open(self, path: Path, **options: Any) -> CheckpointInfo:
        self.pipe.send([OpenCheckpoint(f"scripted:{path}", **options)])
        while not isinstance(event := self.next(), Loaded):
            assert not isinstance(event, Failed), event
        return event.checkpoint

    def next(self) -> AnyEvent:
        event = self.events.get(timeout=20)
        self.seen.append(event)
        return event

    def solve(self, text: str, checkpoint: CheckpointInfo, budget: Budget = Budget()) -> Solve:
        flow = begin(text, checkpoint, budget)
        self.pipe.send(flow.start())
        while not flow.done:
            if any(isinstance(command, Judge) for command in flow.on(self.next())):
                break
        return flow


def begin(text: str, checkpoint: CheckpointInfo, budget: Budget = Budget()) -> Solve:
    trace = Trace(text, Problem(text, "4"), checkpoint, Sampling(), budget, 0)
    return Solve(trace, Attempt(text, (Message("user", text),), budget=budget))


def gone(pid: int) -> bool:
    """Whether the process has ended, or does within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.pipe.close()


def test_a_trace_comes_through_whole(desk: Desk, script: Callable[..., Path]):
    flow = desk.solve("what is 2+2", desk.open(script()))

    assert flow.parts.thinking == "Two and two."
    assert flow.parts.answer == "The answer is \\boxed{4}."
    assert flow.trace.ended is Ended.ANSWERED
    assert flow.trace.closing == 1
    assert flow.lexicon[int(flow.columns.id[-1])] == b"<|end|>"


def test_a_character_split_between_tokens_arrives(desk: Desk, script: Callable[..., Path]):
    flow = desk.solve("bytes", desk.open(script()))

    assert flow.said == "你"
    assert flow.columns.entropy.tolist()[1] == 1.5


def test_at_most_thirty_frames_a_second(desk: Desk, script: Callable[..., Path]):
    flow = desk.solve("long", desk.open(script(tokens_per_s=400)), Budget(answer=400))
    frames = sum(isinstance(event, TokensCame) for event in desk.seen)

    assert len(flow.columns) == 400
    assert frames <= 34


def test_a_crash_is_told_and_a_fresh_worker_can_be_started(desk: Desk, script: Callable[..., Path]):
    flow = desk.solve("crash", desk.open(script()))

    assert flow.trace.ended is Ended.FAILED
    assert flow.trace.reason == "the worker crashed (SIGSEGV)"
    again = Desk()
    assert again.solve("what is 2+2", again.open(script())).trace.ended is Ended.ANSWERED
    again.pipe.close()


def test_a_killed_worker_is_told(desk: Desk, script: Callable[..., Path]):
    checkpoint = desk.open(script(tokens_per_s=50))
    flow = begin("long", checkpoint)
    desk.pipe.send(flow.start())
    while not len(flow.columns):
        flow.on(desk.next())
    os.kill(desk.pipe.pid, signal.SIGKILL)
    while not flow.done:
        flow.on(desk.next())

    assert "was killed (SIGKILL)" in flow.trace.reason
    assert len(flow.columns) > 0


def test_a_hung_worker_is_killed_and_told(
    desk: Desk, script: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kimidesk.client.session.SILENCE_LIMIT_S", 2.5)
    checkpoint = desk.open(script())
    flow = begin("hang", checkpoint)
    desk.pipe.send(flow.start())
    deadline = time.monotonic() + 15
    while not flow.done and time.monotonic() < deadline:
        desk.pipe.check()
        try:
            flow.on(desk.events.get(timeout=0.2))
        except queue.Empty:
            continue

    assert "has not been heard of" in flow.trace.reason
    assert gone(desk.pipe.pid)


def test_a_worker_that_stood_still_a_while_goes_on(desk: Desk, script: Callable[..., Path]):
    checkpoint = desk.open(script(tokens_per_s=50))
    flow = begin("long", checkpoint, Budget(answer=40))
    desk.pipe.send(flow.start())
    while not len(flow.columns):
        flow.on(desk.next())
    os.kill(desk.pipe.pid, signal.SIGSTOP)
    time.sleep(1.5)
    desk.pipe.check()
    os.kill(desk.pipe.pid, signal.SIGCONT)
    while flow.trace.ended is None:
        flow.on(desk.next())

    assert flow.trace.ended is Ended.BUDGET
    assert len(flow.columns) == 40


def test_a_terminated_worker_is_told(desk: Desk, script: Callable[..., Path]):
    flow = begin("long", desk.open(script(tokens_per_s=50)))
    desk.pipe.send(flow.start())
    while not len(flow.columns):
        flow.on(desk.next())

    os.kill(desk.pipe.pid, signal.SIGTERM)
    while not flow.done:
        flow.on(desk.next())

    assert flow.trace.reason == "the worker was ended from outside (SIGTERM)"


def test_a_storm_of_wishes_cancels_and_repeats_leaves_the_worker_whole(
    desk: Desk, script: Callable[..., Path]
):
    checkpoint = desk.open(script(), slots=4)
    for number in range(300):
        (command,) = begin(f"long {number % 7}", checkpoint, Budget(answer=30)).start()
        desk.pipe.send([command, Steer(f"long {number % 5}", Wish.ANSWER_NOW)])
        desk.pipe.send([Cancel(f"long {number % 3}"), Cancel("never there")])

    assert desk.solve("what is 2+2", checkpoint).trace.ended in (Ended.ANSWERED, Ended.FAILED)
    while growing(desk.seen) > 0:
        desk.next()
    assert desk.solve("bytes", checkpoint).said == "你"


def growing(seen: list[AnyEvent]) -> int:
    """How many traces were accepted and have not ended; one that waited ends without a start."""
    live = set[str]()
    for event in seen:
        if isinstance(event, Started):
            live.add(event.trace)
        elif isinstance(event, TraceEnded):
            live.discard(event.trace)
    return len(live)


def test_an_engine_that_fails_says_why(desk: Desk, script: Callable[..., Path]):
    flow = desk.solve("fail", desk.open(script()))

    assert flow.trace.reason == "the script says that the engine fails here"


def test_a_missing_script_makes_the_model_unusable(desk: Desk, tmp_path: Path):
    desk.pipe.send([OpenCheckpoint(f"scripted:{tmp_path / 'no'}")])
    while not isinstance(event := desk.next(), Failed):
        pass

    assert event.kind is FailureKind.MODEL
    assert "No such file" in event.what


def test_an_attempt_that_is_refused_leaves_the_worker_alive(
    desk: Desk, script: Callable[..., Path]
):
    checkpoint = desk.open(script(context=8))

    refused = desk.solve("one two three four five six seven eight nine long", checkpoint)

    assert refused.trace.ended is Ended.FAILED
    assert "the prompt is 10 tokens; a trace may use 8" in refused.trace.reason
    assert desk.solve("bytes", checkpoint).said == "你"


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"sampling": Sampling(temperature=float("nan"))}, "temperature is nan"),
        ({"sampling": Sampling(top_p=2)}, "top-p is 2"),
        ({"sampling": Sampling(repetition_penalty=0)}, "repetition penalty is 0"),
        ({"budget": Budget(answer=0)}, "answer budget is 0"),
        ({"budget": Budget(thinking=-1)}, "thinking budget is -1"),
    ],
)
def test_what_cannot_be_drawn_by_is_refused(
    desk: Desk, script: Callable[..., Path], odd: dict[str, Any], why: str
):
    desk.open(script())

    desk.pipe.send([Generate(Attempt("t", (Message("user", "2+2"),), **odd))])
    event = desk.next()

    assert isinstance(event, Failed)
    assert (event.kind, event.trace) == (FailureKind.ATTEMPT, "t")
    assert why in event.what


def test_a_trace_can_be_cancelled_and_keeps_what_it_has(desk: Desk, script: Callable[..., Path]):
    checkpoint = desk.open(script(tokens_per_s=100))
    flow = begin("long", checkpoint)
    desk.pipe.send(flow.start())
    while not len(flow.columns):
        flow.on(desk.next())
    desk.pipe.send(flow.stop())
    while flow.trace.ended is None:
        flow.on(desk.next())

    assert flow.trace.ended is Ended.STOPPED
    assert flow.said.startswith("word")


def test_many_traces_grow_at_once(desk: Desk, script: Callable[..., Path]):
    checkpoint = desk.open(script(tokens_per_s=100), slots=3)
    flows = [begin(f"long {n}", checkpoint, Budget(answer=20)) for n in range(3)]
    for flow in flows:
        desk.pipe.send(flow.start())
    while any(flow.trace.ended is None for flow in flows):
        event = desk.next()
        for flow in flows:
            flow.on(event)

    assert [len(flow.columns) for flow in flows] == [20, 20, 20]


def test_more_traces_than_slots_take_their_turns(desk: Desk, script: Callable[..., Path]):
    checkpoint = desk.open(script(tokens_per_s=200), slots=2)
    flows = [begin(f"long {n}", checkpoint, Budget(answer=10)) for n in range(5)]
    for flow in flows:
        desk.pipe.send(flow.start())
    desk.pipe.send(flows[3].stop())  # it waits, and never begins
    while any(flow.trace.ended is None for flow in flows):
        event = desk.next()
        for flow in flows:
            flow.on(event)

    assert [len(flow.columns) for flow in flows] == [10, 10, 10, 0, 10]
    assert flows[3].trace.ended is Ended.STOPPED
    started = [event.trace for event in desk.seen if isinstance(event, Started)]
    assert started == [flows[n].trace.id for n in (0, 1, 2, 4)]


def test_a_thought_over_its_budget_is_closed_by_force(desk: Desk, script: Callable[..., Path]):
    recitation = {"match": "", "text": "<think>" + "hm " * 50, "then": "silent"}
    checkpoint = desk.open(script(recitations=[recitation]))

    flow = desk.solve("think", checkpoint, Budget(thinking=10, answer=5))

    assert flow.trace.ended is Ended.BUDGET
    assert flow.parts.answer is not None
    assert int(flow.columns.forced.sum()) == 1
    assert flow.answer_tokens == 5


def test_closing_ends_the_worker_within_two_seconds(script: Callable[..., Path]):
    desk = Desk()
    checkpoint = desk.open(script(tokens_per_s=50))
    desk.pipe.send(begin("long", checkpoint).start())
    started = time.monotonic()

    desk.pipe.close()

    assert time.monotonic() - started < 2
    assert not psutil.pid_exists(desk.pipe.pid)


def test_a_worker_whose_parent_was_killed_ends_itself(script: Callable[..., Path]):
    code = (
        "import os, signal, sys\n"
        "from kimidesk.client.pipe import Pipe\n"
        "pipe = Pipe(lambda event: None)\n"
        "print(pipe.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    worker = int(parent.stdout)

    assert gone(worker)


def test_prints_do_not_reach_the_frames_and_garbage_ends_the_worker():
    process = subprocess.run(
        worker_command(),
        input=b"\xff\xff\xff\xff garbage",
        capture_output=True,
        env=worker_environment(),
        timeout=30,
        check=False,
    )
    events = event_reader().feed(process.stdout)

    assert process.returncode == 2
    assert isinstance(events[0], Ready)
    assert isinstance(events[1], Failed)
    assert "claims 4,294,967,295 bytes" in events[1].what


def test_a_pipe_that_closes_amid_a_frame_ends_the_worker_without_a_word():
    frame = encode(OpenCheckpoint("x"))
    process = subprocess.run(
        worker_command(),
        input=frame[:-3],
        capture_output=True,
        env=worker_environment(),
        timeout=30,
        check=False,
    )

    assert process.returncode == 0
    assert [type(event) for event in event_reader().feed(process.stdout)] == [Ready]
    assert b"Traceback" not in process.stderr


def test_a_worker_imports_no_qt_and_no_database():
    code = (
        "import sys, kimidesk.worker.main, kimidesk.engines.scripted\n"
        "print([n for n in ('PySide6', 'sqlite3', 'kimidesk.store') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True)

    assert out.stdout.strip() == b"[]"


def test_commands_are_read_as_they_are_written(script: Callable[..., Path]):
    command = OpenCheckpoint("x", slots=3)

    assert command_reader().feed(encode(command)) == [command]


def test_attempts_wait_for_a_slot_and_may_be_let_go_meanwhile(
    desk: Desk, script: Callable[..., Path]
):
    # The first must still grow when the cancel comes, whatever else the machine does.
    checkpoint = desk.open(script(tokens_per_s=10), slots=1)
    flows = {text: begin(text, checkpoint) for text in ("what is 2+2", "bytes", "again 2+2")}
    for flow in flows.values():
        desk.pipe.send(flow.start())
    desk.pipe.send([Cancel("bytes")])

    order = []
    while len(order) < 3:
        event = desk.next()
        assert not isinstance(event, Failed), event
        if isinstance(event, TraceEnded):
            order.append((event.trace, event.ended))

    assert sorted(order) == [
        ("again 2+2", Ended.ANSWERED),
        ("bytes", Ended.STOPPED),
        ("what is 2+2", Ended.ANSWERED),
    ]
    begun = [event.trace for event in desk.seen if isinstance(event, Started)]
    assert begun == ["what is 2+2", "again 2+2"], "who was let go never began"
