"""A problem's pictures: added, dropped, pasted, refused, kept in order, and shown again."""

import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.pictures.arriving import files_in, pixels_in
from kimidesk.gui.pictures.looking import BadPicture, keep, look
from kimidesk.gui.pictures.strip import PictureStrip
from kimidesk.gui.window import Window
from kimidesk.records import Ended, PictureBlock, Problem
from kimidesk.records.picture import MOST_BYTES
from kimidesk.store import Desk, Kept
from kimidesk.store.pictures import keep_picture, pictures_folder

Script = Callable[..., str]
Draw = Callable[..., str]
START_MS = 15_000
LANDSCAPE = (60, 40)


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Writes a picture, red on its left half and blue on its right."""

    def write(name: str, size: tuple[int, int] = LANDSCAPE) -> str:
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor("blue"))
        for x in range(size[0] // 2):
            for y in range(size[1]):
                image.setPixelColor(x, y, QColor("red"))
        path = str(tmp_path / name)
        assert image.save(path)
        return path

    return write


@pytest.fixture
def strip(qtbot: QtBot) -> PictureStrip:
    made = PictureStrip()
    qtbot.addWidget(made)
    return made


def png_head(width: int, height: int) -> bytes:
    """A PNG that says its size and holds next to nothing, as a decompression bomb does."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0"))


def chunk(kind: bytes, body: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checked


def turned(path: str, orientation: int) -> str:
    """The JPEG with an EXIF orientation."""
    tiff = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)
    body = b"Exif\0\0" + tiff
    raw = Path(path).read_bytes()
    Path(path).write_bytes(
        raw[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + raw[2:]
    )
    return path


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WebP")]
)
def test_three_kinds_are_taken_with_their_size(draw: Draw, name: str, kind: str):
    seen = look(draw(name, (800, 500)))

    assert (seen.kind, seen.width, seen.height) == (kind, 800, 500)
    assert (seen.thumbnail.width(), seen.thumbnail.height()) == (160, 100)


def test_a_picture_is_turned_as_its_exif_says(draw: Draw):
    seen = look(turned(draw("a.jpg"), 6))  # a quarter to the right: the left side is on top

    assert (seen.width, seen.height) == (40, 60)
    assert (seen.thumbnail.width(), seen.thumbnail.height()) == (40, 60)
    assert seen.thumbnail.pixelColor(20, 5).red() > 200
    assert seen.thumbnail.pixelColor(20, 55).blue() > 200


def test_the_content_tells_the_kind_not_the_name(draw: Draw, tmp_path: Path):
    named = tmp_path / "photo.png"
    named.write_bytes(Path(draw("a.jpg")).read_bytes())

    assert look(str(named)).kind == "JPEG"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no PNG"),
        (b"GIF89a\x01\0\x01\0\0\0\0;", "is no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no PNG"),
        (png_head(8, 8), "is broken"),
        (png_head(60_000, 60_000), "60,000 × 60,000 pixels"),
        (png_head(8_001, 8_000), "8,001 × 8,000 pixels"),
        (png_head(2_001, 10), "more than 200 times"),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "x.png"
    path.write_bytes(content)

    with pytest.raises(BadPicture) as caught:
        look(str(path))

    assert words in caught.value.what
    assert words in caught.value.told


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_a_picture_that_was_cut_short_is_refused(draw: Draw, name: str):
    path = Path(draw(name, (400, 300)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

    with pytest.raises(BadPicture, match=r"broken|cut short"):
        look(str(path))


def test_files_that_are_no_files_or_too_large_are_refused_unread(tmp_path: Path):
    huge, pipe = tmp_path / "huge.png", tmp_path / "pipe.png"
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    os.mkfifo(pipe)

    for path, words in ((huge, "may have 67"), (pipe, "no file"), (tmp_path / "no", "No such")):
        with pytest.raises(BadPicture, match=words):
            look(str(path))


def test_the_same_pixels_are_kept_once(home: Path):
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))

    first, again = keep(image), keep(image.copy())

    assert first == again
    assert Path(first).parent == pictures_folder()
    assert QImage(first).pixelColor(1, 1) == QColor("green")
    assert [each.name for each in pictures_folder().iterdir()] == [Path(first).name]
    assert keep_picture(b"other") != Path(first)
    with pytest.raises(BadPicture, match="no picture"):
        keep(QImage())


def test_pictures_stand_in_their_order_and_leave_by_key(
    strip: PictureStrip, draw: Draw, qtbot: QtBot
):
    paths = [draw(f"{name}.png") for name in "bca"]
    strip.add_files([*paths, paths[0]])
    assert strip.paths == tuple(paths)
    qtbot.waitUntil(lambda: strip.list.item(2).text() == "60 × 40")

    strip.list.item(1).setSelected(True)
    strip.remove_chosen()

    assert strip.paths == (paths[0], paths[2])


def test_a_refused_file_leaves_the_strip_and_says_why(
    strip: PictureStrip, draw: Draw, qtbot: QtBot
):
    good = draw("a.png")
    bad = Path(good).with_name("bad.png")
    bad.write_bytes(b"nothing")

    with qtbot.waitSignal(strip.refused) as told:
        strip.add_files([good, str(bad)])

    assert "bad.png is no PNG" in told.args[0]
    assert strip.paths == (good,)


def test_results_of_an_earlier_problem_do_not_show(strip: PictureStrip, draw: Draw, qtbot: QtBot):
    image = QImage(*LANDSCAPE, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    strip.add_image(image)
    strip.show_paths((draw("a.png"),))

    strip.settle()
    assert strip.list.item(0).text() == "60 × 40"
    assert len(strip.paths) == 1


def test_a_picture_that_is_being_pasted_does_not_land_in_a_new_problem(
    strip: PictureStrip,
):
    image = QImage(*LANDSCAPE, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    strip.add_image(image)
    strip.show_paths(())  # a new problem has none, as the one before had so far

    strip.settle()
    assert strip.paths == ()


def test_text_wins_over_the_picture_that_comes_with_it(draw: Draw):
    image = QImage(draw("a.png"))
    pixels, both, mixed = QMimeData(), QMimeData(), QMimeData()
    pixels.setImageData(image)
    both.setImageData(image)
    both.setText("x = 3")
    mixed.setUrls([QUrl.fromLocalFile("/a.png"), QUrl.fromLocalFile("/a.pdf")])

    assert pixels_in(pixels) is not None
    assert pixels_in(both) is None
    assert files_in(mixed) == []


def test_pictures_are_dropped_on_the_page_and_pasted_into_the_text(
    window: Window, draw: Draw, qtbot: QtBot
):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(draw("a.jpg"))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(window.page, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(5, 5), copy, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(window.page, drop)
    assert [Path(str(path)).name for path in window.page.problem.pictures.paths] == ["a.jpg"]

    QGuiApplication.clipboard().setImage(QImage(draw("b.png")))
    window.page.problem.text.paste()

    window.page.problem.text.setPlainText("What is this?")
    window.commands.trigger("solve")  # not without the picture
    assert "still being saved" in str(window.snapshot()["error"])
    window.page.problem.text.clear()
    qtbot.waitUntil(lambda: len(window.page.problem.pictures.paths) == 2)
    kept = Path(window.page.problem.pictures.paths[1])
    assert kept.parent == pictures_folder()
    assert window.page.problem.problem.images == window.page.problem.pictures.paths
    assert window.page.problem.text.toPlainText() == ""
    window.commands.trigger("paste-picture")  # the same pixels again
    window.page.problem.pictures.list.item(0).setSelected(True)
    window.commands.trigger("remove-picture")
    assert window.page.problem.pictures.paths == (str(kept),)


def test_a_checkpoint_that_cannot_see_says_so_before_it_is_asked(
    window: Window, script: Script, draw: Draw, qtbot: QtBot
):
    window.presenter.open_checkpoint(script({"match": "", "text": "4"}))
    window.page.problem.show_problem(Problem("What is this?", images=(draw("a.png"),)))
    window.commands.trigger("solve")  # it is still being opened: the question waits

    qtbot.waitUntil(
        lambda: "cannot read pictures" in str(window.snapshot()["error"]), timeout=START_MS
    )
    assert window.page.problem.pictures.blind.isVisible()
    assert window.driver.solve is None
    assert not window.driver.busy
    window.page.problem.pictures.show_paths(())
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    assert not window.page.problem.pictures.blind.isVisible()


def test_a_reopened_trace_shows_its_pictures_even_those_that_are_gone(
    window: Window, draw: Draw, make_solve: Callable[..., Solve], qtbot: QtBot
):
    here, gone = draw("here.png"), "/nowhere/gone.png"
    trace = make_solve("4", ended=Ended.ANSWERED).trace
    trace = replace(trace, problem=Problem("Which?", images=(here, gone)))
    desk: Desk = window.driver.desk
    desk.begin(trace)
    desk.finish(trace, "4")
    desk.settle()

    window.page.history.chosen.emit(trace.id)

    strip = window.page.problem.pictures
    assert window.snapshot()["pictures"] == [here, gone]
    qtbot.waitUntil(lambda: strip.list.item(1).text() == "unreadable")
    assert strip.list.item(0).text() == "60 × 40"
    assert "gone.png cannot be read" in strip.list.item(1).toolTip()
    assert not window.page.notice.isVisible()
    window.commands.trigger("new")
    assert window.snapshot()["pictures"] == []


def test_what_a_picture_cost_and_how_it_was_shown_stands_above_the_trace(
    window: Window, make_solve: Callable[..., Solve]
):
    solve = make_solve("five", ended=Ended.ANSWERED)
    block = PictureBlock("a.png", 3, 640, 1920, 1080, 896, 504)
    solve.trace = replace(solve.trace, pictures=(block,))

    window.driver.show(Kept(solve.grown))

    told = "picture 1,920 × 1,080, shown at 896 × 504: 640 tokens"
    assert told in window.page.status.pace.text()
