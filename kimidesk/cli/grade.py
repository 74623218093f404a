"""`kimidesk --headless grade`: verdicts on answers that somebody else's program wrote."""

import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Self

import click
import msgspec

from kimidesk.errors import BadData
from kimidesk.grading.process import GraderProcess
from kimidesk.records import Judgement, Verdict
from kimidesk.wire.messages import Judge, Judged

JOBS = min(4, os.cpu_count() or 1)
AHEAD = 64  # lines of each process that are read before they are needed

Scalar = str | int | float | bool | None


class Case(msgspec.Struct):
    """One line of what comes in; what else it says is passed over."""

    gold: Scalar | list[Scalar]
    id: Scalar = None
    pred: Scalar | msgspec.UnsetType = msgspec.UNSET
    output: Scalar | msgspec.UnsetType = msgspec.UNSET
    finish: str | None = None
    question: str | None = None


@click.command()
@click.option(
    "--in",
    "source",
    required=True,
    type=click.File("rb"),
    help="JSON lines with id, gold, and pred or output; - is stdin.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=JOBS,
    show_default=True,
    help="Grading processes.",
)
def grade(source: IO[bytes], jobs: int) -> int:
    """Judge answers: one JSON line for each line, in the same order, on stdout.

    A line is {"id", "gold", "pred"}, with an answer that was found already, or {"id", "gold",
    "output"} with all that a model wrote; "finish" (why it stopped; "length" is cut off) and
    "question" are read where they are there. A verdict is {"id", "verdict": "right" | "wrong" |
    "unparsed" | "error", "answer", "method", "reason", "answer_form", "gold_form"}.
    """
    out = sys.stdout.buffer
    with Graders(jobs) as graders:
        for told in graders.verdicts(_lines(source)):
            out.write(msgspec.json.encode(told) + b"\n")
            out.flush()
    return 0


def _lines(source: IO[bytes]) -> Iterator[tuple[Any, Judge | Verdict]]:
    """(id, what is to be judged, or what is wrong with the line)."""
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            case = msgspec.json.decode(line, type=Case)
            yield case.id, _asked(case, number)
        except (msgspec.DecodeError, UnicodeDecodeError, BadData) as error:
            reason = f"{source.name}:{number}: {error}"
            yield _id_of(line, number), Verdict(Judgement.ERROR, method="none", reason=reason)


def _id_of(line: bytes, number: int) -> Any:
    """Of a line that cannot be used: its own where it can be read, else the line's number."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return number
    return found["id"] if isinstance(found, dict) and "id" in found else number


def _asked(case: Case, number: int) -> Judge:
    bare = case.output is msgspec.UNSET
    given = case.pred if bare else case.output
    if given is msgspec.UNSET:
        raise BadData('neither "pred" nor "output" is there')
    return Judge(
        str(number),
        _text(given),
        _gold(case.gold),
        finish=case.finish or "",
        question=case.question or "",
        bare=bare,
    )


def _gold(gold: Scalar | list[Scalar]) -> str:
    return ", ".join(map(_text, gold)) if isinstance(gold, list) else _text(gold)


def _text(value: object) -> str:
    """As it was written: 5.0 is told as 5, true as true."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return str(value)


class Graders:
    """Some warm grading processes, that answer in the order in which they were asked."""

    def __init__(self, count: int, *, code_limit_s: float | None = None) -> None:
        self._changed = threading.Condition()
        self._verdicts: dict[str, Verdict] = {}
        self._open = [0] * count  # judgements under way in each
        self._processes = [
            GraderProcess(self._taker(index), code_limit_s=code_limit_s) for index in range(count)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.close()

    def verdicts(self, lines: Iterator[tuple[Any, Judge | Verdict]]) -> Iterator[dict[str, Any]]:
        """What is told of each line."""
        for id_, verdict in self.judged(lines):
            yield _told(id_, verdict)

    def judged(self, lines: Iterator[tuple[Any, Judge | Verdict]]) -> Iterator[tuple[Any, Verdict]]:
        """The verdicts in order, as far ahead of the slowest as `AHEAD` allows."""
        waiting: deque[tuple[Any, Judge | Verdict]] = deque()
        for each in lines:
            waiting.append(each)
            if isinstance(each[1], Judge):
                self._submit(each[1])
            while len(waiting) >= AHEAD * len(self._processes):
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _submit(self, judge: Judge) -> None:
        with self._changed:
            index = self._open.index(min(self._open))
            self._open[index] += 1
        self._processes[index].submit(judge)

    def _taker(self, index: int) -> Any:
        def take(judged: Judged) -> None:
            with self._changed:
                self._open[index] -= 1
                self._verdicts[judged.trace] = judged.verdict
                self._changed.notify()

        return take

    def _next(self, waiting: deque[tuple[Any, Judge | Verdict]]) -> tuple[Any, Verdict]:
        id_, asked = waiting.popleft()
        if isinstance(asked, Verdict):
            return id_, asked
        with self._changed:
            self._changed.wait_for(lambda: asked.trace in self._verdicts)
            return id_, self._verdicts.pop(asked.trace)


def _told(id_: Any, verdict: Verdict) -> dict[str, Any]:
    return {
        "id": id_,
        "verdict": verdict.judgement.value,
        "answer": verdict.extracted or None,
        "method": verdict.method,
        "reason": verdict.reason,
        "answer_form": verdict.form,
        "gold_form": verdict.expected_form,
    }
