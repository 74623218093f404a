"""The figures of a trace: counted, compared with the others of its problem, and gone to."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kimidesk.flows import Phase, Solve
from kimidesk.gui.figures.analysing import in_trace
from kimidesk.gui.figures.efficiency import Efficiency
from kimidesk.gui.figures.measures import MEASURES, Spread, meaning, spread, title
from kimidesk.gui.figures.room import Figures
from kimidesk.gui.window import Window
from kimidesk.reading.segments.counting import KINDS
from kimidesk.records import Ended, Grown, Judgement, Kind, Note, Noted, Verdict
from kimidesk.store import Kept

Make = Callable[..., Solve]
JUDGED_MS = 20_000
RIGHT = (
    "<think>Okay, so I have this problem. First, let me plan the way. So 2 + 2 = 4. Wait, that's "
    "a mistake. Let me check it again: 4 - 2 = 2, that's correct. The answer is 4. Alternatively, "
    "I could count. The answer is 4.</think>The answer is \\boxed{4}."
)
WRONG = "<think>So 2 + 2 = 5. The answer is 5.</think>The answer is \\boxed{5}."


def figures(window: Window) -> Figures:
    [room] = [room for room in window.presenter.rooms if isinstance(room, Figures)]
    return room


def kept(make_solve: Make, text: str, id_: str, right: bool, **values) -> Kept:
    words = [word + " " for word in text.split(" ")]
    solve = make_solve(*words, thinks=True, ended=Ended.ANSWERED)
    trace = replace(solve.trace, id=id_, **values)
    verdict = Verdict(Judgement.RIGHT if right else Judgement.WRONG, "4" if right else "5", "4")
    return Kept(Grown(trace, solve.columns, solve.lexicon), verdict)


def put(window: Window, each: Kept) -> None:
    desk, trace = window.driver.desk, each.grown.trace
    desk.begin(trace)
    desk.append(trace.id, each.grown.columns, each.grown.lexicon)
    desk.finish(trace, each.grown.text)
    assert each.verdict is not None
    desk.judge(trace.id, each.verdict)
    desk.settle()


def show(window: Window, each: Kept, qtbot: QtBot) -> Figures:
    """Until all is named, judged and counted."""
    window.commands.trigger("figures")
    window.driver.show(each)
    window.presenter.naming.settle()
    room = figures(window)
    room.refresh()
    qtbot.waitUntil(lambda: room.analysing.own is not None, timeout=JUDGED_MS)
    qtbot.waitUntil(lambda: room.analysing.left == 0, timeout=JUDGED_MS)
    return room


def test_a_trace_is_compared_with_the_others_of_its_problem(
    window: Window, make_solve: Make, qtbot: QtBot
):
    for n in range(2):
        put(window, kept(make_solve, RIGHT, f"r{n}", right=True))
    put(window, kept(make_solve, WRONG, "w0", right=False))

    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)

    own = room.analysing.own
    assert own is not None
    assert own.right
    assert sorted(each.right is True for each in room.analysing.others) == [False, True]
    row = room.panel.efficiency.rows[0]
    assert row.own == own.outcome_efficiency == pytest.approx(row.right.median)  # type: ignore[union-attr]
    assert row.wrong == Spread(1, 0.0, 0.0, 0.0)
    assert "1 right" in room.panel.control.text()
    table = room.panel.frames["efficiency"].model.table
    assert [cells[0] for cells in table.rows] == [title(each.name) for each in MEASURES]


def test_what_was_analysed_once_is_not_judged_again(
    window: Window, make_solve: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    put(window, kept(make_solve, RIGHT, "r1", right=True))
    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)
    others = room.analysing.others
    asked = []
    window.driver.grader.judged.connect(asked.append)

    window.driver.new()
    show(window, kept(make_solve, WRONG, "w0", right=False), qtbot)

    assert room.analysing.others == others
    assert {event.trace.split("/")[0] for event in asked} <= {"w0"}


def test_a_figure_goes_to_its_reasons_one_after_the_other(
    window: Window, make_solve: Make, qtbot: QtBot
):
    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)
    solve = window.driver.solve
    assert solve is not None
    said: list[str] = []
    names = [each.name for each in MEASURES]

    for name in ("errors", "outcome_efficiency", "process_efficiency"):
        room.panel.efficiency.chosen.emit(names.index(name))
        token = window.snapshot()["pinned"]
        assert isinstance(token, int)
        said.append(solve.transcript.upto(token + 1).rstrip())

    assert said[0].endswith("Wait,")
    assert said[1].endswith("The answer is 4.")
    assert said[1].count("The answer is 4.") == 1


def test_a_kind_goes_to_its_sentences_in_turn(window: Window, make_solve: Make, qtbot: QtBot):
    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)
    kinds = [each.kind for each in room._of_kinds if each.tokens]
    row = max(range(len(kinds)), key=lambda n: room._of_kinds[KINDS.index(kinds[n])].sentences)
    firsts = [each.first for each in window.presenter.naming.items if each.kind is kinds[row]]
    assert len(firsts) > 1

    pinned = []
    for _ in range(len(firsts) + 1):
        room.panel.kinds.chosen.emit(row)
        pinned.append(window.snapshot()["pinned"])

    assert pinned == [*firsts, firsts[0]]


def test_a_loop_is_gone_to(window: Window, make_solve: Make, qtbot: QtBot):
    notes = (Note(3, Noted.LOOP),)
    room = show(window, kept(make_solve, WRONG, "w", right=False, notes=notes), qtbot)

    room.panel.efficiency.chosen.emit([each.name for each in MEASURES].index("loops"))

    assert window.snapshot()["pinned"] == 3


def test_bars_and_matrix_count_what_was_named(window: Window, make_solve: Make, qtbot: QtBot):
    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)
    items = window.presenter.naming.items

    kinds = room.panel.frames["kinds"].model.table
    assert sum(row[1] for row in kinds.rows) == len(items)  # type: ignore[misc]
    tokens = sum(each.last - each.first + 1 for each in items)
    assert sum(row[2] for row in kinds.rows) == tokens  # type: ignore[misc]
    assert room.panel.matrix.counts.sum() == len(items) - 1
    stages = room.panel.frames["stages"].model.table
    assert sum(row[3] for row in stages.rows) == tokens  # type: ignore[misc]
    for side in ("seconds", "entropy", "forks", "tokens"):
        room.panel.side.buttons[side].click()
        assert len(room.panel.kinds.rows) == sum(row[2] > 0 for row in kinds.rows)  # type: ignore[operator]


def test_figures_are_walked_by_keys(window: Window, make_solve: Make, qtbot: QtBot):
    room = show(window, kept(make_solve, RIGHT, "r0", right=True), qtbot)
    matrix, chosen = room.panel.matrix, []
    matrix.chosen.connect(chosen.append)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(matrix, key)
    QTest.keyClick(matrix, Qt.Key.Key_Return)

    assert matrix.current == 10  # the left edge stops it
    assert chosen == [10]
    assert matrix.accessibleDescription().startswith("Plan → Restate")
    assert matrix.cell_at(QPointF(matrix.rect_of(37).center())) == 37


def test_a_growing_trace_has_kinds_and_no_efficiency(
    window: Window, make_solve: Make, qtbot: QtBot
):
    solve = make_solve(*[word + " " for word in WRONG.split()], thinks=True)
    solve.phase = Phase.WRITING
    window.commands.trigger("figures")
    window.driver.solve = solve
    window.driver.trace_changed.emit()
    window.presenter.naming.settle()
    room = figures(window)
    room.refresh()

    assert room.panel.kinds.rows
    qtbot.waitUntil(lambda: "when the trace has ended" in room.panel.control.text())
    assert room.analysing.own is None
    solve.trace = replace(solve.trace, ended=Ended.STOPPED)
    solve.phase = Phase.DONE


def test_without_a_trace_the_tab_says_what_it_is_for(window: Window):
    window.commands.trigger("figures")

    panel = figures(window).panel
    assert not panel.hint.isHidden()
    assert all(frame.isHidden() for frame in panel.frames.values())


def test_every_figure_says_what_it_is(window: Window):
    shown = Efficiency()
    for cell, each in enumerate(MEASURES):
        assert title(each.name) in shown.told(cell)
        assert len(meaning(each.name)) > 40
    assert "approximation" in meaning("failed_steps")
    assert "approximation" in meaning("review")
    shown.deleteLater()


def test_a_spread_is_of_what_is_known():
    assert spread([None, 3.0, 1.0, 2.0]) == Spread(3, 1.0, 2.0, 3.0)
    assert spread([None]) is None


def test_places_are_found_in_the_trace_behind_marks_and_blanks(make_solve: Make):
    solve = make_solve("<think>", "\n one", " two ", "</think>", "\n\n", "three", thinks=True)

    said = "".join(solve.said[in_trace(solve, place)] for place in range(7))
    answer = "".join(solve.said[in_trace(solve, place)] for place in range(9, 14))

    assert (said, answer) == ("one two", "three")


def test_a_long_trace_is_counted_within_a_slice(window: Window, make_solve: Make):
    from kimidesk.gui.solve.naming import Named

    window.commands.trigger("figures")
    solve = make_solve(*("a " for _ in range(50_000)), thinks=True)
    window.driver.solve = solve
    room = figures(window)
    window.presenter.naming.items = [
        Named(n * 5, n * 5 + 4, n, n + 1, list(Kind)[n % 10], 0.5) for n in range(10_000)
    ]
    room.refresh()

    begun = time.process_time()
    room.refresh()

    assert time.process_time() - begun < 0.2  # about 0.02; the benchmark tells it exactly
    window.driver.solve = None
