"""Watching a run's folder while another process works on it: what was added, and how it goes.

live.json stands in the folder while a process works on the run: who it is, how many samples it
plans, how fast it goes.
"""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from kimidesk.errors import NotFound, StoreError
from kimidesk.records import Finish, Judgement, Sample
from kimidesk.store.owner import alive
from kimidesk.store.verdicts import BY_HAND, OVERRIDES, SCORES, judged_anew

LIVE, SAMPLES = "live.json", "samples.jsonl"
QUESTION = 160  # characters of a question that a row keeps


@dataclass(frozen=True, slots=True)
class Live:
    """How the process goes that works on a run; written about every two seconds."""

    owner: str  # see `store.owner`
    planned: int  # samples of the whole run
    tokens_per_s: float = 0.0
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A sample without its texts, which stand at `start` of the file."""

    start: int
    number: int
    repeat: int
    cut: int | None
    name: str
    question: str
    expected: str
    answer: str
    judgement: Judgement | None
    finish: Finish
    thinking: int
    tokens: int
    subject: str
    level: str
    by_hand: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.number, self.repeat, -1 if self.cut is None else self.cut)


@dataclass(frozen=True, slots=True)
class Seen:
    """A run's folder as it was looked at."""

    rows: tuple[Row, ...] = ()  # one a key, by key
    stop: int = 0  # bytes of samples.jsonl that are read
    stamp: tuple[float, ...] = ()  # what tells that something has changed
    live: Live | None = None
    torn: int = 0  # lines that could not be read
    own: tuple[Row, ...] = ()  # of the run itself, without the cuts of a sweep
    disputed: frozenset[tuple[int, int, int]] = frozenset()  # of those; see `disputed`
    groups: tuple[str, ...] = ()  # subjects and levels of those


def stamp_of(folder: Path) -> tuple[float, ...]:
    """Changes whenever a file of the run does."""
    return tuple(
        moment for name in (SAMPLES, SCORES, OVERRIDES, LIVE) for moment in _stat(folder / name)
    )


def look(folder: Path, before: Seen = Seen()) -> Seen:  # frozen
    """What the folder holds now; of what was seen `before` only the rest is read.

    Raises NotFound where there is no run, StoreError.
    """
    if not (folder / "run.json").is_file():
        raise NotFound(
            f"{folder} is no run: it has no run.json",
            hint="Choose the folder that `score --out` made.",
        )
    stamp, path = stamp_of(folder), folder / SAMPLES
    judged_again = stamp[2:6] != before.stamp[2:6]
    size = path.stat().st_size if path.exists() else 0
    if judged_again or size < before.stop:
        before = Seen()
    decoder = msgspec.json.Decoder(Sample)
    rows = {row.key: row for row in before.rows}
    start, torn, fresh, places = before.stop, before.torn, list[Sample](), list[int]()
    try:
        with path.open("rb") if path.exists() else open(os.devnull, "rb") as file:
            file.seek(start)
            for line in file:
                if not line.endswith(b"\n"):
                    break  # still being written
                try:
                    fresh.append(decoder.decode(line))
                    places.append(start)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    torn += 1
                start += len(line)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    for place, sample in zip(places, judged_anew(folder, fresh), strict=True):
        row = _row(place, sample)
        rows[row.key] = row
    told = replace(before, stop=start, stamp=stamp, live=live_of(folder), torn=torn)
    if not fresh:
        return told
    ordered = tuple(rows[key] for key in sorted(rows))
    made = tuple(row for row in ordered if row.cut is None)
    groups = {row.subject for row in made} | {row.level for row in made}
    return replace(
        told,
        rows=ordered,
        own=made,
        disputed=frozenset(disputed(made)),
        groups=tuple(sorted(groups - {""})),
    )


def sample_at(folder: Path, row: Row) -> Sample:
    """The whole sample of a row; raises StoreError."""
    try:
        with (folder / SAMPLES).open("rb") as file:
            file.seek(row.start)
            sample = msgspec.json.decode(file.readline(), type=Sample)
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(f"{folder / SAMPLES} cannot be read: {error}") from error
    return next(judged_anew(folder, [sample]))


def live_of(folder: Path) -> Live | None:
    """How the process goes that works on a run; None where none does."""
    try:
        live = msgspec.json.decode((folder / LIVE).read_bytes(), type=Live)
    except (OSError, msgspec.DecodeError):
        return None
    return live if alive(live.owner) else None


def ask_to_stop(folder: Path) -> bool:
    """Ask that process to finish what is in flight and stop; False where none works on the run."""
    live = live_of(folder)
    if live is None:
        return False
    os.kill(int(live.owner.partition(":")[0]), signal.SIGINT)
    return True


def disputed(rows: Sequence[Row]) -> set[tuple[int, int, int]]:
    """Where repeats of a problem disagree, the grader failed, or a person spoke."""
    verdicts: dict[tuple[int, int | None], set[Judgement | None]] = {}
    for row in rows:
        verdicts.setdefault((row.number, row.cut), set()).add(row.judgement)
    return {
        row.key
        for row in rows
        if row.by_hand
        or row.judgement is Judgement.ERROR
        or (
            len(verdicts[row.number, row.cut]) > 1
            and Judgement.RIGHT in verdicts[row.number, row.cut]
        )
    }


def _row(start: int, sample: Sample) -> Row:
    verdict = sample.verdict
    question = " ".join(sample.problem.split())
    return Row(
        start,
        sample.number,
        sample.repeat,
        sample.cut,
        sample.name,
        question if len(question) <= QUESTION else question[: QUESTION - 1] + "…",
        sample.expected[:QUESTION],
        verdict.extracted[:QUESTION] if verdict is not None else "",
        verdict.judgement if verdict is not None else None,
        sample.finish,
        sample.thinking_tokens,
        sample.thinking_tokens + sample.answer_tokens,
        sample.subject,
        sample.level,
        verdict is not None and verdict.method == BY_HAND,
    )


def judged_as(row: Row, judgement: Judgement) -> Row:
    """The row as a person has just judged it."""
    return replace(row, judgement=judgement, by_hand=True)


def _stat(path: Path) -> tuple[float, float]:
    try:
        told = path.stat()
    except OSError:
        return (0.0, 0.0)
    return (told.st_mtime, float(told.st_size))
