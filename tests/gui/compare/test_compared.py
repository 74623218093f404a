"""Traces that are held against each other: what is common, and which places belong together."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.errors import Refused
from kimidesk.flows import Solve
from kimidesk.gui.compare.compared import Align, Compared
from kimidesk.gui.compare.figures import table
from kimidesk.gui.compare.forced import Forced, Forcing, by_ids, by_text
from kimidesk.gui.compare.view import ComparedView
from kimidesk.records import Ended

MakeSolve = Callable[..., Solve]
FIRST = ["Let me ", "add ", "3 and 4", ". ", "It is ", "7", ".\n\n", "So ", "it is ", "7", "."]
OTHER = ["Let me ", "add ", "them", ". ", "Wait, is that right? ", "It is ", "7", ".\n\n", "So 7."]


@pytest.fixture
def solve(make_solve: MakeSolve) -> MakeSolve:
    def make(*pieces: str, id_: str, vocabulary: int = 100, **values: object) -> Solve:
        made = make_solve(*pieces, ended=Ended.ANSWERED, **values)
        checkpoint = replace(made.trace.checkpoint, vocabulary=vocabulary)
        made.trace = replace(made.trace, id=id_, checkpoint=checkpoint)
        return made

    return make


def same_ids(solves: list[Solve]) -> None:
    """One vocabulary for all: pieces that are the same have the same ids."""
    ids: dict[bytes, int] = {}
    for solve in solves:
        told = [ids.setdefault(solve.lexicon[id_], len(ids)) for id_ in solve.columns.id.tolist()]
        arrays = {**dict(solve.columns.arrays()), "id": np.array(told, np.int32)}
        solve.columns = type(solve.columns).of(arrays, solve.columns.k)
        solve.lexicon = {id_: piece for piece, id_ in ids.items() if id_ in told}


def drained(forcing: Forcing) -> Forced:
    while True:
        try:
            next(forcing)
        except StopIteration as done:
            return done.value


def compared(*solves: Solve) -> Compared:
    made = Compared()
    for each in solves:
        assert made.add(each)
    made.settle()
    return made


def test_traces_of_one_vocabulary_part_at_a_token(solve: MakeSolve):
    one, two = solve(*FIRST, id_="a"), solve(*OTHER, id_="b")
    same_ids([one, two])
    made = compared(one, two)

    assert made.sides[1].common.tokens == 2
    assert made.sides[1].common.by_ids
    assert (made.parting(0), made.parting(1)) == (2, 2)
    made.close()


def test_traces_of_two_vocabularies_part_at_a_character(solve: MakeSolve):
    one = solve(*FIRST, id_="a")
    two = solve("Let me add ", "them.", id_="b", vocabulary=99)
    made = compared(one, two)
    shared = made.sides[1].common

    assert not shared.by_ids
    assert shared.characters == len("Let me add ")
    assert (shared.tokens, shared.of_first) == (1, 2)
    made.close()


@pytest.mark.parametrize("align", [Align.SEGMENTS, Align.SHARE, Align.TOKENS])
def test_a_place_has_its_place_in_every_other_trace(solve: MakeSolve, align: Align):
    one, two = solve(*FIRST, id_="a"), solve(*OTHER, id_="b")
    same_ids([one, two])
    made = compared(one, two)
    made.align = align

    assert made.moved(0, 0, 1) == 0
    there = made.moved(5, 0, 1)
    assert 0 < there <= len(OTHER)
    assert made.moved(there, 1, 0) == pytest.approx(5)
    if align is Align.SEGMENTS:  # "It is 7." stands one sentence later
        assert int(made.moved(5.5, 0, 1)) == OTHER.index("7")
    made.close()


def test_there_is_room_for_four_each_once(solve: MakeSolve):
    made = compared(*(solve(*FIRST, id_=f"t{n}") for n in range(4)))

    assert not made.add(solve(*FIRST, id_="t9"))
    made.remove(0)
    assert not made.add(solve(*FIRST, id_="t2"))
    assert made.add(solve(*FIRST, id_="t9"))
    assert made.sides[1].common.tokens == len(FIRST)
    made.close()


def test_the_figures_of_all_stand_in_one_table(solve: MakeSolve):
    made = compared(solve(*FIRST, id_="a"), solve(*OTHER, id_="b"))
    told = table(made)

    assert [row[0] for row in told.rows] == ["A", "B"]
    assert all(len(row) == len(told.titles) for row in told.rows)
    made.close()


def test_one_text_forced_on_another_checkpoint_is_told_by_token(solve: MakeSolve):
    one, two = solve(*FIRST, id_="a"), solve(*FIRST, id_="b")
    forced = drained(by_ids(one.grown, two.grown))

    assert len(forced.apart) == len(FIRST)
    assert forced.mean == pytest.approx(0, abs=1e-6)
    assert forced.same_best == 1
    with pytest.raises(Refused, match="vocabularies differ"):
        drained(by_ids(one.grown, solve("no", *FIRST[1:], id_="c").grown))


def test_a_text_cut_otherwise_is_told_by_character(solve: MakeSolve):
    one = solve("ab", "cd", "ef", id_="a")
    two = solve("abcd", "ef", id_="b", vocabulary=9)
    forced = drained(by_text(one.grown, two.grown))

    assert not forced.by_ids  # each token has -0.25: two tokens against one in "abcd"
    assert forced.apart.tolist() == pytest.approx([-0.0625, -0.0625, 0])
    assert forced.mean == pytest.approx(-0.25 / 6)


def test_a_view_goes_to_a_place_and_tells_it_again(solve: MakeSolve, qtbot: QtBot):
    view = ComparedView()
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.show()
    view.show_trace(solve(*(f"line {n}\n" for n in range(400)), id_="a"))
    view.catch_up()

    view.show_place(200.5)

    assert view.place == pytest.approx(200.5, abs=0.2)
    first, last = view.seen
    assert first < 200 < last
