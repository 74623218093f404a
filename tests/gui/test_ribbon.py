"""The tracks of kinds and budget: what they show, tell and hide, on the strip's own axis."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.solve.naming import Named
from kimidesk.gui.tracks.pooling import density, majority
from kimidesk.gui.tracks.ribbon import Ribbon, merged
from kimidesk.gui.tracks.room import Tracks
from kimidesk.gui.tracks.spans import CODES, Spans
from kimidesk.gui.tracks.spending import Spending, speeds
from kimidesk.gui.window import Window
from kimidesk.reading.segments.counting import KINDS, NO_KIND
from kimidesk.records import Ended, Grown, Kind, Note, Noted, Token
from kimidesk.store import Kept

Make = Callable[..., Solve]
PLAN, DERIVE, VERIFY = CODES[Kind.PLAN], CODES[Kind.DERIVE], CODES[Kind.VERIFY]


def named(*kinds: Kind, tokens: int = 2) -> list[Named]:
    return [
        Named(n * tokens, (n + 1) * tokens - 1, n * 10, n * 10 + 9, kind, 0.5)
        for n, kind in enumerate(kinds)
    ]


def text_of_kinds() -> list[str]:
    said = "First, let me plan this. 2 + 2 = 4. So x = 4. Let me check: 4 - 2 = 2, that's correct."
    return [word + " " for word in said.split()]


def tracks(window: Window) -> Tracks:
    [room] = [room for room in window.presenter.rooms if isinstance(room, Tracks)]
    return room


def test_spans_read_only_what_has_changed():
    spans = Spans()
    old = named(Kind.PLAN, Kind.DERIVE)
    new = [*old, *named(Kind.PLAN, Kind.PLAN, Kind.VERIFY)[2:]]

    assert spans.show(old) == 0
    assert spans.show(new) == 2
    assert spans.kind.tolist() == [PLAN, DERIVE, VERIFY]
    assert spans.per_token(7).tolist() == [PLAN, PLAN, DERIVE, DERIVE, VERIFY, VERIFY, NO_KIND]
    assert spans.per_token(3).tolist() == [PLAN, PLAN, DERIVE]
    assert spans.within(1.5, 3) == slice(0, 2)
    assert spans.within(2.0, 3) == slice(1, 2)


def test_a_pixel_shows_what_most_of_its_tokens_do():
    codes = np.array([PLAN, PLAN, DERIVE, NO_KIND, DERIVE, NO_KIND, NO_KIND, NO_KIND], np.uint8)

    assert majority(codes, 0, 8, 2).tolist() == [PLAN, DERIVE]
    assert majority(codes, 0, 8, 4).tolist() == [PLAN, DERIVE, DERIVE, NO_KIND]
    assert majority(codes, 8, 16, 2).tolist() == [NO_KIND, NO_KIND]


def test_a_pixel_shows_which_share_of_its_tokens_forks():
    marks = np.array([True, False, False, False])

    assert density(marks, 0, 4, 2).tolist() == [0.5, 0]


def test_neighbours_of_one_kind_are_one_block():
    spans = Spans()
    spans.show(named(Kind.PLAN, Kind.DERIVE, Kind.DERIVE))

    assert merged(spans, slice(0, 3)) == [(0, 1, PLAN), (2, 5, DERIVE)]


def test_a_ribbon_tells_what_a_token_belongs_to(make_solve: Make, qtbot: QtBot):
    solve = make_solve(*"abcdefgh", ended=Ended.ANSWERED)
    solve.columns.append(
        Token(0, -3.0, 3.0, 1, np.array([0], np.int32), np.array([-3.0], np.float32))
    )
    solve.transcript.append([0], solve.lexicon)
    ribbon = Ribbon()
    qtbot.addWidget(ribbon)

    ribbon.show_trace(solve)
    assert ribbon.isHidden()
    ribbon.show_named(named(Kind.PLAN, Kind.DERIVE, Kind.CONCLUDE, Kind.VERIFY))
    ribbon.refresh()

    assert not ribbon.isHidden()
    assert ribbon.told(1) == "Plan, 2 tokens, confidence 50%\nSetup"
    assert ribbon.told(6) == "Verify, 2 tokens, confidence 50%\nRe-checks"
    assert ribbon.told(8) == ""
    assert ribbon.forks.tolist() == [False] * 8 + [True]


def test_a_long_trace_is_drawn_as_pixels(make_solve: Make, qtbot: QtBot):
    kinds = [KINDS[n % 10] for n in range(5_000)]
    ribbon = Ribbon()
    qtbot.addWidget(ribbon)
    ribbon.resize(600, 46)
    ribbon.show()
    ribbon.show_trace(make_solve(*("a" for _ in range(10_000)), ended=Ended.ANSWERED))
    ribbon.show_named(named(*kinds))
    ribbon.refresh()
    ribbon.plot.setXRange(0, 10_000, padding=0)

    begun = time.process_time()
    ribbon.grab()
    took_ms = 1000 * (time.process_time() - begun)

    assert took_ms < 500  # about 10


def test_the_speed_is_of_blocks_of_tokens():
    time_ms = np.arange(0, 3200, 100, dtype=np.float32)  # 32 tokens, ten a second

    rows = speeds(time_ms)

    assert rows[:, 1].tolist() == pytest.approx([10.0] * len(rows))
    assert speeds(time_ms[:1]).shape == (0, 2)
    assert speeds(np.zeros(50, np.float32)).shape == (0, 2)


def test_the_budget_is_told_at_each_token(make_solve: Make, qtbot: QtBot):
    solve = make_solve(*("a" for _ in range(20)), ended=Ended.ANSWERED)
    solve.trace = replace(solve.trace, notes=(Note(3, Noted.CUT),))
    spending = Spending()
    qtbot.addWidget(spending)

    spending.show_trace(solve)
    spending.show()
    spending.grab()

    assert not spending.isHidden()
    assert spending.told(4).startswith(f"5 of {spending.spent.limit:,} tokens spent\n0.00 s")
    assert spending.told(20) == ""


def test_tracks_stand_on_the_axis_of_the_strip_and_point_together(
    window: Window, make_solve: Make, qtbot: QtBot
):
    room = tracks(window)
    solve = make_solve(*text_of_kinds(), ended=Ended.ANSWERED)
    window.driver.show(Kept(Grown(solve.trace, solve.columns, solve.lexicon)))
    window.presenter.naming.settle()
    room.ribbon.refresh()
    QApplication.processEvents()

    strip = room.strip.plot.getViewBox().viewRange()[0]
    for track in (room.ribbon, room.spending):
        assert track.isVisible()
        assert track.box.viewRange()[0] == pytest.approx(strip, abs=1)
    room.ribbon.pinned.emit(3)
    assert window.snapshot()["pinned"] == 3
    assert room.spending.pin_line.isVisible()
    assert room.spending.pin_line.value() == 3.5


def test_each_track_can_be_hidden_and_shown(window: Window, make_solve: Make):
    room = tracks(window)
    solve = make_solve(*text_of_kinds(), ended=Ended.ANSWERED)
    window.driver.show(Kept(Grown(solve.trace, solve.columns, solve.lexicon)))
    window.presenter.naming.settle()
    room.ribbon.refresh()
    before = window.page.tracks.height()

    for name, track in (
        ("show-ribbon", room.ribbon),
        ("show-entropy", room.strip),
        ("show-spending", room.spending),
    ):
        assert window.commands.actions[name].isChecked()
        window.commands.trigger(name)
        assert track.isHidden()
    assert window.page.tracks.height() < before - 150
    for name in ("show-ribbon", "show-entropy", "show-spending"):
        window.commands.trigger(name)
    QApplication.processEvents()
    assert window.page.tracks.height() == before


def test_forking_tokens_are_walked(window: Window, make_solve: Make):
    solve = make_solve(ended=Ended.ANSWERED)
    solve.lexicon[0] = b"a "
    for n in range(10):
        rivals = np.array([0], np.int32)
        solve.columns.append(Token(0, -1.0, float(n), 1, rivals, np.array([-1.0], np.float32)))
    solve.transcript.append([0] * 10, solve.lexicon)
    window.driver.show(Kept(Grown(solve.trace, solve.columns, solve.lexicon)))

    pinned = []
    for name in ("next-fork", "next-fork", "next-fork", "last-fork"):
        window.commands.trigger(name)
        pinned.append(window.snapshot()["pinned"])

    assert pinned == [8, 9, 9, 8]


def test_little_room_takes_from_the_tracks(window: Window):
    room = tracks(window)
    window.resize(1024, 600)
    QApplication.processEvents()

    assert room.ribbon.height() < 46
    window.resize(1440, 900)
    QApplication.processEvents()
    assert room.ribbon.height() == 46


def test_tracks_are_saved_as_a_picture_and_as_their_sentences(
    window: Window, make_solve: Make, tmp_path: Path
):
    solve = make_solve(*text_of_kinds(), ended=Ended.ANSWERED)
    window.driver.show(Kept(Grown(solve.trace, solve.columns, solve.lexicon)))
    window.presenter.naming.settle()
    tracks(window).ribbon.refresh()

    window.commands.trigger("export-tracks")
    [dialog] = window.findChildren(QFileDialog)
    for name in ("tracks.csv", "tracks.svg"):
        dialog.fileSelected.emit(str(tmp_path / name))
    dialog.close()

    rows = (tmp_path / "tracks.csv").read_text("utf-8").splitlines()
    assert len(rows) == 1 + len(window.presenter.naming.items)
    assert rows[1].startswith("1,5,Plan,")
    assert "First, let me plan this." in rows[1]
    assert "<text" in (tmp_path / "tracks.svg").read_text("utf-8")


def test_a_double_click_on_a_track_shows_all_tokens_again(window: Window, make_solve: Make):
    room = tracks(window)
    solve = make_solve(*("a " for _ in range(300)), ended=Ended.ANSWERED)
    window.driver.show(Kept(Grown(solve.trace, solve.columns, solve.lexicon)))
    room.strip.plot.setXRange(10, 40, padding=0)

    room.spending.whole_wanted.emit()

    left, right = room.strip.plot.getViewBox().viewRange()[0]
    assert (left, right) == (0, 300)
