"""What was judged of a run's samples since they landed: anew by a grader, or by a person.

scores.jsonl     the verdicts of the last `rescore`, written whole; it can be made again
overrides.jsonl  what people said, one line each time, never changed; the last word counts
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from kimidesk.errors import StoreError
from kimidesk.records import Judgement, Sample, SampleStatus, Verdict
from kimidesk.store.whole import whole

SCORES, OVERRIDES = "scores.jsonl", "overrides.jsonl"
BY_HAND = "by hand"  # the method of a verdict that a person gave

Key = tuple[int, int, int]
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Score:
    """A verdict on a sample whose output and gold are `of`."""

    number: int
    repeat: int
    cut: int | None
    of: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Override:
    """What a person said of a sample; "" takes back what was said before."""

    number: int
    repeat: int
    judgement: str
    cut: int | None = None
    by: str = ""
    at: float = 0.0  # seconds since 1970
    reason: str = ""

    @property
    def key(self) -> Key:
        return (self.number, self.repeat, -1 if self.cut is None else self.cut)


def judged_anew(folder: Path, samples: Iterable[Sample]) -> Iterator[Sample]:
    """The samples with what has been judged since; raises StoreError."""
    scores = {
        (each.number, each.repeat, -1 if each.cut is None else each.cut): each
        for each in _lines(folder / SCORES, Score)
    }
    said = {each.key: each for each in _lines(folder / OVERRIDES, Override)}
    for sample in samples:
        if sample.status is SampleStatus.DONE and (scores or said):
            yield _judged(sample, scores.get(sample.key), said.get(sample.key))
        else:
            yield sample


def _judged(sample: Sample, score: Score | None, said: Override | None) -> Sample:
    if score is not None and score.of == content_of(sample):
        sample = replace(sample, verdict=score.verdict)
    if said is None or said.judgement not in set(Judgement):
        return sample
    before = sample.verdict or Verdict(Judgement.UNPARSED, expected=sample.expected)
    reason = " ".join(filter(None, (f"by {said.by or 'a person'}", said.reason)))
    judgement = Judgement(said.judgement)
    verdict = replace(before, judgement=judgement, method=BY_HAND, reason=reason)
    return replace(sample, verdict=verdict)


def content_of(sample: Sample) -> str:
    """Of what a verdict is about: 16 hex digits."""
    told = "\0".join((sample.answer or "", sample.expected, sample.check, str(sample.task)))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def write_scores(folder: Path, judged: Iterable[tuple[Sample, Verdict]]) -> None:
    """Replace the scores of a run; raises StoreError."""
    try:
        with whole(folder / SCORES) as file:
            for sample, verdict in judged:
                score = Score(sample.number, sample.repeat, sample.cut, content_of(sample), verdict)
                file.write(msgspec.json.encode(score) + b"\n")
    except OSError as error:
        raise _unwritable(folder, error) from error


def override(folder: Path, sample: Sample, judgement: str, by: str, reason: str = "") -> None:
    """Write down what a person says of a sample; raises StoreError."""
    said = Override(
        sample.number, sample.repeat, judgement, sample.cut, by, round(time.time(), 3), reason
    )
    try:
        with (folder / OVERRIDES).open("ab") as file:
            file.write(msgspec.json.encode(said) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(folder, error) from error


def _lines(path: Path, record: type[Line]) -> list[Line]:
    """What can be read of a file; a torn line says nothing."""
    decoder = msgspec.json.Decoder(record)
    found: list[Line] = []
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    for line in lines:
        try:
            found.append(decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return found


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{folder} cannot be written: {error.strerror or error}", hint="Make room, then try again."
    )
