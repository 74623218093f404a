"""A problem's picture in a window of its own, and what a trace was given kept with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.gui.pictures.looking import BadPicture, Since, look_again, whole
from kimidesk.gui.pictures.strip import PictureStrip
from kimidesk.gui.pictures.viewer import SMALL_PX, Canvas, Viewer, read
from kimidesk.gui.window import Window
from kimidesk.store.pictures import KeptPicture, keep_copy

Draw = Callable[..., str]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    def write(name: str = "a.png", colour: str = "red", size: tuple[int, int] = (400, 200)) -> str:
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        assert image.save(str(tmp_path / name))
        return str(tmp_path / name)

    return write


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.show()
    image = QImage(400, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("red"))
    made.show_images(image, image)
    return made


def test_a_picture_fits_and_follows_the_window_until_it_is_zoomed(canvas: Canvas):
    assert canvas.zoom == 0.5
    canvas.resize(160, 200)
    QApplication.processEvents()
    assert canvas.zoom == 0.4

    canvas.set_zoom(1.0)
    canvas.resize(200, 200)
    QApplication.processEvents()
    assert canvas.zoom == 1.0


def test_a_small_picture_is_not_blown_up(canvas: Canvas):
    canvas.resize(800, 800)
    QApplication.processEvents()

    assert canvas.zoom == 1.0


def test_the_wheel_zooms_about_the_pointer(canvas: Canvas):
    at = QPointF(150, 120)
    before = canvas.picture_point(at)

    canvas.wheelEvent(
        QWheelEvent(
            at, at, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )
    )  # fmt: skip

    assert canvas.zoom == pytest.approx(0.5 * 1.25**2)
    after = canvas.picture_point(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.01)


def test_keys_zoom_fit_and_move(canvas: Canvas):
    zooms = []
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_1, Qt.Key.Key_0):
        QTest.keyClick(canvas, key)
        zooms.append(canvas.zoom)
    assert zooms == pytest.approx([0.625, 0.5, 1.0, 0.5])

    QTest.keyClick(canvas, Qt.Key.Key_1)
    before = canvas.picture_point(QPointF(0, 0)).x()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.picture_point(QPointF(0, 0)).x() > before
    for _ in range(50):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.picture_point(QPointF(100, 100)).x() == 400  # its edge stays in sight


def test_dragging_moves_the_picture_with_the_pointer(canvas: Canvas):
    canvas.set_zoom(2.0)
    before = canvas.picture_point(QPointF(50, 50))

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(canvas, QPoint(90, 70))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, 70))

    after = canvas.picture_point(QPointF(90, 70))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.01)


def test_the_viewer_reads_aside_and_says_what_it_shows(window: Window, draw: Draw, qtbot: QtBot):
    strip = window.page.problem.pictures
    strip.show_paths((draw("photo.png"),))
    window.commands.trigger("view-picture")
    viewer = strip.viewer
    assert viewer is not None
    strip.settle()

    assert viewer.windowTitle() == "photo.png"
    assert viewer.told.text().startswith("photo.png   400 × 200   100%")
    viewer.buttons["larger"].click()
    assert viewer.told.text().endswith("125%")
    viewer.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    assert viewer.canvas.image.isNull()


def test_what_cannot_be_read_is_said_in_the_viewer(window: Window, tmp_path: Path):
    strip = window.page.problem.pictures
    strip.show_paths((str(tmp_path / "gone.png"),))
    strip.view_chosen()
    strip.settle()

    assert isinstance(strip.viewer, Viewer)
    assert "gone.png cannot be read" in strip.viewer.told.text()
    strip.viewer.close()


def test_a_large_picture_has_a_small_copy_to_draw_from(draw: Draw):
    image, small = read(draw("large.png", size=(SMALL_PX * 2, 100)))

    assert image.width() == SMALL_PX * 2
    assert small.width() == SMALL_PX
    with pytest.raises(BadPicture):
        whole(str(Path(draw()).parent / "none.png"))


def test_a_picture_that_has_not_changed_is_the_file(draw: Draw):
    path = draw()

    seen = look_again(path, keep_copy(path))

    assert (seen.since, seen.shown) == (Since.SAME, path)


@pytest.mark.parametrize("since", [Since.GONE, Since.CHANGED])
def test_one_that_moved_or_changed_is_shown_as_it_was_given(draw: Draw, since: Since):
    path = draw()
    kept = keep_copy(path)
    if since is Since.GONE:
        Path(path).unlink()
    else:
        draw(colour="blue")

    seen = look_again(path, kept)

    assert (seen.since, seen.path, seen.shown) == (since, path, kept.copy)
    assert seen.thumbnail.pixelColor(5, 5) == QColor("red")


def test_without_a_copy_the_file_alone_is_there(draw: Draw):
    path = draw()

    assert look_again(path, KeptPicture(path, reason="the disk was full")).shown == path
    Path(path).unlink()
    with pytest.raises(BadPicture):
        look_again(path, KeptPicture(path))


def test_the_strip_says_that_a_kept_copy_is_shown(qtbot: QtBot, draw: Draw):
    strip = PictureStrip()
    qtbot.addWidget(strip)
    path = draw()
    kept = keep_copy(path)
    draw(colour="blue")

    strip.show_paths((path,), (kept,))
    strip.settle()

    assert strip.since.text() == ("The file has changed; the copy kept with the trace is shown.")
    assert strip.paths == (kept.copy,)  # what is shown is what would be asked
    strip.show_paths(())
    assert strip.since.isHidden()
