"""The trace view with typeset formulas."""

from collections.abc import Callable, Iterator
from time import sleep

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("mathra")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.copying import latex, markdown
from kimidesk.gui.widgets.scene import Place
from kimidesk.gui.widgets.spoken import spoken
from kimidesk.gui.widgets.trace_view import LEFT, TraceView
from kimidesk.gui.window import Window
from kimidesk.records import Ended
from kimidesk.settings import load
from tests.gui.conftest import grow

Make = Callable[..., Solve]
INLINE = ["So", " \\(", "x", "^", "2", "\\)", " is", " four", "."]
DISPLAY = ["Then", "\n", "\\[", "\n", " \\frac", "{a", "}{b", "}", "\n", "\\]", "\n", "done", "."]


@pytest.fixture(scope="module")
def typesetter(qapp: QApplication) -> Iterator[Typesetter]:
    """One process for all of them: to start it takes longer than a test."""
    made = Typesetter()
    yield made
    made.close()
    for _ in range(500):
        if made.over:
            break
        qapp.processEvents()
        sleep(0.01)


@pytest.fixture
def math(view: TraceView, typesetter: Typesetter) -> TraceView:
    view.use_typesetter(typesetter)
    return view


def show(view: TraceView, solve: Solve, qtbot: QtBot) -> None:
    view.show_trace(solve)
    settle(view, qtbot)


def settle(view: TraceView, qtbot: QtBot) -> None:
    typesetter = view.scene.typesetter
    assert typesetter is not None
    scene = view.scene

    def settled() -> bool:
        return typesetter.idle and scene.layouts.exact and not scene.behind

    for _ in range(2):  # painting asks for images
        qtbot.waitUntil(settled, timeout=10_000)
        view.viewport().repaint()


def placed(view: TraceView, paragraph: int = 0) -> list[str]:
    return [each.inset.key[0] for each in view.scene.layouts.laid(paragraph).placed]


def test_a_formula_stands_where_its_source_stood(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve(*INLINE, ended=Ended.ANSWERED), qtbot)

    assert placed(math) == ["x^2"]
    (formula,) = math.scene.layouts.laid(0).placed
    (before,), (after,) = math.scene.rects_of(0), math.scene.rects_of(6)
    assert before.right() < formula.rect.left() < formula.rect.right() <= after.left() + 1
    assert formula.rect.width() < 40  # its source is some 70 wide


@pytest.mark.parametrize("width", [150, 260, 700])
def test_the_middle_of_every_token_points_at_it(
    math: TraceView, make_solve: Make, qtbot: QtBot, width: int
):
    math.resize(width, 300)
    chinese = ["当", "$x", "$", "时", "，", "$", "y", "=", "1$", "。\n"]
    show(math, make_solve(*INLINE, *DISPLAY, *chinese, ended=Ended.ANSWERED), qtbot)

    for token in range(math.scene.tokens):
        rects = math.scene.rects_of(token)
        assert rects
        for rect in rects:
            if rect.width() > 2:  # what has no width is pointed at by keys alone
                assert math.scene.token_at(rect.center()) == token


def test_lines_of_a_formula_take_the_room_of_the_formula(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    show(math, make_solve(*DISPLAY, ended=Ended.ANSWERED), qtbot)
    layouts = math.scene.layouts

    assert placed(math, 1) == [r"\frac{a}{b}"]
    assert layouts.laid(1).height > layouts.line_px
    assert [layouts.laid(place).height for place in (2, 3)] == [0, 0]
    (formula,) = layouts.laid(1).placed
    assert abs(formula.rect.center().x() - layouts.width / 2) < 1


def test_a_click_goes_to_a_token_and_keys_walk_inside(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    show(math, make_solve(*DISPLAY, ended=Ended.ANSWERED), qtbot)
    inside = math.scene.formulas.tokens_of(math.scene.formulas.formulas.found[0])
    assert inside == range(2, 10)
    room = math.scene.formula_rect(5)
    assert room is not None

    point = QPointF(room.center().x() + LEFT, room.center().y() + 3)
    qtbot.mouseClick(math.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert math.scene.pinned in (5, 6)  # cells of a pixel and a half

    math.pin(5)
    math.step(1)
    math.step(1)
    assert math.scene.pinned == 7
    assert math.scene.formulas.split_at(7) == ("\\[  \\frac{a}{b", "}", " \\]")
    assert "in the formula \\frac{a}{b}" in spoken(math)


def test_a_selection_takes_formulas_whole_and_copies_their_source(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    show(math, make_solve(*INLINE, ended=Ended.ANSWERED), qtbot)
    (formula,) = math.scene.layouts.laid(0).placed
    left = Qt.MouseButton.LeftButton
    start = math.token_rect(0)
    inside = formula.rect.translated(start.left(), math.scene.layouts.text_top(0)).toRect()

    qtbot.mousePress(math.viewport(), left, pos=QPoint(start.left() + 1, start.center().y()))
    qtbot.mouseMove(math.viewport(), QPoint(inside.right() - 1, start.center().y()))
    qtbot.mouseRelease(math.viewport(), left, pos=QPoint(inside.right() - 1, start.center().y()))
    math.copy()

    assert QGuiApplication.clipboard().text() == "So \\(x^2\\)"


def test_copying_gives_text_markdown_and_latex(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve("50%", *INLINE, "\n", *DISPLAY, ended=Ended.ANSWERED), qtbot)
    math.select_all()

    assert math.scene.selected_text.endswith("\\[\n \\frac{a}{b}\n\\]\ndone.")
    assert "So $x^2$" in markdown(math.scene)
    assert latex(math.scene).startswith("50\\%So \\(x^2\\) is four.")
    assert "\\[\n\\frac{a}{b}\n\\]" in latex(math.scene)


def test_what_is_not_closed_stays_source_while_it_streams(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    solve = make_solve(*INLINE[:4])
    show(math, solve, qtbot)
    assert placed(math) == []

    grow(solve, [piece.encode() for piece in INLINE[4:]])
    math.grow()
    qtbot.waitUntil(lambda: placed(math) == ["x^2"], timeout=10_000)


def test_what_cannot_be_set_stays_source(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve("a $\\nosuch{x}$ b $y$ c", ended=Ended.ANSWERED), qtbot)

    assert placed(math) == ["y"]
    assert "nosuch" in math.scene.layouts.laid(0).layout.text()


def test_without_a_typesetter_formulas_are_source(view: TraceView, make_solve: Make):
    view.show_trace(make_solve(*INLINE, ended=Ended.ANSWERED))
    view.catch_up()

    assert placed(view) == []


def test_the_raw_view_keeps_the_place(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve(*[*DISPLAY, "\n"] * 30, ended=Ended.ANSWERED), qtbot)
    math.verticalScrollBar().setValue(600)
    before = math.visible_paragraphs()[0]

    math.show_raw(True)
    assert math.visible_paragraphs()[0] == before
    assert placed(math, 1) == []
    math.show_raw(False)
    settle(math, qtbot)
    assert math.visible_paragraphs()[0] == before
    assert placed(math, 1)


def test_formulas_that_come_do_not_move_what_is_read(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    solve = make_solve(*[*DISPLAY, "\n"] * 40, "The", " end", ended=Ended.ANSWERED)
    math.show_trace(solve)
    math.catch_up()
    token = 280
    math.pin(token)
    bar = math.verticalScrollBar()
    bar.setValue(bar.value() + math.token_rect(token).top() - 1)  # the first that is seen
    first, y = math.visible_paragraphs()[0], math.token_rect(token).y()
    settle(math, qtbot)

    assert placed(math, 1)
    assert math.visible_paragraphs()[0] == first
    assert abs(math.token_rect(token).y() - y) <= 1


def test_a_formula_is_drawn_in_the_colour_of_the_text(
    math: TraceView, make_solve: Make, qtbot: QtBot
):
    show(math, make_solve("$", "M", "$", ended=Ended.ANSWERED), qtbot)
    image = math.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    room = math.scene.formula_rect(1)
    assert room is not None
    middle = round(room.center().y()) - 2

    darkest = min(image.pixelColor(LEFT + x, middle).red() for x in range(int(room.width())))
    assert darkest < 90


def test_a_hit_inside_a_formula_is_found(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve(*DISPLAY, ended=Ended.ANSWERED), qtbot)
    math.scene.search("frac")

    assert math.scene.hits.starts == [math.scene.source.transcript.text.index("frac")]
    math.pin(4)
    assert not math.token_rect(4).isNull()


def test_a_double_click_selects_the_formula(math: TraceView, make_solve: Make, qtbot: QtBot):
    show(math, make_solve(*DISPLAY, ended=Ended.ANSWERED), qtbot)
    room = math.scene.formula_rect(5)
    assert room is not None

    qtbot.mouseDClick(
        math.viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(int(room.center().x()) + LEFT, int(room.center().y())),
    )

    assert math.scene.selected_text == "\\[\n \\frac{a}{b}\n\\]"
    assert math.scene.selection == (Place(1, 0), Place(3, 2))


def test_the_raw_view_is_one_key_and_is_remembered(window: Window, qtbot: QtBot):
    window.page.view.setFocus()
    window.commands.trigger("raw")

    assert window.snapshot()["raw"] is True
    assert load().raw
    window.commands.trigger("raw")
    assert window.snapshot()["raw"] is False


def test_the_process_ends_with_the_window(window: Window, qtbot: QtBot):
    with qtbot.waitSignal(window.typesetter.sized, timeout=10_000):
        window.typesetter.size(("x", False))
    assert window.typesetter.pid

    with qtbot.waitSignal(window.closed, timeout=5_000):
        window.close()

    assert window.typesetter.over


def test_up_and_down_walk_over_a_formula(math: TraceView, make_solve: Make, qtbot: QtBot):
    rows = [" 1", " \\\\", " 2", " \\\\", " 3", " \\\\", " 4", " \\\\", " 5", " \\\\", " 6"]
    matrix = ["$$", "\\begin{matrix}", *rows, "\\end{matrix}", "$$", "\n"]
    show(math, make_solve("above", "\n", *matrix, "below", ended=Ended.ANSWERED), qtbot)
    below = math.scene.tokens - 1
    math.pin(below)

    walked = []
    for _ in range(2):
        qtbot.keyClick(math, Qt.Key.Key_Up)
        walked.append(math.scene.pinned)

    assert walked[0] in math.scene.formulas.tokens_of(math.scene.formulas.formulas.found[0])
    assert walked[1] in (0, 1)
