"""People's labels on the desk and in files."""

import json

import pytest

from kimidesk.errors import BadData, StoreError
from kimidesk.records import Kind, Label, Subtype
from kimidesk.store import Desk
from kimidesk.store.labelled import Labelled, read, write
from tests.store.test_desk import a_trace

PLAN = Label(0, 4, Kind.PLAN, "ann", 1.0)
TURN = Label(5, 9, Kind.BACKTRACK, "ann", 2.0, Subtype.SWITCH)
BEN = Label(0, 9, Kind.DERIVE, "ben", 0.5)


@pytest.fixture
def desk(tmp_path):
    made = Desk.open(tmp_path / "desk.db")
    made.begin(a_trace())
    yield made
    made.close()


def test_the_desk_keeps_what_each_annotator_says(desk):
    desk.label("t1", "ann", (PLAN, TURN))
    desk.label("t1", "ben", (BEN,))
    desk.settle()

    assert desk.labels("t1") == {"ben": (BEN,), "ann": (PLAN, TURN)}
    assert list(desk.labels("t1")) == ["ben", "ann"]  # who began first
    assert desk.labelled() == ["t1"]
    assert desk.labels("other") == {}


def test_what_is_said_now_takes_the_place_of_what_was_said(desk):
    desk.label("t1", "ann", (PLAN, TURN))
    desk.label("t1", "ben", (BEN,))
    desk.label("t1", "ann", (TURN,))
    desk.settle()
    assert desk.labels("t1") == {"ben": (BEN,), "ann": (TURN,)}

    desk.label("t1", "ann", ())
    desk.label("t1", "ben", ())
    desk.settle()
    assert desk.labels("t1") == {}
    assert desk.labelled() == []


def test_a_trace_that_is_not_kept_is_told_and_dropped(desk):
    desk.label("gone", "ann", (PLAN,))
    desk.label("t1", "ann", (PLAN,))
    desk.settle()

    assert "LabelRows could not be saved" in desk.problem
    assert desk.labels("t1") == {"ann": (PLAN,)}


def test_a_file_comes_back_as_it_was(tmp_path):
    path = tmp_path / "labels.jsonl"
    texts = [Labelled("t1", "Ja, 好的. x", {"ann": (PLAN, TURN), "ben": (BEN,)})]

    write(path, texts)

    assert read(path) == texts
    row = json.loads(path.read_text())
    assert row["segments"][0] == {"start": 0, "end": 4, "kind": "plan", "annotator": "ann", "at": 1}
    assert row["segments"][1]["subtype"] == "switch"


def test_what_segment_writes_is_read_too(tmp_path):
    """Its confidence is passed over, and nobody's name stands there."""
    path = tmp_path / "machine.jsonl"
    path.write_text(
        '{"id": 7, "text": "So.", "segments": [{"start": 0, "end": 3, "kind": "plan", '
        '"confidence": 0.5, "subtype": ""}]}\n\n'
    )

    [only] = read(path)

    assert only == Labelled("7", "So.", {"": (Label(0, 3, Kind.PLAN, ""),)})


GOOD = {"start": 0, "end": 2, "kind": "plan", "annotator": "ann"}


@pytest.mark.parametrize(
    ("spans", "wrong"),
    [
        ([{**GOOD, "end": 4}], "does not fit a text of 3"),
        ([{**GOOD, "end": 0}], "does not fit"),
        ([GOOD, {**GOOD, "start": 1, "end": 3}], "lie over each other at character 1"),
        ([{**GOOD, "kind": "dream"}], "Invalid enum value 'dream'"),
        ([{**GOOD, "subtype": "error"}], "plan with the subtype error"),
        ([{**GOOD, "kind": "backtrack", "subtype": "turn"}], "backtrack with the subtype turn"),
        ([{"start": 0}], "missing required field"),
    ],
)
def test_a_line_that_cannot_be_is_named(tmp_path, spans, wrong):
    path = tmp_path / "labels.jsonl"
    rows = [
        {"id": "a", "text": "So.", "segments": []},
        {"id": "b", "text": "So.", "segments": spans},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))

    with pytest.raises(BadData, match=wrong) as caught:
        read(path)
    assert "labels.jsonl:2" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (None, "cannot be read: No such file"),
        ("\n\n", "holds no text"),
        ('{"id": "a", "text": "S", "segments": []}\n' * 2, "holds the text a twice"),
        (r'{"id": "a", "text": "\ud800", "segments": []}', "labels.jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, content, wrong):
    path = tmp_path / "labels.jsonl"
    if content is not None:
        path.write_text(content)

    with pytest.raises(BadData, match=wrong):
        read(path)


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "no" / "labels.jsonl", [])
