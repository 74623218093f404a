"""HumanEval's files: problems, completions of them, and a result for each."""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from kimidesk.errors import BadData
from kimidesk.grading.code.extract import Check
from kimidesk.records import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Completion:
    """What a checkpoint wrote for a problem."""

    task: str
    text: str
    check: Check
    row: dict[str, Any]  # as the file has it


def read_problems(path: Path) -> dict[str, Check]:
    """What checks each problem, by its id. Raises BadData."""
    return {_task(row, place): _check(row, place) for place, row in _rows(path)}


def read_completions(path: Path, problems: Mapping[str, Check]) -> list[Completion]:
    """Every row of a file of completions. Raises BadData, also for a problem that is not there."""
    found = []
    for place, row in _rows(path):
        task, text = _task(row, place), row.get("completion")
        if not isinstance(text, str):
            raise BadData(f"{place} has no completion", hint="Each line needs task_id, completion.")
        if task not in problems:
            raise BadData(f"{place}: there is no problem {task!r}", hint="Check --problems.")
        found.append(Completion(task, text, problems[task], row))
    return found


class Results:
    """A line a completion, in their order; what an interrupted run has judged is taken up again."""

    def __init__(
        self,
        path: Path,
        completions: Sequence[Completion],
        problems: Mapping[str, Check],
        limit_s: float,
    ) -> None:
        self._path, self._partial = path, path.with_name(path.name + ".partial")
        self._completions = completions
        said = [*((c.task, c.text) for c in completions), *problems.items(), limit_s]
        digest = hashlib.blake2b(msgspec.json.encode(said), digest_size=8)
        self._identity = {"of": digest.hexdigest()}
        self._file: IO[str] | None = None
        self.lines: list[dict[str, Any]] = []

    def add(self, verdict: Verdict) -> None:
        """The next completion's; kept when this returns."""
        line = {
            **self._completions[len(self.lines)].row,
            "result": "passed" if verdict.right else verdict.reason,
            "passed": verdict.right,
            "judgement": str(verdict.judgement),
        }
        self._write(line)
        self.lines.append(line)

    def __enter__(self) -> Self:
        self.lines = self._kept()
        self._file = self._partial.open("w", encoding="utf-8")
        for line in (self._identity, *self.lines):
            self._write(line)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        assert self._file is not None
        self._file.close()
        if kind is not None:
            return
        whole = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
        self._partial.write_text(whole, encoding="utf-8")
        os.replace(self._partial, self._path)

    def _write(self, line: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def _kept(self) -> list[dict[str, Any]]:
        if not self._partial.is_file():
            return []
        lines = []
        for text in self._partial.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                lines.append(json.loads(text))
            except ValueError:  # the last, half written
                break
        if lines[:1] != [self._identity]:
            return []
        kept = lines[1 : len(self._completions) + 1]
        errors = (n for n, line in enumerate(kept) if line["judgement"] == Judgement.ERROR)
        return kept[: next(errors, len(kept))]


def _rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadData(f"{path} cannot be read: {error}") from error
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"line {number} of {path}"
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadData(f"{place} is no JSON: {error}") from error
            if not isinstance(row, dict):
                raise BadData(f"{place} is no JSON object")
            rows.append((place, row))
    if not rows:
        raise BadData(f"{path} is empty")
    return rows


def _task(row: Mapping[str, Any], place: str) -> str:
    task = row.get("task_id")
    if not isinstance(task, (str, int)):
        raise BadData(f"{place} has no task_id")
    return str(task)


def _check(row: Mapping[str, Any], place: str) -> Check:
    prompt, tests, entry = (row.get(name) for name in ("prompt", "test", "entry_point"))
    if isinstance(prompt, str) and isinstance(tests, str) and isinstance(entry, str):
        return Check("humaneval", tests, prompt, entry)
    asserts = row.get("test_list", tests)
    if isinstance(asserts, list) and asserts and all(isinstance(one, str) for one in asserts):
        before = [row.get("test_setup_code") or "", *(row.get("test_imports") or [])]
        return Check("mbpp", "\n".join([*filter(None, before), *asserts]))
    raise BadData(
        f"{place} is a problem neither of HumanEval nor of MBPP",
        hint="HumanEval has prompt, test and entry_point; MBPP has test_list, a list of asserts.",
    )
