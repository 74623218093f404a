"""Charts: framed, told as a table, and saved as picture, drawing and numbers."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("PySide6")

import pyqtgraph as pg
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from kimidesk.errors import StoreError, UsageError
from kimidesk.gui.charts.exporting import export, last_folder, save
from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.charts.table import Table, spelled

TABLE = Table(("kind", "share"), (("plan, then act", 0.25), ("导出", None), ("x", float("nan"))))


@pytest.fixture
def plot(qtbot: QtBot) -> pg.PlotWidget:
    made = pg.PlotWidget()
    qtbot.addWidget(made)
    made.resize(300, 150)
    made.plot([1, 3, 2])
    made.setLabel("left", "tokens 词")
    made.show()
    return made


def test_a_picture_has_twice_the_pixels(plot: pg.PlotWidget, tmp_path: Path):
    save(plot, TABLE, tmp_path / "chart.png")

    image = QImage(str(tmp_path / "chart.png"))
    assert (image.width(), image.height()) == (600, 300)


def test_a_drawing_is_made_of_lines_and_text(plot: pg.PlotWidget, tmp_path: Path):
    save(plot, TABLE, tmp_path / "chart.SVG")

    root = ElementTree.parse(tmp_path / "chart.SVG").getroot()
    said = "".join(root.itertext())
    assert "tokens" in said
    assert "词" in said
    assert not [each for each in root.iter() if each.tag.endswith("image")]


def test_a_table_is_saved_with_what_is_unknown_left_empty(plot: pg.PlotWidget, tmp_path: Path):
    save(plot, TABLE, tmp_path / "chart.csv")

    with (tmp_path / "chart.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["kind", "share"],
            ["plan, then act", "0.25"],
            ["导出", ""],
            ["x", ""],
        ]


def test_another_ending_is_refused(plot: pg.PlotWidget, tmp_path: Path):
    with pytest.raises(UsageError, match="ends in none"):
        save(plot, TABLE, tmp_path / "chart.pdf")


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_a_file_that_cannot_be_written_is_told(plot: pg.PlotWidget, tmp_path: Path, kind: str):
    with pytest.raises(StoreError, match="cannot be written"):
        save(plot, TABLE, tmp_path / "missing" / f"chart.{kind}")


def test_the_folder_is_kept_for_the_next_chart(plot: pg.PlotWidget, tmp_path: Path):
    dialog = export(plot, TABLE, plot, kind="csv")
    dialog.fileSelected.emit(str(tmp_path / "a.csv"))
    dialog.close()

    assert (tmp_path / "a.csv").exists()
    assert last_folder() == tmp_path
    again = export(plot, TABLE, plot)
    assert Path(again.directory().absolutePath()) == tmp_path
    again.close()


def test_what_was_not_saved_is_told_in_a_message(plot: pg.PlotWidget, tmp_path: Path):
    dialog = export(plot, TABLE, plot)
    dialog.fileSelected.emit(str(tmp_path / "no" / "a.png"))
    dialog.close()

    [box] = plot.window().findChildren(QMessageBox)
    assert "cannot be written" in box.text()
    box.close()


def test_a_frame_shows_its_chart_as_a_table(plot: pg.PlotWidget, qtbot: QtBot):
    frame = ChartFrame(plot, lambda: "Tokens by kind", "kinds")
    qtbot.addWidget(frame)
    frame.show_table(TABLE)
    frame.show()

    frame.as_table.setChecked(True)

    assert not plot.isVisible()
    assert frame.view.isVisible()
    assert frame.view.accessibleName() == "Tokens by kind"
    rows = [[frame.model.index(r, c).data() for c in range(2)] for r in range(3)]
    assert rows == [["plan, then act", "0.25"], ["导出", "–"], ["x", "–"]]


def test_a_frame_saves_and_copies(plot: pg.PlotWidget, qtbot: QtBot):
    frame = ChartFrame(plot, lambda: "Tokens by kind", "kinds")
    qtbot.addWidget(frame)
    frame.show_table(TABLE)

    frame.saves["svg"].trigger()
    frame.copying.trigger()

    [dialog] = frame.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("kinds.svg")
    assert QGuiApplication.clipboard().text().startswith("kind\tshare\nplan, then act\t0.25\n")
    dialog.close()


def test_numbers_are_spelled_for_people():
    assert [spelled(cell) for cell in (12345, 0.123456, 12345.6, "a", None)] == [
        "12,345",
        "0.1235",
        "12,346",
        "a",
        "–",
    ]
