"""The sentences of the shown trace, with their tokens, while it grows and when it has ended."""

from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.gui.solve.naming import Naming
from kimidesk.records import Ended, Kind
from tests.gui.conftest import MakeSolve, grow

WORDS = [
    "<think>",
    "Let",
    " me",
    " check",
    ".",
    " Wait",
    ",",
    " 3",
    "+4",
    " is",
    " 7",
    ".\n\n",
    "So",
]


def spoken(naming: Naming, solve) -> list[str]:
    said = solve.transcript
    return ["".join(map(said.token_text, range(one.first, one.last + 1))) for one in naming.items]


def test_sentences_of_the_thought_are_named_with_their_tokens(make_solve: MakeSolve):
    naming, solve = Naming(), make_solve(*WORDS, "</think>", "7", thinks=True)
    solve.trace = replace(solve.trace, ended=Ended.ANSWERED)

    naming.show_trace(solve)
    naming.settle()

    assert spoken(naming, solve) == ["Let me check.", " Wait, 3+4 is 7.\n\n", "So</think>"] or [
        text.strip() for text in spoken(naming, solve)
    ] == ["Let me check.", "Wait, 3+4 is 7.", "So"]
    assert naming.whole
    assert [one.first for one in naming.items] == sorted({one.first for one in naming.items})


def test_a_trace_without_a_thought_is_named_whole(make_solve: MakeSolve):
    naming, solve = Naming(), make_solve("The sum", " is 7.", " Done.", ended=Ended.ANSWERED)

    naming.show_trace(solve)
    naming.settle()

    assert [text.strip() for text in spoken(naming, solve)] == ["The sum is 7.", "Done."]


def test_what_stands_behind_the_last_paragraph_keeps_its_name(make_solve: MakeSolve, qtbot: QtBot):
    naming, solve = Naming(), make_solve(*WORDS, thinks=True)
    naming.show_trace(solve)
    naming.settle()
    before = list(naming.items)

    grow(solve, [b" the", b" answer", b" is 7.", b"\n\n", b"Check", b" it."])
    with qtbot.waitSignal(naming.changed, timeout=2000):
        naming.grow()

    assert naming.items[:2] == before[:2]
    assert naming.items[-1].last == len(solve.columns) - 1
    assert not naming.whole


@pytest.mark.parametrize("token", [1, 5, 12])
def test_the_segment_of_a_token_is_found(make_solve: MakeSolve, token: int):
    naming, solve = Naming(), make_solve(*WORDS, thinks=True)
    naming.show_trace(solve)
    naming.settle()

    found = naming.items[naming.at(token)]

    assert found.first <= token <= found.last
    assert isinstance(found.kind, Kind)
    assert naming.at(0) == -1  # the mark that opens the thought
