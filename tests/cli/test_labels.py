"""`kimidesk trace labels`, `trace agree` and `segmenter`, as a person calls them."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kimidesk import settings
from kimidesk.cli.main import run
from kimidesk.reading.segments.model import fingerprint, load, save, shipped_file
from kimidesk.records import (
    Budget,
    CheckpointInfo,
    Ended,
    Kind,
    Label,
    Problem,
    Sampling,
    Token,
    TokenColumns,
    Trace,
)
from kimidesk.store import Desk
from kimidesk.store.labelled import Labelled, read, write

TEXT = "So I have this problem. Let me try. 3 + 4 = 7. Wait, no, that's wrong."
CUT = [(0, 23), (24, 35), (36, 46), (47, 70)]
ANN = (Kind.RESTATE, Kind.PLAN, Kind.DERIVE, Kind.BACKTRACK)
BEN = (Kind.RESTATE, Kind.DERIVE, Kind.DERIVE, Kind.BACKTRACK)
Call = Callable[..., tuple[int, str, str]]


def said(annotator: str, kinds: tuple[Kind, ...]) -> tuple[Label, ...]:
    return tuple(
        Label(start, end, kind, annotator, 1.0)
        for (start, end), kind in zip(CUT, kinds, strict=False)
    )


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Call:
    """Run the command line in this process; its status, and what it said on either stream."""
    monkeypatch.chdir(tmp_path)

    def calling(*arguments: str) -> tuple[int, str, str]:
        status = run(arguments, window=lambda **_: 0, picture=lambda *_a, **_k: None)
        told = capsys.readouterr()
        return status, told.out, told.err

    return calling


@pytest.fixture
def kept(home: Path) -> Desk:
    """A desk with one trace, whose id is t1."""
    desk = Desk.open()
    trace = Trace(
        "t1", Problem("What?"), CheckpointInfo("M", "ref", "fp"), Sampling(), Budget(), 0,
        ended=Ended.ANSWERED,
    )  # fmt: skip
    desk.begin(trace)
    columns = TokenColumns()
    columns.append(Token(5, -0.5, 0.5, 1, np.array([5], np.int32), np.array([-0.5], np.float32)))
    desk.append("t1", columns, {5: TEXT.encode()})
    desk.finish(trace, TEXT)
    desk.settle()
    yield desk
    desk.close()


def test_labels_go_into_a_file_and_come_back(call: Call, kept: Desk):
    kept.label("t1", "ann", said("ann", ANN))
    kept.label("t1", "ben", said("ben", BEN))
    kept.settle()

    assert call("trace", "labels", "--out", "all.jsonl")[0] == 0
    assert call("trace", "labels", "t1", "--out", "ben.jsonl", "--annotator", "ben")[0] == 0
    assert read(Path("all.jsonl")) == [
        Labelled("t1", TEXT, {"ann": said("ann", ANN), "ben": said("ben", BEN)})
    ]
    assert list(read(Path("ben.jsonl"))[0].labels) == ["ben"]

    kept.label("t1", "ben", ())
    kept.label("t1", "ann", ())
    kept.settle()
    status, _, err = call("trace", "labels", "--in", "all.jsonl")
    assert status == 0, err
    assert kept.labels("t1") == {"ann": said("ann", ANN), "ben": said("ben", BEN)}


def test_labels_of_another_text_are_refused(call: Call, kept: Desk):
    write(Path("other.jsonl"), [Labelled("t1", TEXT.replace("4", "5"), {"ann": said("ann", ANN)})])
    status, _, err = call("trace", "labels", "--in", "other.jsonl")
    assert status == 2
    assert "they part at character 40" in err

    write(Path("far.jsonl"), [Labelled("zz", TEXT, {"ann": said("ann", ANN)})])
    status, _, err = call("trace", "labels", "--in", "far.jsonl")
    assert status == 2
    assert "zz is not kept here" in err
    assert kept.labels("t1") == {}


def test_nothing_to_write_and_neither_way_are_told(call: Call, kept: Desk):
    status, _, err = call("trace", "labels", "--out", "all.jsonl")
    assert (status, Path("all.jsonl").exists()) == (2, False)
    assert "nobody labelled any trace" in err
    assert call("trace", "labels")[0] == 2
    assert "has not labelled" in call("trace", "labels", "t1", "--out", "x", "--annotator", "a")[2]


def test_two_annotators_are_compared(call: Call, kept: Desk):
    kept.label("t1", "ann", said("ann", ANN))
    kept.label("t1", "ben", said("ben", BEN))
    kept.settle()

    status, out, err = call("trace", "agree", "--annotators", "ann", "ben", "--json")

    assert status == 0, err
    told = json.loads(out)
    assert told["sentences"]["items"] == 4
    assert told["sentences"]["alike"] == 0.75
    # shares ann 1/4 each; ben 1/4, 1/2, 1/4: p_e = 1/16 + 2/16 + 1/16 = 1/4
    assert told["sentences"]["kappa"] == pytest.approx((0.75 - 0.25) / 0.75)
    assert told["table"]["plan"] == {"derive": 1}
    assert told["f1"]["backtrack"] == 1
    status, out, _ = call("trace", "agree", "--annotators", "ann", "ben")
    assert "0.667" in out
    status, out, _ = call("trace", "agree", "--annotators", "ann", "machine")
    assert status == 0


def test_two_files_are_compared(call: Call):
    write(Path("a.jsonl"), [Labelled("t", TEXT, {"ann": said("ann", ANN)})])
    write(Path("b.jsonl"), [Labelled("t", TEXT, {"ben": said("ben", ANN)})])

    status, out, _ = call("trace", "agree", "a.jsonl", "b.jsonl", "--json")

    assert (status, json.loads(out)["sentences"]["kappa"]) == (0, 1.0)
    status, out, _ = call("trace", "agree", "a.jsonl", "a.jsonl")
    assert "ann and ann" in out


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["a.jsonl"], "two FILES are needed"),
        (["a.jsonl", "a.jsonl", "a.jsonl"], "two FILES are needed"),
        (["a.jsonl", "both.jsonl"], "holds labels of 2 annotators: ann, ben"),
        (["a.jsonl", "other.jsonl"], "is not the same in both files"),
        (["a.jsonl", "far.jsonl"], "nothing in common"),
        (["a.jsonl", "--annotators", "ann", "nobody"], "nothing in common"),
        (["none.jsonl", "a.jsonl"], "No such file"),
    ],
)
def test_what_cannot_be_compared_is_told(call: Call, arguments: list[str], wrong: str):
    labels = {"ann": said("ann", ANN)}
    write(Path("a.jsonl"), [Labelled("t", TEXT, labels)])
    write(Path("both.jsonl"), [Labelled("t", TEXT, {**labels, "ben": said("ben", BEN)})])
    write(Path("other.jsonl"), [Labelled("t", TEXT + " ", labels)])
    write(Path("far.jsonl"), [Labelled("u", TEXT, labels)])

    status, _, err = call("trace", "agree", *arguments)

    assert status == 2
    assert wrong in err


def test_a_segmenter_is_trained_and_used(call: Call):
    pytest.importorskip("scipy")
    texts = [Labelled(f"t{n}", TEXT, {"ann": said("ann", ANN)}) for n in range(4)]
    write(Path("labels.jsonl"), texts)

    status, out, err = call("segmenter", "train", "--labels", "labels.jsonl", "--out", "mine.npz")

    assert status == 0, err
    assert "16 labelled sentences of 4 texts" in out
    assert "on texts held out: 1.000" in out
    own = fingerprint(Path("mine.npz"))
    assert own in out
    status, out, _ = call("segmenter", "use", "mine.npz")
    assert own in out
    assert settings.load().segmenter == str(Path("mine.npz").resolve())
    assert own in call("segmenter")[1]
    status, out, _ = call("segmenter", "use", "--shipped")
    assert fingerprint(shipped_file()) in out
    assert settings.load().segmenter == ""


def test_without_scikit_learn_a_person_is_told_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction", None)
    write(Path("labels.jsonl"), [Labelled("t", TEXT, {"ann": said("ann", ANN)})])

    for more in ([], ["--alone"]):
        status, _, err = call(
            "segmenter", "train", "--labels", "labels.jsonl", "--out", "mine.npz", *more
        )
        assert status == 2
        assert 'pip install "kimidesk[segmenter]"' in err
    assert not Path("mine.npz").exists()


def test_labels_of_one_kind_and_of_chinese_teach_nothing(call: Call):
    write(Path("one.jsonl"), [Labelled("t", TEXT, {"ann": said("ann", ANN[:1])})])
    chinese = Labelled("t", "首先，我们来算。所以是7。", {
        "ann": (Label(0, 8, Kind.PLAN, "ann"), Label(8, 13, Kind.CONCLUDE, "ann"))
    })  # fmt: skip
    write(Path("zh.jsonl"), [chinese])

    for name, count in (("one.jsonl", 1), ("zh.jsonl", 0)):
        status, _, err = call("segmenter", "train", "--labels", name, "--out", "mine.npz")
        assert status == 2
        assert f"are of {count} kinds" in err
    assert call("segmenter", "train", "--labels", "one.jsonl", "--out", "mine.txt")[0] == 2


def test_a_file_that_is_no_segmenter_is_not_used(call: Call):
    Path("mine.npz").write_bytes(b"nothing")
    model = load(shipped_file())
    save(replace(model, weights=model.weights[:3]), Path("cut.npz"))

    for name in ("mine.npz", "cut.npz", "none.npz"):
        status, _, err = call("segmenter", "use", name)
        assert status == 2
        assert f"{name} cannot be used" in err
    assert call("segmenter", "use")[0] == 2
    assert settings.load().segmenter == ""
