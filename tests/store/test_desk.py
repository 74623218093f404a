"""The desk loses nothing, finds everything, and knows what was interrupted."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kimidesk.errors import NotFound, StoreError
from kimidesk.records import (
    Beliefs,
    Budget,
    Candidate,
    CheckpointInfo,
    Ended,
    Fork,
    Judgement,
    Note,
    Noted,
    PictureBlock,
    Problem,
    Rating,
    Sampling,
    Token,
    TokenColumns,
    Trace,
    Trial,
    Verdict,
)
from kimidesk.store import Desk
from kimidesk.store.export import to_json, to_markdown
from kimidesk.store.schema import MIGRATIONS, migrate


def a_trace(id_: str = "t1", text: str = "What is 2+2?") -> Trace:
    return Trace(
        id_,
        Problem(text, "4", ("a.png",), "p1", 3),
        CheckpointInfo("Model", "ref", "fp", context=4096),
        Sampling(0.7),
        Budget(5, 6),
        2**63 - 1,
        fork=Fork("t0", 4),
        prompt=(1, 2, 3),
        started_at=100.0,
        thinking=False,
        notes=(Note(2, Noted.CUT), Note(5, Noted.LOOP)),
    )


def rows(first: int, count: int) -> TokenColumns:
    columns = TokenColumns()
    for id_ in range(first, first + count):
        rivals = np.arange(id_, id_ + 20, dtype=np.int32)
        columns.append(Token(id_, -0.5, 0.25, 2, rivals, -rivals.astype(np.float32), False, id_))
    return columns


def keep(desk: Desk, trace: Trace, words: list[str]) -> Trace:
    desk.begin(trace)
    for index, word in enumerate(words):
        desk.append(trace.id, rows(index, 1), {index: word.encode()})
    ended = replace(trace, ended=Ended.ANSWERED, closing=0)
    desk.finish(ended, "".join(words))
    desk.settle()
    return ended


@pytest.fixture
def desk(tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    yield desk
    desk.close()


def test_a_trace_comes_back_with_every_number(desk: Desk):
    ended = keep(desk, a_trace(), ["It ", "is ", "4"])
    desk.judge("t1", Verdict(Judgement.RIGHT, "4", "4", "exact", "same text"))
    desk.settle()

    kept = desk.load("t1")

    assert kept.grown.trace == ended
    assert kept.grown.text == "It is 4"
    for (name, expected), (_, found) in zip(
        rows(0, 3).arrays(), kept.grown.columns.arrays(), strict=True
    ):
        assert np.array_equal(expected, found), name
    assert kept.verdict == Verdict(Judgement.RIGHT, "4", "4", "exact", "same text")


def test_the_last_verdict_counts(desk: Desk):
    keep(desk, a_trace(), ["4"])
    desk.judge("t1", Verdict(Judgement.WRONG))
    desk.judge("t1", Verdict(Judgement.RIGHT))
    desk.settle()

    assert desk.load("t1").verdict == Verdict(Judgement.RIGHT)
    assert [row.judgement for row in desk.traces()] == [Judgement.RIGHT]


def test_it_is_found_by_the_beginning_of_its_id(desk: Desk):
    keep(desk, a_trace("abc1"), ["x"])
    keep(desk, a_trace("abd2"), ["x"])

    assert desk.load("abc").grown.trace.id == "abc1"
    with pytest.raises(NotFound, match="more than one trace"):
        desk.load("ab")
    with pytest.raises(NotFound, match="no trace 'zz'"):
        desk.load("zz")
    with pytest.raises(NotFound, match="no trace"):
        desk.load("%")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("seventeen", ["en"]),
        ("SEVENTEEN apples", ["en"]),
        ("苹果", ["zh"]),
        ("小明有三个", ["zh"]),
        ("100%", ["en"]),
        ('quo"te', ["en"]),
        ("of", ["en"]),
        ("nowhere", []),
        ("", ["zh", "en"]),
    ],
)
def test_text_is_searched_in_both_languages(desk: Desk, search: str, found: list[str]):
    keep(desk, a_trace("en", "How many?"), ['seventeen apples of 100% quo"te'])
    keep(desk, replace(a_trace("zh", "小明有三个苹果"), started_at=200.0), ["三个"])

    assert [row.id for row in desk.traces(search)] == found


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_no_search_breaks_it(desk: Desk, search: str):
    desk.traces(search.replace("\x00", ""))


@pytest.mark.slow
def test_a_killed_face_loses_at_most_a_second_and_the_trace_is_interrupted(tmp_path: Path):
    script = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_desk import *
desk = Desk.open(Path({str(tmp_path / "desk.db")!r}))
desk.begin(a_trace())
for index in range(10_000):
    desk.append("t1", rows(index, 1), {{index: b"word "}})
    print(index, flush=True)
    time.sleep(0.01)
"""
    writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    told = [int(writer.stdout.readline()) for _ in range(300)]
    os.kill(writer.pid, signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    last = int(rest[-1]) if rest else told[-1]

    desk = Desk.open(tmp_path / "desk.db")
    kept = desk.load("t1")
    found = desk.traces("word")
    desk.close()

    assert kept.grown.trace.ended is Ended.INTERRUPTED
    assert len(kept.grown.columns) >= last - 100  # a second at 10 ms a token
    assert [row.id for row in found] == ["t1"]


def test_a_trace_that_another_living_process_grows_is_left_alone(tmp_path: Path):
    growing = Desk.open(tmp_path / "desk.db")
    growing.begin(a_trace())
    growing.settle()

    other = Desk.open(tmp_path / "desk.db")

    assert other.load("t1").grown.trace.ended is None
    other.close()
    growing.close()


@pytest.mark.slow
def test_writing_never_blocks_and_a_failure_is_told_and_made_good(tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    desk.begin(a_trace())
    desk.settle()
    lock = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")

    started = time.monotonic()
    desk.append("t1", rows(0, 5), dict.fromkeys(range(5), b"x"))
    assert time.monotonic() - started < 0.05
    deadline = time.monotonic() + 15
    while not desk.problem and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "locked" in desk.problem

    lock.execute("ROLLBACK")
    lock.close()
    desk.settle()
    assert desk.problem == ""
    assert len(desk.load("t1").grown.columns) == 5
    desk.close()


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "desk.db")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()

    with pytest.raises(StoreError, match=f"schema {len(MIGRATIONS) + 1}"):
        Desk.open(tmp_path / "desk.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    (tmp_path / "desk.db").write_bytes(b"not a database at all, but long enough to look" * 30)

    with pytest.raises(StoreError, match="cannot be opened"):
        Desk.open(tmp_path / "desk.db")


def test_migrating_twice_changes_nothing(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    migrate(connection)
    tables = connection.execute("SELECT sql FROM sqlite_master").fetchall()

    migrate(connection)

    assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == tables
    connection.close()


def test_a_desk_from_before_there_were_pictures_keeps_its_traces_and_takes_new_ones(
    tmp_path: Path,
):
    path = tmp_path / "desk.db"
    with closing(Desk.open(path)) as desk:
        old = keep(desk, a_trace(), ["It ", "is ", "4"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX trace_by_parent")
        for since in ("pictures", "prompt_tokens", "instead"):
            connection.execute(f"ALTER TABLE trace DROP COLUMN {since}")
        connection.execute("DROP TABLE label")
        connection.execute("DROP TABLE belief")
        connection.execute("DROP TABLE experiment")
        connection.execute("DROP TABLE picture")
        connection.execute("PRAGMA user_version = 3")
        connection.commit()
    block = PictureBlock("a.png", 1, 1, 40, 20, 28, 28, 2)

    with closing(Desk.open(path)) as desk:
        new = keep(desk, replace(a_trace("t2"), pictures=(block,)), ["5"])

        assert desk.load("t1").grown.trace == old
        assert desk.load("t1").grown.columns.id.tolist() == [0, 1, 2]
        assert desk.load("t2").grown.trace == new
        assert "- picture 1: a.png, 40×20, shown at 28×28, 1 tokens" in to_markdown(desk.load("t2"))


def test_exports_hold_the_numbers_and_the_words(desk: Desk):
    keep(desk, a_trace(), ["It ", "is ", "4"])
    kept = desk.load("t1")

    assert '"logprob": [' in to_json(kept)
    assert "It is 4" in to_markdown(kept)


BELIEFS = Beliefs(
    (0, 2),
    ("a", "b"),
    (Candidate("4", "4", ("4",), True),),
    (Trial(2, 0, "4", "4", -0.5, 0.9, 1, Judgement.RIGHT),),
    (Rating(2, 0, "4", 0.0),),
    12,
    0.5,
)


def test_what_was_probed_is_kept_with_its_trace(tmp_path: Path):
    with closing(Desk.open(tmp_path / "desk.db")) as desk:
        desk.begin(a_trace())
        desk.append("t1", rows(0, 3), dict.fromkeys(range(30), b"x"))
        desk.finish(replace(a_trace(), ended=Ended.ANSWERED), "xxx")
        desk.settle()
        assert desk.beliefs("t1") is None
        desk.keep_beliefs("t1", Beliefs())
        desk.keep_beliefs("t1", BELIEFS)
        desk.settle()

    with closing(Desk.open(tmp_path / "desk.db")) as desk:
        assert desk.beliefs("t1") == BELIEFS
        told = json.loads(to_json(desk.load("t1"), BELIEFS))["beliefs"]
        assert told["places"] == [2]
        assert told["curves"] == [{"candidate": "4", "low": [1.0], "mid": [1.0], "high": [1.0]}]
        assert told["dynamics"]["settled"] == 2
        assert json.loads(to_json(desk.load("t1")))["beliefs"] is None


def test_damaged_beliefs_leave_the_trace_readable(tmp_path: Path):
    with closing(Desk.open(tmp_path / "desk.db")) as desk:
        desk.begin(a_trace())
        desk.keep_beliefs("t1", BELIEFS)
        desk.settle()
        with closing(sqlite3.connect(desk.path)) as connection, connection:
            connection.execute("UPDATE belief SET measures = x'00'")

        assert desk.load("t1").grown.trace.id == "t1"
        with pytest.raises(StoreError, match="is damaged"):
            desk.beliefs("t1")
