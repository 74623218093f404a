"""Writes what streams in, twice a second, on a thread of its own: no face ever waits for a disk.

A write that fails (disk full, database locked) is kept and tried again at the next turn, and
`problem` says what is wrong meanwhile.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kimidesk.errors import StoreError
from kimidesk.records import Beliefs, Label, Lexicon, TokenColumns, Trace, Verdict
from kimidesk.store.owner import this_process
from kimidesk.store.pictures import KeptPicture, keep_copy
from kimidesk.store.rows import (
    TRACE_COLUMNS,
    label_values,
    problem_values,
    to_chunk,
    to_measures,
    trace_values,
)

TURN_S = 0.5  # a killed face loses at most this and the time of one commit


@dataclass(frozen=True, slots=True)
class Begin:
    """A new row of `trace`, with its problem and checkpoint."""

    trace: Trace


@dataclass(frozen=True, slots=True)
class Append:
    """A new chunk."""

    trace: str
    columns: TokenColumns
    pieces: Lexicon


@dataclass(frozen=True, slots=True)
class Update:
    """Everything known of a trace but its tokens."""

    trace: Trace


@dataclass(frozen=True, slots=True)
class Index:
    """The text of a trace that has ended."""

    trace: str
    problem: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """A verdict, at seconds since 1970."""

    trace: str
    verdict: Verdict
    at: float


@dataclass(frozen=True, slots=True)
class LabelRows:
    """All that one annotator says of a trace, in place of what they said before."""

    trace: str
    annotator: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class BeliefRow:
    """What was measured along a trace, at seconds since 1970; it takes the place of what was."""

    trace: str
    beliefs: Beliefs
    at: float


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """What an experiment has come to, at seconds since 1970; it takes the place of what it was."""

    trace: str
    kind: str
    asked: str  # JSON
    results: str  # JSON
    at: float


@dataclass(frozen=True, slots=True)
class Give:
    """The pictures that a trace is given; `kept` once they are copied."""

    trace: str
    paths: tuple[str, ...]
    kept: tuple[KeptPicture, ...] = ()

    def copied(self) -> "Give":
        """With their copies."""
        return self if self.kept else replace(self, kept=tuple(map(keep_copy, self.paths)))


INSERT_TRACE = (
    f"INSERT INTO trace ({', '.join(TRACE_COLUMNS)}) VALUES ({', '.join('?' * len(TRACE_COLUMNS))})"
)
UPDATE_TRACE = f"UPDATE trace SET {', '.join(f'{name} = ?' for name in TRACE_COLUMNS)} WHERE id = ?"

Write = Begin | Append | Update | Index | JudgeRow | LabelRows | BeliefRow | ExperimentRow | Give


class Writer:
    """One thread, one connection. `put` never blocks; `settle` and `close` do."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._queue: queue.SimpleQueue[Write | threading.Event | None] = queue.SimpleQueue()
        self._owner = this_process()
        self.problem = ""
        self._thread = threading.Thread(target=self._run, name="desk writer", daemon=True)
        self._thread.start()

    def put(self, write: Write) -> None:
        """Write this within half a second."""
        self._queue.put(write)

    def settle(self, timeout_s: float = 10.0) -> None:
        """Wait until everything put so far is on disk; raises StoreError if it cannot be."""
        written = threading.Event()
        self._queue.put(written)
        if not written.wait(timeout_s):
            raise StoreError(
                f"the trace could not be saved: {self.problem or 'the disk does not answer'}",
                hint="Make room on the disk, or set KIMIDESK_HOME to another one.",
            )

    def close(self) -> None:
        """Write the rest and end the thread; what still cannot be written after 5 s is lost."""
        self._queue.put(None)
        self._thread.join(5.0)

    def _run(self) -> None:
        connection = self._connect()
        waiting: list[Write] = []
        settled: list[threading.Event] = []
        ending_at = float("inf")
        while time.monotonic() < ending_at:
            ending = self._gather(waiting, settled)
            if ending and ending_at == float("inf"):
                ending_at = time.monotonic() + 4.0
            # Files are copied before the database is locked for the turn.
            waiting[:] = [w.copied() if isinstance(w, Give) else w for w in merged(waiting)]
            if self._commit(connection, waiting):
                waiting.clear()
                for event in settled:
                    event.set()
                settled.clear()
                if ending_at != float("inf"):
                    break
        connection.close()

    def _gather(self, waiting: list[Write], settled: list[threading.Event]) -> bool:
        """Collect for a turn, or until somebody waits; true when the end was asked for."""
        turn_ends = time.monotonic() + TURN_S
        while (left := turn_ends - time.monotonic()) > 0:
            try:
                item = self._queue.get(timeout=left if waiting or settled else None)
            except queue.Empty:
                break
            if item is None:
                return True
            if isinstance(item, threading.Event):
                settled.append(item)
                break
            if not waiting:
                turn_ends = time.monotonic() + TURN_S
            waiting.append(item)
        return False

    def _commit(self, connection: sqlite3.Connection, waiting: list[Write]) -> bool:
        """Write all that waits, or leave what could not be written there for the next turn."""
        try:
            self._write_all(connection, waiting)
        except sqlite3.OperationalError as error:  # locked, full, unreadable: it may pass
            self.problem = str(error)
            return False
        except Exception:  # noqa: BLE001 — one of them is bad, and must not take the rest with it
            return self._commit_each(connection, waiting)
        self.problem = ""
        return True

    def _commit_each(self, connection: sqlite3.Connection, waiting: list[Write]) -> bool:
        while waiting:
            try:
                self._write_all(connection, waiting[:1])
            except sqlite3.OperationalError as error:
                self.problem = str(error)
                return False
            except Exception as error:  # noqa: BLE001 — told, and not tried for ever
                self.problem = f"a {type(waiting[0]).__name__} could not be saved: {error}"
            del waiting[0]
        return True

    def _write_all(self, connection: sqlite3.Connection, writes: list[Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for write in writes:
                self._write(connection, write)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _write(self, connection: sqlite3.Connection, write: Write) -> None:
        match write:
            case Begin(trace=trace):
                self._begin(connection, trace)
            case Append(trace=id_, columns=columns, pieces=pieces):
                (first,) = connection.execute(
                    "SELECT tokens FROM trace WHERE id = ?", (id_,)
                ).fetchone()
                blob = to_chunk(columns, pieces)
                connection.execute("INSERT INTO chunk VALUES (?, ?, ?)", (id_, first, blob))
                connection.execute(
                    "UPDATE trace SET tokens = ? WHERE id = ?", (first + len(columns), id_)
                )
            case Update(trace=trace):
                connection.execute(UPDATE_TRACE, (*trace_values(trace, self._owner), trace.id))
            case Index(trace=id_, problem=problem, text=text):
                connection.execute(
                    "INSERT OR REPLACE INTO trace_text (rowid, problem, text) "
                    "SELECT number, ?, ? FROM trace WHERE id = ?",
                    (problem, text, id_),
                )
            case Give(trace=id_, kept=kept):
                connection.executemany(
                    "INSERT OR REPLACE INTO picture VALUES (?, ?, ?, ?)",
                    [(id_, each.path, Path(each.copy).name, each.reason) for each in kept],
                )
            case JudgeRow(trace=id_, verdict=verdict, at=at):
                connection.execute(
                    "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        id_,
                        at,
                        verdict.judgement,
                        verdict.extracted,
                        verdict.expected,
                        verdict.method,
                        verdict.reason,
                    ),
                )

            case LabelRows(trace=id_, annotator=annotator, labels=labels):
                connection.execute(
                    "DELETE FROM label WHERE trace = ? AND annotator = ?", (id_, annotator)
                )
                connection.executemany(
                    "INSERT INTO label VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [label_values(id_, each) for each in labels],
                )
            case BeliefRow(trace=id_, beliefs=beliefs, at=at):
                connection.execute(
                    "INSERT OR REPLACE INTO belief VALUES (?, ?, ?)",
                    (id_, at, to_measures(beliefs)),
                )
            case ExperimentRow():
                connection.execute(
                    "INSERT OR REPLACE INTO experiment VALUES (?, ?, ?, ?, ?)",
                    (write.trace, write.kind, write.asked, write.results, write.at),
                )

    def _begin(self, connection: sqlite3.Connection, trace: Trace) -> None:
        connection.execute(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            problem_values(trace.problem),
        )
        checkpoint = trace.checkpoint
        connection.execute(
            "INSERT INTO checkpoint VALUES (?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE "
            "SET name = excluded.name, ref = excluded.ref",
            (checkpoint.fingerprint, checkpoint.name, checkpoint.ref),
        )
        connection.execute(INSERT_TRACE, trace_values(trace, self._owner))


def merged(writes: list[Write]) -> list[Write]:
    """The same writes with neighbouring appends of one trace joined into one chunk."""
    joined: list[Write] = []
    for write in writes:
        last = joined[-1] if joined else None
        if not isinstance(write, Append):
            joined.append(write)
        elif isinstance(last, Append) and last.trace == write.trace:
            last.columns.extend(write.columns)
            last.pieces.update(write.pieces)
        else:  # a copy, for what follows is added to it
            copy = write.columns.cut(0, len(write.columns))
            joined.append(Append(write.trace, copy, dict(write.pieces)))
    return joined
