"""Damaged checkpoints and killed workers, end to end: what is told, lost, and how long it takes.

    python benchmarks/bad_input.py [--mutants 500] [--first 0] [--kills 50] [--model smollm2-135m]

Every mutant of the checkpoint goes the way of a face (described, its dialect derived) and then,
whatever came of that, into a worker of its own, which loads it and grows four tokens. Then workers
are killed (SIGKILL) at random moments of a Solve and of a Score.
"""

import argparse
import os
import queue
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kimidesk.checkpoints import catalog  # noqa: E402 — the mutants are those of the tests
from kimidesk.checkpoints.describe import describe  # noqa: E402
from kimidesk.checkpoints.gguf import read_header  # noqa: E402
from kimidesk.cli.backend import choose  # noqa: E402
from kimidesk.client.pipe import Pipe  # noqa: E402
from kimidesk.errors import KimiDeskError  # noqa: E402
from kimidesk.flows import Solve  # noqa: E402
from kimidesk.records import Attempt, Budget, Message, Problem, Sampling, Trace  # noqa: E402
from kimidesk.wire.columns import unpack  # noqa: E402
from kimidesk.wire.messages import (  # noqa: E402
    AnyEvent,
    Failed,
    FailureKind,
    Generate,
    Loaded,
    OpenCheckpoint,
    Started,
    TokensCame,
    TraceEnded,
)
from tests.checkpoints.mutants import Mutant, fields_of, gguf_mutant  # noqa: E402

PATIENCE_S = 120.0
ANSWER = 48
ASKED = "Write a short story about a whale and a lighthouse."
Rows = list[tuple[int, float, float]]


class Desk:
    """A worker and what came of it."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self.pipe = Pipe(self.events.put)
        self.rows: Rows = []

    def open(self, path: Path) -> AnyEvent:
        """Loaded, or Failed."""
        self.pipe.send([OpenCheckpoint(str(path), context=512, threads=1)])
        while not isinstance(event := self.events.get(timeout=PATIENCE_S), (Loaded, Failed)):
            pass
        return event

    def grow(self, tokens: int, prefix: tuple[int, ...] = ()) -> AnyEvent:
        """TraceEnded, or Failed; the rows that were told are in `rows`, whichever it is."""
        self.ask(tokens, prefix)
        while not isinstance(event := self.next(), (TraceEnded, Failed)):
            pass
        return event

    def ask(self, tokens: int, prefix: tuple[int, ...] = ()) -> None:
        """Begin a greedy trace."""
        said = (Message("user", ASKED),)
        attempt = Attempt("t", said, Sampling(temperature=0), Budget(answer=tokens), prefix=prefix)
        self.pipe.send([Generate(attempt)])

    def next(self) -> AnyEvent:
        """The next event; rows are kept."""
        event = self.events.get(timeout=PATIENCE_S)
        if isinstance(event, TokensCame):
            columns = unpack(event.columns)
            each = (columns.id.tolist(), columns.logprob.tolist(), columns.entropy.tolist())
            self.rows += zip(*each, strict=True)
        return event


def main() -> None:
    """Print three tables."""
    options = _options()
    source = catalog.resolve(options.model)
    if options.mutants:
        _mutants(source, options.first, options.mutants)
    if not options.kills:
        return
    _killed_solves(source, options.kills)
    _killed_scores(options.model, options.kills)


def _mutants(source: Path, first: int, count: int) -> None:
    raw = source.read_bytes()
    fields, head = fields_of(raw), read_header(source).data_start
    told: Counter[str] = Counter()
    face: Counter[str] = Counter()
    slowest, silent = 0.0, 0
    with tempfile.TemporaryDirectory(dir=_room()) as folder:
        path = Path(folder) / "mutant.gguf"
        path.write_bytes(raw)
        for number in range(first, first + count):
            mutant = gguf_mutant(number, raw, fields, head)
            _apply(path, raw, mutant)
            began = time.monotonic()
            face[_by_face(path)] += 1
            slowest = max(slowest, time.monotonic() - began)
            outcome, message = _by_worker(path)
            silent += not message
            told[outcome] += 1
            _undo(path, raw, mutant)
        after = _by_worker(path)[0]
    print(f"| {count} mutants from {first} on | |\n|---|---|")
    for outcome, times in [*face.most_common(), *told.most_common()]:
        print(f"| {outcome} | {times} |")
    print(f"| without a message | {silent} |")
    print(f"| the sound file afterwards | {after.removeprefix('worker: ')} |")
    print(f"| slowest description, s | {slowest:.2f} |\n", flush=True)


def _by_face(path: Path) -> str:
    """What `kimidesk solve --model` and the window do before they start a worker."""
    try:
        choose(str(path))
    except KimiDeskError as error:
        return f"face: {type(error).__name__}"
    return "face: described"


def _by_worker(path: Path) -> tuple[str, str]:
    """The outcome, and what a person is told."""
    desk = Desk()
    try:
        event = desk.open(path)
        if isinstance(event, Loaded):
            event = desk.grow(4)
    finally:
        desk.pipe.close()
    match event:
        case TraceEnded():
            return "worker: loads and answers", "an answer"
        case Failed(kind=FailureKind.ATTEMPT):
            return "worker: loads, the trace is refused or fails with its reason", event.what
        case Failed(kind=FailureKind.MODEL):
            return "worker: refused with its reason", event.what
        case Failed():
            how = re.search(r"SIG\w+", event.what)
            return f"worker: lost, told as {how[0] if how else event.what[:60]}", event.what
    raise AssertionError(event)


def _apply(path: Path, raw: bytes, mutant: Mutant) -> None:
    with path.open("r+b") as file:
        for at, new in mutant.changes:
            file.seek(at)
            file.write(new)
        if mutant.length is not None:
            file.truncate(mutant.length)


def _undo(path: Path, raw: bytes, mutant: Mutant) -> None:
    with path.open("r+b") as file:
        for at, new in mutant.changes:
            file.seek(at)
            file.write(raw[at : at + len(new)])
        if mutant.length is not None:
            file.seek(mutant.length)
            file.write(raw[mutant.length :])


def _killed_solves(source: Path, kills: int) -> None:
    """A worker dies; a fresh one draws the trace again and goes on, as the program does it."""
    chance = random.Random(11)
    peace, lasted, _ = _solved(source)
    whole = _rows(peace)
    waits: list[float] = []
    kept = same = chunked = 0
    for _ in range(kills):
        flow, _, death = _solved(source, kill_after_s=chance.uniform(0, lasted))
        assert death is not None
        waits.append(death.seconds)
        kept += death.told == whole[: len(death.told)]
        same += _rows(flow) == whole
        chunked += _read_as_a_prompt(source, death.told) == [id_ for id_, _, _ in whole]
    print("| worker killed in a Solve | |\n|---|---|")
    print(f"| kills | {kills} |")
    print(f"| what had been told is the trace's beginning, bit by bit | {kept} |")
    print(f"| it ends as in peace, bit by bit | {same} |")
    print(f"| the same tokens, had they been read as a prompt | {chunked} |")
    print(f"| seconds to the next new token, median | {statistics.median(waits):.2f} |")
    print(f"| seconds to the next new token, longest | {max(waits):.2f} |\n", flush=True)


class Death(NamedTuple):
    """What had been told when a worker was killed, and how long it took to go on."""

    told: Rows
    seconds: float


def _solved(source: Path, kill_after_s: float | None = None) -> tuple[Solve, float, Death | None]:
    """A whole Solve, the seconds from Started to its end, and how its first worker died."""
    desk = Desk()
    desk.open(source)
    said = (Message("user", ASKED),)
    budget = Budget(answer=ANSWER)
    attempt = Attempt("t", said, Sampling(temperature=0), budget)
    info = describe(source).info
    flow = Solve(Trace("t", Problem(ASKED), info, attempt.sampling, budget, 0), attempt)
    desk.pipe.send(flow.start())
    while not isinstance(event := desk.next(), Started):
        pass
    flow.on(event)
    began, death = time.monotonic(), None
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        with suppress(ProcessLookupError):
            os.kill(desk.pipe.pid, signal.SIGKILL)
        killed = time.monotonic()
        while not isinstance(event := desk.next(), Failed):
            flow.on(event)  # what was told before, perhaps all of it
        desk.pipe.close()
        told = _rows(flow)
        seconds = 0.0
        if flow.lost():
            desk = Desk()
            desk.open(source)
            desk.pipe.send(flow.again())
            while not flow.done and len(flow.columns) == len(told):
                flow.on(desk.next())
            seconds = time.monotonic() - killed
        death = Death(told, seconds)
    while not flow.done:
        flow.on(desk.next())
    desk.pipe.close()
    return flow, time.monotonic() - began, death


def _rows(flow: Solve) -> Rows:
    columns = flow.columns
    each = (columns.id.tolist(), columns.logprob.tolist(), columns.entropy.tolist())
    return list(zip(*each, strict=True))


def _read_as_a_prompt(source: Path, told: Rows) -> list[int]:
    """The ids of the trace where a fresh worker reads them in chunks, and goes on from there."""
    ids = tuple(id_ for id_, _, _ in told)
    if len(ids) == ANSWER:
        return list(ids)
    desk = Desk()
    desk.open(source)
    desk.grow(ANSWER - len(ids), ids)
    desk.pipe.close()
    return [*ids, *(id_ for id_, _, _ in desk.rows)]


def _killed_scores(model: str, kills: int) -> None:
    """The worker of a run is killed again and again, each time after a sample has landed."""
    chance = random.Random(12)
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        subprocess.run(_score(model, whole, kills), check=True, stdout=subprocess.DEVNULL)
        face = subprocess.Popen(_score(model, broken, kills), stdout=subprocess.DEVNULL)
        gaps, done, lost = [], 0, 0
        while done < kills and face.poll() is None:
            landed = _lines(broken)
            if not _wait_for(broken, len(landed) + 1, face):
                break
            time.sleep(chance.uniform(0, 1.0))
            before = _lines(broken)
            if not _kill_worker(face.pid):
                continue
            done += 1
            began = time.monotonic()
            if _wait_for(broken, len(before) + 1, face):
                gaps.append(time.monotonic() - began)
            lost += not set(before) <= set(_lines(broken))
        status = face.wait()
        same = (whole / "summary.json").read_bytes() == (broken / "summary.json").read_bytes()
    print("| worker killed in a Score | |\n|---|---|")
    print(f"| kills, exit status of the run | {done}, {status} |")
    print(f"| kills after which a landed sample was gone or changed | {lost} |")
    print(f"| summary.json against a run in peace | {'identical' if same else 'DIFFERENT'} |")
    print(f"| seconds to the next sample, median | {statistics.median(gaps):.2f} |", flush=True)


def _score(model: str, out: Path, kills: int) -> list[str]:
    suite = ROOT / "assets" / "suites" / "first_steps.jsonl"
    command = [sys.executable, "-m", "kimidesk", "--headless", "score", "--model", model]
    command += ["--data", str(suite), "--limit", "10", "--repeats", str(max(kills // 3, 1))]
    command += ["--max-answer-tokens", "32", "--seed", "1", "--slots", "1", "--threads", "1"]
    return [*command, "--quiet", "--out", str(out)]


def _lines(out: Path) -> list[str]:
    path = out / "samples.jsonl"
    return path.read_text().splitlines() if path.exists() else []


def _wait_for(out: Path, count: int, face: "subprocess.Popen[bytes]") -> bool:
    while face.poll() is None:
        if len(_lines(out)) >= count:
            return True
        time.sleep(0.02)
    return False


def _kill_worker(face: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(face).children():
            if "kimidesk.worker" in child.cmdline():
                child.kill()
                return True
    return False


def _room() -> str | None:
    """A file that is damaged 500 times need not touch a disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--model", default="smollm2-135m")
    return parser.parse_args()


if __name__ == "__main__":
    main()
