"""Setting formulas: the queue, the drawing, and the process under a formula that ends it."""

import os
import signal
import sys

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("mathra")

from collections.abc import Iterator

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.gui.typeset.drawing import NotSet, ink, svg_of
from kimidesk.gui.typeset.queue import STARTS, TypesetQueue
from kimidesk.gui.typeset.sizes import pixels
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.wire.messages import FormulaDrawn, Ready, Typeset

INK = QColor("#123456")
FRACTION = (r"\frac{a}{b}", False)


@pytest.fixture
def typesetter(qtbot: QtBot) -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.over)


def test_ink_stands_within_its_size_and_on_its_baseline(qapp: QApplication):
    svg, size = svg_of("x_g", display=False)
    extent, mask = ink(svg, size, 40)
    rows = [mask[at : at + extent.columns] for at in range(0, len(mask), extent.columns)]

    assert len(rows) == extent.rows
    assert extent == pixels(size, 40)
    assert max(rows[extent.baseline - 2]) > 128  # the foot of the x
    assert max(rows[extent.baseline + 4]) > 128  # the loop of the g
    assert not any(rows[0])


def test_a_larger_image_has_more_pixels_and_not_larger_ones(qapp: QApplication):
    svg, size = svg_of("x", display=False)
    small, large = ink(svg, size, 15), ink(svg, size, 60)

    assert large[0].columns > 3 * small[0].columns
    grey = sum(0 < each < 255 for each in large[1]) / len(large[1])
    assert grey < 0.35  # edges alone are grey: nothing was enlarged


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\unknowncommand{x}", "unknowncommand"),
        (r"\left( x", "left"),
        ("{" * 9_000 + "}" * 9_000, "64 levels"),
        (r"\def\x{\x\x}\x", "macro"),
        (r"\rule{1000cm}{1000cm}", "em"),
        ("", "em"),
        (r"\sum_{一}^{二}", "characters"),
    ],
)
def test_what_would_not_say_what_was_written_is_refused(qapp: QApplication, tex: str, why: str):
    with pytest.raises(NotSet, match=why):
        svg_of(tex, display=True)


def test_chinese_in_a_formula_is_drawn_with_a_font_that_has_it(qapp: QApplication):
    svg, _ = svg_of(r"x \text{ 若 } y^{\text{数}}", display=False)

    assert svg.count("<text") == 2
    assert ">若<" in svg
    assert ">数<" in svg


def test_the_formula_asked_for_last_comes_first():
    queue = TypesetQueue()
    formulas = [Typeset(name, display=False) for name in "abc"]
    for each in [*formulas, formulas[0]]:
        queue.ask(each)
    assert queue.next(0.0) is None

    queue.on(Ready(1, 1, ""), 0.0)

    assert [queue.next(0.0) for _ in range(4)] == [formulas[0], formulas[2], formulas[1], None]


def test_one_that_takes_too_long_is_told_and_the_others_wait_again():
    queue = TypesetQueue(limit_s=1.0)
    queue.on(Ready(1, 1, ""), 0.0)
    slow, other = Typeset("slow", display=False), Typeset("other", display=False)
    queue.ask(other)
    queue.ask(slow)
    assert queue.next(0.0) == slow
    assert queue.next(0.0) == other

    assert queue.expired(0.9) is None
    told = queue.expired(1.1)
    assert told is not None
    assert (told.tex, told.why) == ("slow", "it takes longer than 1 s")
    queue.on(Ready(1, 2, ""), 2.0)
    assert queue.next(2.0) == other


def test_a_process_that_never_starts_is_given_up():
    queue = TypesetQueue()
    queue.ask(Typeset("x", display=False))
    for _ in range(STARTS):
        assert queue.lost("it ended") is None

    assert queue.given_up
    assert queue.idle


def test_an_answer_moves_the_deadline_on():
    queue = TypesetQueue(limit_s=1.0)
    queue.on(Ready(1, 1, ""), 0.0)
    for name in "ab":
        queue.ask(Typeset(name, display=False))
        queue.next(0.0)

    queue.on(FormulaDrawn("a", False, 0.0), 0.8)

    assert queue.deadline == 1.8


def test_sizes_and_images_come_and_stay(typesetter: Typesetter, qtbot: QtBot):
    assert typesetter.size(FRACTION) is None
    with qtbot.waitSignal(typesetter.sized, timeout=10_000) as told:
        pass
    assert told.args == [[FRACTION]]
    size = typesetter.size(FRACTION)
    assert size is not None
    assert size.above > size.below > 0

    assert typesetter.image(FRACTION, 32.0, 2.0, INK) is None
    qtbot.waitUntil(lambda: typesetter.image(FRACTION, 32.0, 2.0, INK) is not None, timeout=10_000)
    image = typesetter.image(FRACTION, 32.0, 2.0, INK)
    assert image is not None
    assert image.devicePixelRatio() == 2
    assert image.width() == pixels(size, 32.0).columns
    assert typesetter.bytes >= image.sizeInBytes()


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_process_that_hangs_or_dies_is_replaced(typesetter: Typesetter, qtbot: QtBot):
    typesetter.size(FRACTION)
    with qtbot.waitSignal(typesetter.sized, timeout=10_000):
        pass
    typesetter._queue.limit_s = 0.3
    first = typesetter.pid
    os.kill(first, signal.SIGSTOP)

    with qtbot.waitSignal(typesetter.sized, timeout=10_000) as told:
        typesetter.size(("stuck", False))

    assert told.args == [[("stuck", False)]]
    assert "0.3 s" in typesetter.refused["stuck", False]
    typesetter._queue.limit_s = 5.0
    with qtbot.waitSignal(typesetter.sized, timeout=10_000):
        typesetter.size(("y", False))
    second = typesetter.pid
    assert second != first
    os.kill(second, signal.SIGKILL)
    qtbot.waitUntil(lambda: typesetter.pid != second, timeout=10_000)
    with qtbot.waitSignal(typesetter.sized, timeout=10_000):
        typesetter.size(("z", False))
    assert typesetter.size(("z", False)) is not None


def test_images_stay_within_their_bound(qtbot: QtBot, typesetter: Typesetter, monkeypatch):
    typesetter._images._most = 40_000
    for power in range(8):
        formula = (f"x^{power} + y", False)
        qtbot.waitUntil(
            lambda formula=formula: typesetter.image(formula, 40.0, 1.0, INK) is not None,
            timeout=10_000,
        )

    assert typesetter._images.bytes <= 40_000
