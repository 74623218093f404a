"""The database's tables, as numbered migrations; each is applied once, in one transaction."""

import sqlite3

from kimidesk.errors import StoreError

MIGRATION_0001 = """
CREATE TABLE problem (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    answer TEXT NOT NULL,
    images TEXT NOT NULL,           -- JSON array of paths
    name TEXT NOT NULL,
    number INTEGER NOT NULL
);
CREATE TABLE checkpoint (
    fingerprint TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    ref TEXT NOT NULL
);
CREATE TABLE trace (
    number INTEGER PRIMARY KEY,     -- also the rowid in trace_text
    id TEXT NOT NULL UNIQUE,
    problem TEXT NOT NULL REFERENCES problem (id),
    expected TEXT NOT NULL,         -- the answer expected when it ran
    checkpoint TEXT NOT NULL REFERENCES checkpoint (fingerprint),
    info TEXT NOT NULL,             -- CheckpointInfo as it was opened, JSON
    sampling TEXT NOT NULL,         -- JSON
    budget TEXT NOT NULL,           -- JSON
    dialect TEXT NOT NULL,          -- JSON
    seed INTEGER NOT NULL,
    thinking INTEGER,
    parent TEXT,                    -- a fork's parent, and how many of its tokens it keeps
    parent_at INTEGER,
    prompt BLOB NOT NULL,           -- ids, little-endian int32
    ended TEXT,                     -- NULL while it grows
    reason TEXT NOT NULL,
    closing INTEGER NOT NULL,
    started_at REAL NOT NULL,       -- seconds since 1970
    prompt_ms REAL NOT NULL,
    tokens INTEGER NOT NULL DEFAULT 0,
    owner TEXT NOT NULL             -- pid:start of the process that grows it
);
CREATE INDEX trace_by_time ON trace (started_at DESC);
CREATE INDEX trace_growing ON trace (id) WHERE ended IS NULL;
CREATE TABLE chunk (                -- about a second of a trace
    trace TEXT NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,         -- index of its first row
    rows BLOB NOT NULL,             -- zstd of MessagePack of columns and pieces
    PRIMARY KEY (trace, first)
) WITHOUT ROWID;
CREATE TABLE verdict (
    trace TEXT NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    judged_at REAL NOT NULL,
    judgement TEXT NOT NULL,
    extracted TEXT NOT NULL,
    expected TEXT NOT NULL,
    method TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX verdict_by_trace ON verdict (trace, judged_at);
CREATE VIRTUAL TABLE trace_text USING fts5 (
    problem, text,
    tokenize = 'trigram'            -- Chinese has no blanks between words
);
"""

MIGRATION_0002 = """
ALTER TABLE trace ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';  -- JSON
"""

MIGRATION_0003 = """
ALTER TABLE trace ADD COLUMN adapters TEXT NOT NULL DEFAULT '[]';  -- JSON
"""

MIGRATION_0004 = """
ALTER TABLE trace ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]';  -- JSON
"""

MIGRATION_0005 = """
ALTER TABLE trace ADD COLUMN prompt_tokens INTEGER NOT NULL DEFAULT 0;  -- as a server counts them
"""

MIGRATION_0006 = """
CREATE TABLE label (                -- what people say that a trace's sentences do
    trace TEXT NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    annotator TEXT NOT NULL,
    begins INTEGER NOT NULL,        -- characters begins … ends - 1 of the trace's text
    ends INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subtype TEXT,
    labelled_at REAL NOT NULL,      -- seconds since 1970
    PRIMARY KEY (trace, annotator, begins)
) WITHOUT ROWID;
"""

MIGRATION_0007 = """
CREATE TABLE belief (               -- what a trace would have answered, along it
    trace TEXT PRIMARY KEY REFERENCES trace (id) ON DELETE CASCADE,
    measured_at REAL NOT NULL,
    measures BLOB NOT NULL          -- zstd of MessagePack of Beliefs
) WITHOUT ROWID;
"""

MIGRATION_0008 = """
ALTER TABLE trace ADD COLUMN instead TEXT NOT NULL DEFAULT '';  -- of what a fork was begun
CREATE INDEX trace_by_parent ON trace (parent) WHERE parent IS NOT NULL;
"""

MIGRATION_0009 = """
CREATE TABLE experiment (           -- what was tried with a trace, and what has come of it so far
    trace TEXT NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,             -- importance, budgets
    asked TEXT NOT NULL,            -- JSON; who asks the same again goes on from the results
    results TEXT NOT NULL,          -- JSON
    changed_at REAL NOT NULL,       -- seconds since 1970
    PRIMARY KEY (trace, kind, asked)
);
"""

MIGRATION_0010 = """
CREATE TABLE picture (              -- what a trace was given, copied when it began
    trace TEXT NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    copy TEXT NOT NULL,             -- its name in the folder of pictures; empty where there is none
    reason TEXT NOT NULL,           -- why there is none
    PRIMARY KEY (trace, path)
) WITHOUT ROWID;
"""

MIGRATIONS = (
    MIGRATION_0001,
    MIGRATION_0002,
    MIGRATION_0003,
    MIGRATION_0004,
    MIGRATION_0005,
    MIGRATION_0006,
    MIGRATION_0007,
    MIGRATION_0008,
    MIGRATION_0009,
    MIGRATION_0010,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to the present schema; raises StoreError if it is newer than that."""
    # Two programs may start at once: the write lock makes the second wait and then find it done.
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        connection.execute("ROLLBACK")
        raise StoreError(
            f"the desk's database has schema {version}; this KimiDesk knows {len(MIGRATIONS)}",
            hint="Update KimiDesk, or set KIMIDESK_HOME to another folder.",
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in _statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    """The statements of a script: executescript would commit behind our back."""
    lines = "\n".join(line.split("--")[0] for line in script.splitlines())
    return [statement for statement in lines.split(";") if statement.strip()]
