"""The desk: every trace that was ever grown here, in one SQLite file, for faces only."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import zstandard

from kimidesk.errors import BadFrame, NotFound, StoreError
from kimidesk.records import (
    Beliefs,
    Ended,
    Grown,
    Judgement,
    Label,
    Lexicon,
    Sample,
    TokenColumns,
    Trace,
    Verdict,
)
from kimidesk.settings import data_folder
from kimidesk.store import owner
from kimidesk.store.pictures import KeptPicture, pictures_folder
from kimidesk.store.rows import (
    Relative,
    TraceRow,
    from_chunk,
    from_measures,
    to_label,
    to_relative,
    to_sample,
    to_trace,
    to_verdict,
)
from kimidesk.store.schema import migrate
from kimidesk.store.writer import (
    Append,
    Begin,
    BeliefRow,
    ExperimentRow,
    Give,
    Index,
    JudgeRow,
    LabelRows,
    Update,
    Writer,
)

WHOLE = (Ended.ANSWERED, Ended.BUDGET, Ended.LOOP, Ended.CONTEXT_FULL, Ended.REPLAYED)
# UNION, not UNION ALL: a damaged file whose parents run in a circle must not ask for ever.
FAMILY = """
WITH RECURSIVE
up (id, parent) AS (
    SELECT id, parent FROM trace WHERE id = :id
    UNION SELECT trace.id, trace.parent FROM trace JOIN up ON trace.id = up.parent),
down (id) AS (
    SELECT id FROM up WHERE parent IS NULL OR parent NOT IN (SELECT id FROM trace)
    UNION SELECT trace.id FROM trace JOIN down ON trace.parent = down.id)
SELECT trace.id, trace.parent, trace.parent_at, trace.instead, trace.ended, trace.tokens,
    trace.started_at, trace.seed, trace.sampling, trace.dialect, trace_text.text,
    verdict.judgement, verdict.extracted, verdict.expected, verdict.method, verdict.reason
FROM down JOIN trace ON trace.id = down.id
LEFT JOIN trace_text ON trace_text.rowid = trace.number
LEFT JOIN verdict ON verdict.trace = trace.id AND verdict.judged_at = (
    SELECT max(judged_at) FROM verdict WHERE verdict.trace = trace.id)
ORDER BY trace.parent IS NOT NULL, trace.started_at, trace.number
"""
BUSY_S = 5.0  # how long a write waits for another program's


@dataclass(frozen=True, slots=True)
class Kept:
    """A trace from the desk, with its last verdict."""

    grown: Grown
    verdict: Verdict | None = None


class Desk:
    """Reads at once, writes behind the back; see `Writer`. Used from one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reading = _connect(path)
        migrate(self._reading)
        self._writer = Writer(lambda: _connect(path))
        self._recover()

    @classmethod
    def open(cls, path: Path | None = None) -> "Desk":
        """Open or make the database; raises StoreError with what to do."""
        path = path or data_folder() / "desk.db"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the desk's database {path} cannot be opened: {error}",
                hint="Move the file aside, free the disk, or set KIMIDESK_HOME elsewhere.",
            ) from error

    @property
    def problem(self) -> str:
        """Why nothing is being saved at present; empty when all is well."""
        return self._writer.problem

    def begin(self, trace: Trace) -> None:
        """A trace is about to grow."""
        self._writer.put(Begin(trace))
        if trace.problem.images:
            self._writer.put(Give(trace.id, trace.problem.images))

    def append(self, trace: str, columns: TokenColumns, pieces: Lexicon) -> None:
        """Rows came, with the pieces that the trace had not met."""
        self._writer.put(Append(trace, columns, pieces))

    def update(self, trace: Trace) -> None:
        """Something else about the trace became known: its prompt, its dialect."""
        self._writer.put(Update(trace))

    def finish(self, trace: Trace, text: str) -> None:
        """The trace will not grow; its text can be searched from now on."""
        self._writer.put(Update(trace))
        self._writer.put(Index(trace.id, trace.problem.text, text))

    def judge(self, trace: str, verdict: Verdict) -> None:
        """Keep a verdict; the last one counts."""
        self._writer.put(JudgeRow(trace, verdict, time.time()))

    def label(self, trace: str, annotator: str, labels: tuple[Label, ...]) -> None:
        """Keep all that one annotator says of a trace, in place of what they said before."""
        self._writer.put(LabelRows(trace, annotator, labels))

    def keep_beliefs(self, trace: str, beliefs: Beliefs) -> None:
        """Keep what was measured along a trace, in place of what was before."""
        self._writer.put(BeliefRow(trace, beliefs, time.time()))

    def keep_experiment(self, trace: str, kind: str, asked: str, results: str) -> None:
        """Keep what an experiment on a trace has come to; see `store.experiments`."""
        self._writer.put(ExperimentRow(trace, kind, asked, results, time.time()))

    def experiments(self, trace: str, kind: str) -> list[tuple[str, str]]:
        """What was asked and what came of it, as JSON; the newest first."""
        rows = self._ask(
            "SELECT asked, results FROM experiment WHERE trace = ? AND kind = ? "
            "ORDER BY changed_at DESC",
            (trace, kind),
        )
        return [(row["asked"], row["results"]) for row in rows]

    def settle(self) -> None:
        """Wait until everything is on disk; raises StoreError when it cannot be."""
        self._writer.settle()

    def close(self) -> None:
        """Write the rest and let go of the file."""
        self._writer.close()
        self._reading.close()

    def traces(self, search: str = "", limit: int = 200) -> list[TraceRow]:
        """The newest traces, those that hold all words of `search` in problem or text.

        Raises StoreError when the file cannot be read.
        """
        where, values = _matching(search)
        return self._rows_of(where, (*values, limit))

    def siblings(self, trace: str, limit: int = 1000) -> list[TraceRow]:
        """The traces of the same problem, the newest first, itself among them.

        Raises StoreError when the file cannot be read.
        """
        same = "WHERE trace.problem = (SELECT problem FROM trace WHERE id = ?)"
        return self._rows_of(same, (trace, limit))

    def family(self, trace: str) -> list[Relative]:
        """A trace with all that it was branched from and all that was branched from these.

        The root first, then as they were begun. Empty for an unknown id. Raises StoreError.
        """
        return [to_relative(row) for row in self._ask(FAMILY, {"id": trace})]

    def line(
        self, trace: str, columns: Callable[[], TokenColumns] = TokenColumns
    ) -> tuple[Kept, ...]:
        """A trace behind its parents, the root first; parents that are not here are left out.

        The rows of each are put into what `columns` makes. Raises as `load` does.
        """
        line = [self.load(trace, columns())]
        while (fork := line[0].grown.trace.fork) is not None:
            if not self._ask("SELECT 1 FROM trace WHERE id = ?", (fork.parent,)):
                break
            line.insert(0, self.load(fork.parent, columns()))
        return tuple(line)

    def load(self, trace: str, into: TokenColumns | None = None) -> Kept:
        """A trace with every number; `trace` may be the beginning of its id if only one has it.

        Its rows are put into `into`, where that is given (`spooled_columns`).
        Raises NotFound for an unknown or ambiguous id and StoreError for damaged rows.
        """
        found = self._ask(
            "SELECT * FROM trace WHERE substr(id, 1, length(:id)) = :id "
            "ORDER BY id = :id DESC LIMIT 2",
            {"id": trace},
        )
        if not found or not trace:
            raise NotFound(f"there is no trace {trace!r}", hint="See `kimidesk trace list`.")
        if len(found) > 1 and found[0]["id"] != trace:
            raise NotFound(f"more than one trace begins with {trace!r}", hint="Give more of it.")
        row = found[0]
        [problem] = self._ask("SELECT * FROM problem WHERE id = ?", (row["problem"],))
        verdicts = self._ask(
            "SELECT * FROM verdict WHERE trace = ? ORDER BY judged_at DESC LIMIT 1", (row["id"],)
        )
        columns, lexicon = self._rows(row["id"], TokenColumns() if into is None else into)
        if missing := set(columns.id.tolist()) - set(lexicon):
            raise StoreError(f"trace {trace} is damaged: {len(missing)} tokens have no text")
        grown = Grown(to_trace(row, problem), columns, lexicon)
        return Kept(grown, to_verdict(verdicts[0]) if verdicts else None)

    def labels(self, trace: str) -> dict[str, tuple[Label, ...]]:
        """What people say of a trace, by annotator, each in their order; the first one first.

        Raises StoreError when the file cannot be read.
        """
        rows = self._ask("SELECT * FROM label WHERE trace = ? ORDER BY begins", (trace,))
        found: dict[str, tuple[Label, ...]] = {}
        for row in sorted(map(to_label, rows), key=lambda each: each.at):
            found[row.annotator] = (*found.get(row.annotator, ()), row)
        return {
            name: tuple(sorted(each, key=lambda one: one.start)) for name, each in found.items()
        }

    def labelled(self) -> list[str]:
        """The traces that people have labelled, by id; raises StoreError."""
        return [row["trace"] for row in self._ask("SELECT DISTINCT trace FROM label ORDER BY 1")]

    def _rows_of(self, where: str, values: Sequence[object]) -> list[TraceRow]:
        rows = self._ask(
            "SELECT trace.id, problem.text, trace.info, trace.ended, trace.tokens, trace.parent, "
            "trace.started_at, (SELECT judgement FROM verdict WHERE verdict.trace = trace.id "
            "ORDER BY judged_at DESC LIMIT 1) AS judgement "
            f"FROM trace JOIN problem ON problem.id = trace.problem {where} "
            "ORDER BY started_at DESC LIMIT ?",
            values,
        )
        return [
            TraceRow(
                row["id"],
                row["text"],
                msgspec.json.decode(row["info"])["name"],
                Ended(row["ended"]) if row["ended"] else None,
                Judgement(row["judgement"]) if row["judgement"] else None,
                row["tokens"],
                row["started_at"],
                row["parent"] or "",
            )
            for row in rows
        ]

    def beliefs(self, trace: str) -> Beliefs | None:
        """What was measured along a trace (its whole id); StoreError where that is damaged."""
        found = self._ask("SELECT measures FROM belief WHERE trace = ?", (trace,))
        try:
            return from_measures(found[0]["measures"]) if found else None
        except (zstandard.ZstdError, msgspec.DecodeError) as error:
            raise StoreError(
                f"what was probed of trace {trace} is damaged: {error}",
                hint="Probe it again: that takes its place.",
            ) from error

    def finished(self, problem: str, limit: int) -> list[str]:
        """Ids of the newest traces of a problem that nobody cut short, no forks among them.

        Raises StoreError when the file cannot be read.
        """
        marks = ", ".join("?" * len(WHOLE))
        rows = self._ask(
            f"SELECT id FROM trace WHERE problem = ? AND parent IS NULL AND ended IN ({marks}) "
            "ORDER BY started_at DESC LIMIT ?",
            (problem, *WHOLE, limit),
        )
        return [row["id"] for row in rows]

    def sample(self, trace: str) -> Sample:
        """What a trace said and how it was judged, without its tokens, which are not counted.

        Raises NotFound for an unknown id and StoreError when the file cannot be read.
        """
        rows = self._ask(
            "SELECT trace.*, trace_text.problem AS asked, trace_text.text AS said FROM trace "
            "JOIN trace_text ON trace_text.rowid = trace.number WHERE trace.id = ?",
            (trace,),
        )
        if not rows:
            raise NotFound(f"there is no trace {trace!r}", hint="See `kimidesk trace list`.")
        verdicts = self._ask(
            "SELECT * FROM verdict WHERE trace = ? ORDER BY judged_at DESC LIMIT 1", (trace,)
        )
        return to_sample(rows[0], to_verdict(verdicts[0]) if verdicts else None)

    def pictures(self, trace: str) -> tuple[KeptPicture, ...]:
        """What was kept of the pictures that a trace was given; of old traces nothing was.

        Raises StoreError when the file cannot be read.
        """
        rows = self._ask("SELECT path, copy, reason FROM picture WHERE trace = ?", (trace,))
        folder = pictures_folder()
        return tuple(
            KeptPicture(
                row["path"], str(folder / row["copy"]) if row["copy"] else "", row["reason"]
            )
            for row in rows
        )

    def _rows(self, trace: str, columns: TokenColumns) -> tuple[TokenColumns, Lexicon]:
        lexicon = Lexicon()
        chunks = self._ask("SELECT first, rows FROM chunk WHERE trace = ? ORDER BY first", (trace,))
        for first, blob in chunks:
            try:
                rows, pieces = from_chunk(blob)
                columns.extend(rows)
            except (zstandard.ZstdError, msgspec.DecodeError, BadFrame, ValueError) as error:
                raise StoreError(f"trace {trace} is damaged at token {first}: {error}") from error
            lexicon.update(pieces)
        return columns, lexicon

    def _ask(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[sqlite3.Row]:
        try:
            return self._reading.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"the desk's database {self.path} cannot be read: {error}",
                hint="Close other programs that use it, or move the file aside.",
            ) from error

    def _recover(self) -> None:
        """Traces whose process is gone are interrupted, and can be searched like any other."""
        for row in self._ask("SELECT id, owner FROM trace WHERE ended IS NULL"):
            if owner.alive(row["owner"]):
                continue
            try:
                grown = self.load(row["id"]).grown
                self.finish(replace(grown.trace, ended=Ended.INTERRUPTED), grown.text)
            except StoreError:  # damaged: opening it says so; it must not keep the desk shut
                continue
        self.settle()


def _matching(search: str) -> tuple[str, tuple[str, ...]]:
    words = search.split()
    if not words:
        return "", ()
    if all(len(word) >= 3 for word in words):
        phrases = " ".join('"' + word.replace('"', '""') + '"' for word in words)
        found = "SELECT rowid FROM trace_text WHERE trace_text MATCH ?"
        return f"WHERE trace.number IN ({found})", (phrases,)
    # Trigrams know nothing of shorter words, and many Chinese words have two characters.
    likes = " AND ".join("(t.problem || ' ' || t.text) LIKE ? ESCAPE '\\'" for _ in words)
    where = f"WHERE trace.number IN (SELECT t.rowid FROM trace_text t WHERE {likes})"
    return where, tuple(f"%{_escape(word)}%" for word in words)


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # WAL: a power cut may lose, never corrupt
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
