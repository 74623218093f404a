"""Heat, inspector, strip and gauge: what is coloured and counted is what was measured."""

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.theme import DARK, LIGHT, Theme
from kimidesk.gui.widgets.blocks import Blocks
from kimidesk.gui.widgets.gauge import Spent
from kimidesk.gui.widgets.heat import Heat, bins_of, colours
from kimidesk.gui.widgets.inspector import Inspector
from kimidesk.gui.widgets.rivals import Bar, bars_of, folded
from kimidesk.gui.widgets.spelling import percent, visible
from kimidesk.gui.widgets.strip import Strip, axis_end, axis_top
from kimidesk.records import Token
from tests.gui.conftest import grow

Make = Callable[..., Solve]


def luminance(colour: str | QColor) -> float:
    parts = [part / 255 for part in QColor(colour).getRgb()[:3]]  # type: ignore[index]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str | QColor, other: str | QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_can_be_read_on_every_colour(theme: Theme):
    for ground in colours(theme.heat):
        assert contrast(theme.text, ground) >= 4.5
        assert contrast(theme.quiet, ground) >= 4.5
    for ground in (theme.ground, theme.surface, theme.page, theme.field):
        for ink in (theme.text, theme.quiet, theme.faint, theme.wrong, theme.warn, theme.right):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_heat_runs_one_way_in_lightness(theme: Theme):
    steps = np.diff([luminance(colour) for colour in colours(theme.heat)])

    assert (steps <= 0).all() or (steps >= 0).all()


def test_bins_are_calm_for_what_is_sure_and_for_what_is_unknown(make_solve: Make):
    solve = make_solve()
    for entropy in (0.0, 0.1, 2.0, 9.0, float("nan")):
        solve.columns.append(
            Token(0, -entropy, entropy, 1, np.array([], np.int32), np.array([], np.float32))
        )

    assert bins_of(solve.columns, Heat.ENTROPY).tolist() == [0, 0, 16, 31, 0]
    assert bins_of(solve.columns, Heat.OFF).tolist() == [0] * 5


def test_the_rest_of_the_vocabulary_is_what_the_rivals_leave(make_solve: Make):
    solve = make_solve("a", "b", "c")
    rivals = np.array([0, 1], np.int32)
    solve.columns.append(
        Token(2, np.log(0.05), 1.0, 3, rivals, np.log([0.6, 0.3]).astype(np.float32))
    )

    bars = bars_of(solve, 3)

    assert [(bar.text, bar.drawn, bar.rest) for bar in bars] == [
        ("a", False, False),
        ("b", False, False),
        ("c", True, False),
        ("", False, True),
    ]
    assert sum(bar.p for bar in bars) == pytest.approx(1, abs=1e-3)


def test_rivals_that_pass_one_by_a_hair_leave_nothing(make_solve: Make):
    solve = make_solve("a")
    solve.columns.append(
        Token(0, 0.0, 0.0, 1, np.array([0], np.int32), np.array([1e-3], np.float32))
    )

    assert bars_of(solve, 1)[-1].p == 0


def test_where_rows_are_short_the_least_likely_share_one():
    bars = [Bar("a", 0.5), Bar("b", 0.2), Bar("c", 0.1), Bar("d", 0.05, drawn=True)]
    bars.append(Bar("", 0.15, rest=True))

    shown = folded(bars, 4)

    assert [bar.text for bar in shown] == ["a", "d", "2 more", ""]
    assert sum(bar.p for bar in shown) == pytest.approx(1)
    assert folded(bars, 5) == bars


def test_blanks_and_broken_characters_are_made_visible():
    assert visible(b" the") == "␣the"
    assert visible(b"\n\n") == "↵↵"
    assert visible(b"\xe4\xbd") == "e4 bd"
    assert visible(b"") == "∅"
    assert percent(0.5) == "50.0 %"
    assert percent(0.99987) == "99.987 %"
    assert percent(0.00012) == "0.012 %"


def test_the_inspector_shows_the_figures_of_the_token(qtbot: QtBot, make_solve: Make):
    inspector = Inspector()
    qtbot.addWidget(inspector)

    solve = make_solve("a", " b")
    inspector.show_token(solve, 1)
    assert inspector.figures["text"] == "␣b"
    assert inspector.figures["logprob"].startswith("-0.2500")
    assert inspector.figures["position"] == "2 / 2"
    grow(solve, [b" c"])
    inspector.grow()
    assert inspector.figures["position"] == "2 / 3"
    inspector.show_token(None, -1)
    assert inspector.figures == {}


def test_one_surprise_among_thousands_stays_visible():
    values = np.zeros(10_000, np.float32)
    values[7_777] = 31

    blocks = Blocks(512)
    pooled = blocks.of(values)[:, 3]

    assert len(pooled) <= 512
    assert pooled[7_777 // blocks.size] == 31
    assert (pooled > 0).sum() == 1


def test_the_strip_draws_tokens_near_and_blocks_far(qtbot: QtBot, make_solve: Make):
    strip = Strip()
    qtbot.addWidget(strip)
    strip.resize(600, 120)
    strip.show()
    solve = make_solve(*["a", " b"] * 2_000)

    strip.show_columns(solve.columns)
    assert len(strip._line.xData) <= 512
    strip.plot.setXRange(100, 300, padding=0)
    strip.redraw()
    assert len(strip._line.xData) > 190


def test_blocks_that_grow_are_those_of_the_whole():
    values = np.random.default_rng(1).exponential(size=5_000).astype(np.float32)
    grown = Blocks(64)
    for stop in (1, 63, 64, 65, 1_000, 1_001, 4_999, 5_000):
        rows = grown.of(values[:stop])

        assert np.allclose(rows, Blocks(64).of(values[:stop]))
    assert rows[0, 0] == pytest.approx(values[: grown.size].mean())


def test_the_axis_grows_in_steps_and_ends_at_the_last_token():
    assert axis_end(0, growing=True) == 64
    assert axis_end(20_000, growing=False) == 20_000
    ends = {axis_end(count, growing=True) for count in range(10_000, 20_000)}
    assert len(ends) < 12


def test_the_axis_reaches_the_largest_value_seen(qtbot: QtBot, make_solve: Make):
    assert [axis_top(4.0, value) for value in (0, 4, 4.1, 6, 9.3)] == [4, 4, 6, 6, 10]
    strip = Strip()
    qtbot.addWidget(strip)
    solve = make_solve("a", "b")
    strip.show_columns(solve.columns)
    assert strip.plot.viewRange()[1][1] < 5
    grow(solve, [b"c"], entropy=9.3)

    strip.redraw()

    assert strip.plot.viewRange()[1][1] > 9.3
    assert bins_of(solve.columns, Heat.ENTROPY).max() == 31


def test_the_gauge_knows_its_limit():
    assert Spent(10, 5, 100, 50, 4000).limit == 150
    assert Spent(10, 5, None, 50, 4000).limit == 4000
    assert Spent(10, 5, 5000, 50, 4000).limit == 4000
    assert Spent().limit == 0


def test_what_a_server_did_not_tell_is_an_interval_or_a_dash(qtbot: QtBot, make_solve: Make):
    inspector = Inspector()
    qtbot.addWidget(inspector)
    solve = make_solve("a", "b")
    rivals = np.array([0, 1], np.int32)
    told = np.log([0.6, 0.2]).astype(np.float32)
    solve.columns.append(Token(0, float(np.log(0.6)), float("nan"), 1, rivals, told))
    nothing = np.array([], np.int32)
    solve.columns.append(Token(1, np.nan, np.nan, 0, nothing, nothing.astype(np.float32)))
    solve.transcript.append([0, 1], solve.lexicon)

    inspector.show_token(solve, 2)
    assert inspector.figures["entropy"] == "≥ 0.9503 nats"
    inspector.show_token(solve, 3)
    names = ("p", "logprob", "entropy", "rank")
    assert [inspector.figures[name] for name in names] == ["–"] * 4
    assert bars_of(solve, 3) == []


def test_the_strip_draws_the_interval_and_no_line(qtbot: QtBot, make_solve: Make):
    strip = Strip()
    qtbot.addWidget(strip)
    solve = make_solve("a")
    rivals, told = np.array([0], np.int32), np.log([0.5]).astype(np.float32)
    for _ in range(3):
        solve.columns.append(Token(0, float(told[0]), np.nan, 1, rivals, told))

    nothing = np.array([], np.int32)
    solve.columns.append(Token(1, np.nan, np.nan, 0, nothing, nothing.astype(np.float32)))

    strip.show_columns(solve.columns, vocabulary=101)

    low, high = strip._low.getData()[1], strip._high.getData()[1]
    assert low[1:4] == pytest.approx([np.log(2)] * 3, abs=1e-5)
    assert high[1:4] == pytest.approx([np.log(2) / 2 + 0.5 * np.log(100 / 0.5)] * 3, abs=1e-5)
    assert np.isnan(strip._line.getData()[1][1:]).all()
    assert (low[4], high[4]) == (0, strip._top), "what is not known may be anything"
