"""Records as database rows, and back."""

import sqlite3
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import numpy as np
import zstandard

from kimidesk.reading import split
from kimidesk.records import (
    Adapter,
    Beliefs,
    Budget,
    CheckpointInfo,
    Dialect,
    Ended,
    Fork,
    Judgement,
    Kind,
    Label,
    Lexicon,
    Note,
    PictureBlock,
    Problem,
    Sample,
    SampleStatus,
    Sampling,
    Subtype,
    TokenColumns,
    Trace,
    Verdict,
)
from kimidesk.wire.columns import pack, unpack
from kimidesk.wire.messages import PackedColumns

T = TypeVar("T")

TRACE_COLUMNS = (
    "id",
    "problem",
    "expected",
    "checkpoint",
    "info",
    "sampling",
    "budget",
    "dialect",
    "seed",
    "thinking",
    "parent",
    "parent_at",
    "instead",
    "prompt",
    "ended",
    "reason",
    "closing",
    "started_at",
    "prompt_ms",
    "notes",
    "adapters",
    "pictures",
    "prompt_tokens",
    "owner",
)  # all but `tokens`, which only an append changes


class Chunk(msgspec.Struct, frozen=True):
    """Rows and the pieces that they brought."""

    columns: PackedColumns
    pieces: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A trace in a list: enough to choose it by."""

    id: str
    problem: str
    checkpoint: str
    ended: Ended | None
    judgement: Judgement | None
    tokens: int
    started_at: float
    parent: str = ""  # of a branch


@dataclass(frozen=True, slots=True)
class Relative:
    """A trace in its family: what is told of it in a tree."""

    id: str
    fork: Fork | None
    ended: Ended | None
    verdict: Verdict | None
    tokens: int  # that it added
    started_at: float
    seed: int
    temperature: float
    dialect: Dialect
    text: str  # that it added, as far as it can be searched: once it has ended


def to_relative(row: sqlite3.Row) -> Relative:
    """Of a row of `trace` with its text and last verdict."""
    return Relative(
        row["id"],
        to_fork(row),
        Ended(row["ended"]) if row["ended"] else None,
        to_verdict(row) if row["judgement"] else None,
        row["tokens"],
        row["started_at"],
        row["seed"],
        _record(row["sampling"], Sampling).temperature,
        _record(row["dialect"], Dialect),
        row["text"] or "",
    )


def to_fork(row: sqlite3.Row) -> Fork | None:
    """Where a trace left its parent; None for one without."""
    return Fork(row["parent"], row["parent_at"], row["instead"]) if row["parent"] else None


def to_chunk(columns: TokenColumns, pieces: Lexicon) -> bytes:
    """Compressed; level 3 takes about 1 ms for a second of tokens."""
    raw = msgspec.msgpack.encode(Chunk(pack(columns), pieces))
    return zstandard.ZstdCompressor(level=3).compress(raw)


def from_chunk(blob: bytes) -> tuple[TokenColumns, Lexicon]:
    """Raises zstandard.ZstdError, msgspec.DecodeError or BadFrame for a damaged blob."""
    raw = zstandard.ZstdDecompressor().decompress(blob)
    chunk = msgspec.msgpack.decode(raw, type=Chunk)
    return unpack(chunk.columns), chunk.pieces


def to_measures(beliefs: Beliefs) -> bytes:
    """Compressed; about 10 kB for 48 places."""
    return zstandard.ZstdCompressor(level=3).compress(msgspec.msgpack.encode(beliefs))


def from_measures(blob: bytes) -> Beliefs:
    """Raises zstandard.ZstdError or msgspec.DecodeError for a damaged blob."""
    return msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(blob), type=Beliefs)


def trace_values(trace: Trace, owner: str) -> tuple[object, ...]:
    """In the order of `TRACE_COLUMNS`."""
    return (
        trace.id,
        trace.problem.id,
        trace.problem.answer,
        trace.checkpoint.fingerprint,
        _json(trace.checkpoint),
        _json(trace.sampling),
        _json(trace.budget),
        _json(trace.dialect),
        trace.seed,
        trace.thinking,
        trace.fork.parent if trace.fork else None,
        trace.fork.at if trace.fork else None,
        trace.fork.instead if trace.fork else "",
        np.asarray(trace.prompt, "<i4").tobytes(),
        trace.ended,
        trace.reason,
        trace.closing,
        trace.started_at,
        trace.prompt_ms,
        _json(trace.notes),
        _json(trace.adapters),
        _json(trace.pictures),
        trace.prompt_tokens,
        owner,
    )


def to_trace(row: sqlite3.Row, problem: sqlite3.Row) -> Trace:
    """The record of a row of `trace` and its row of `problem`."""
    thinking = row["thinking"]
    return Trace(
        id=row["id"],
        problem=Problem(
            problem["text"],
            row["expected"],
            tuple(msgspec.json.decode(problem["images"], type=list[str])),
            problem["name"],
            problem["number"],
        ),
        checkpoint=_record(row["info"], CheckpointInfo),
        sampling=_record(row["sampling"], Sampling),
        budget=_record(row["budget"], Budget),
        seed=row["seed"],
        dialect=_record(row["dialect"], Dialect),
        fork=to_fork(row),
        prompt=tuple(np.frombuffer(row["prompt"], "<i4").tolist()),
        ended=Ended(row["ended"]) if row["ended"] else None,
        reason=row["reason"],
        closing=row["closing"],
        started_at=row["started_at"],
        prompt_ms=row["prompt_ms"],
        thinking=None if thinking is None else bool(thinking),
        notes=msgspec.json.decode(row["notes"], type=tuple[Note, ...]),
        adapters=msgspec.json.decode(row["adapters"], type=tuple[Adapter, ...]),
        pictures=msgspec.json.decode(row["pictures"], type=tuple[PictureBlock, ...]),
        prompt_tokens=row["prompt_tokens"],
    )


def to_sample(row: sqlite3.Row, verdict: Verdict | None) -> Sample:
    """Of a row of `trace` with its texts; its tokens stand in the chunks, and are left out."""
    parts = split(row["said"], _record(row["dialect"], Dialect))
    return Sample(
        number=0,
        repeat=0,
        name="",
        problem=row["asked"],
        expected=row["expected"],
        status=SampleStatus.DONE,
        seed=row["seed"],
        trace=row["id"],
        ended=Ended(row["ended"]) if row["ended"] else None,
        thinking=parts.thinking,
        answer=parts.answer,
        verdict=verdict,
    )


def to_verdict(row: sqlite3.Row) -> Verdict:
    """The record of a row of `verdict`."""
    return Verdict(
        Judgement(row["judgement"]),
        row["extracted"],
        row["expected"],
        row["method"],
        row["reason"],
    )


def label_values(trace: str, label: Label) -> tuple[object, ...]:
    """In the order of the table."""
    return (
        trace,
        label.annotator,
        label.start,
        label.end,
        label.kind,
        label.subtype,
        label.at,
    )


def to_label(row: sqlite3.Row) -> Label:
    """The record of a row of `label`."""
    return Label(
        row["begins"],
        row["ends"],
        Kind(row["kind"]),
        row["annotator"],
        row["labelled_at"],
        Subtype(row["subtype"]) if row["subtype"] else None,
    )


def problem_values(problem: Problem) -> tuple[object, ...]:
    """In the order of the table."""
    images = msgspec.json.encode(problem.images).decode()
    return (problem.id, problem.text, problem.answer, images, problem.name, problem.number)


def _json(record: object) -> str:
    return msgspec.json.encode(record).decode()


def _record(text: str, kind: type[T]) -> T:
    return msgspec.json.decode(text, type=kind)
