"""Moving a segmenter by people's labels."""

import sys

import numpy as np
import pytest

from kimidesk.errors import BadSettings, UsageError
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.adapting import adapted
from kimidesk.reading.segments.model import (
    current,
    fingerprint,
    load,
    save,
    shipped_file,
)
from kimidesk.reading.segments.sentences import sentences
from kimidesk.reading.segments.training import Labelled
from kimidesk.settings import Settings
from kimidesk.settings import save as keep

SAYING = "Bananas are yellow today."
TEXT = " ".join([SAYING, "So x is 3.", "Let me check that."] * 12)


def labelled(text: str = TEXT) -> Labelled:
    """A person to whom that sentence brings knowledge, and for whom trying is a class."""
    classes = ["recall", "derive", "explore"] * 12
    assert len(sentences(text)) == len(classes)
    return Labelled("t", "ann", True, text, tuple(classes))


def test_labels_move_the_model_and_little_else():
    pytest.importorskip("scipy")
    base = load(shipped_file())

    model = adapted(base, [labelled()])

    named = [each.kind.value for each in segments(TEXT, whole=False, model=model)]
    assert named[3:] == (["recall", "derive", "explore"] * 12)[3:]
    other = "Okay, so I have this problem about apples. First, I need to find how many there are."
    assert [each.kind for each in segments(other, model=model)] == [
        each.kind for each in segments(other, model=base)
    ]
    assert set(base.classes) < set(model.classes)


def test_without_freedom_nothing_moves():
    pytest.importorskip("scipy")
    base = load(shipped_file())

    model = adapted(base, [labelled()], freedom=1e-9)

    raw = segments(TEXT, whole=False, model=model)
    assert [each.kind for each in raw] == [
        each.kind for each in segments(TEXT, whole=False, model=base)
    ]


def test_without_scipy_a_person_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)

    with pytest.raises(UsageError, match="needs scikit-learn"):
        adapted(load(shipped_file()), [labelled()])


def test_the_chosen_segmenter_names_sentences(tmp_path):
    base = load(shipped_file())
    index = base.classes.index("recall")
    bias = np.full(len(base.classes), -50.0)
    bias[index] = 50.0
    mine = type(base)(
        base.classes, base.feature, base.weights, base.scale, bias, np.zeros_like(base.follows)
    )
    path = tmp_path / "mine.npz"
    save(mine, path)
    keep(Settings(segmenter=str(path)))

    assert current().classes == base.classes
    assert {each.kind.value for each in segments("So x. And y.", whole=False)} == {"recall"}
    assert fingerprint(path) != fingerprint(shipped_file())


@pytest.mark.parametrize("content", [b"", b"no arrays", None])
def test_a_segmenter_that_cannot_be_read_says_what_to_do(tmp_path, content):
    path = tmp_path / "mine.npz"
    if content is not None:
        path.write_bytes(content)
    keep(Settings(segmenter=str(path)))

    with pytest.raises(BadSettings, match="kimidesk segmenter use"):
        current()


def test_arrays_of_something_else_are_refused(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, a=np.zeros(3))
    with pytest.raises(ValueError, match="it is no segmenter"):
        load(path)
    base = load(shipped_file())
    save(type(base)(base.classes, base.feature, base.weights[:5], base.scale, base.bias,
                    base.follows), path)  # fmt: skip
    with pytest.raises(ValueError, match="do not fit each other"):
        load(path)
