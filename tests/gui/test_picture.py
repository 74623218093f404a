"""The picture of a kept trace, drawn in a process of its own as the command line does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from kimidesk.errors import StoreError
from kimidesk.flows import Solve
from kimidesk.gui import picture
from kimidesk.records import Ended, Judgement, Verdict
from kimidesk.store import Desk, Kept

Make = Callable[..., Solve]


def kept(solve: Solve) -> Kept:
    return Kept(solve.grown, Verdict(Judgement.RIGHT, "4", "4", "exact"))


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk.open()
    yield desk
    desk.close()


@pytest.mark.parametrize(("theme", "light"), [("dark", False), ("light", True)])
def test_a_picture_has_the_size_and_theme_asked_for(
    qtbot: QtBot, desk: Desk, make_solve: Make, tmp_path: Path, theme: str, light: bool
):
    solve = make_solve("<think>", "Hm", "</think>", "4", thinks=True, ended=Ended.ANSWERED)
    path = tmp_path / "page.png"

    picture.save(desk, kept(solve), path, theme=theme, language="zh_CN", size=(1200, 800))

    image = QImage(str(path))
    assert (image.width(), image.height()) == (1200, 800)
    assert (image.pixelColor(600, 500).lightness() > 128) is light


def test_a_folder_that_is_not_there_is_told(
    qtbot: QtBot, desk: Desk, make_solve: Make, tmp_path: Path
):
    with pytest.raises(StoreError, match="cannot be written"):
        picture.save(
            desk,
            kept(make_solve("4", ended=Ended.ANSWERED)),
            tmp_path / "no" / "page.png",
            theme="dark",
            language="en",
        )
