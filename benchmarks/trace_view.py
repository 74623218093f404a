"""What the trace view costs at 131,072 tokens, beside QPlainTextEdit with one format a token.

Ours twice: with formulas as their source, and typeset.

    python benchmarks/trace_view.py                    offscreen
    python benchmarks/trace_view.py --platform xcb     under Xvfb, where there is no screen

The trace is made up: English, Chinese, LaTeX, code and emoji, its thought ended, heat on, its
segments named in the gutter and on the map beside the text.
Figures are milliseconds of the GUI thread's CPU, and of the clock beside them: the views do each
thing in turn, in one process. What a token weighs is what a fresh process grows by.
"""

import argparse
import gc
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import psutil
from costs import Cost, cost

if TYPE_CHECKING:
    from trace_views import Ours, Shown

TOKENS = 131_072
FRAMES = 400  # of scrolling, and of following
REPEATS = 9  # of what takes long in either view
TURNS = 40  # of what does not
STREAM_S = 3.0
PACE = 200  # tokens a second while streaming


def told(costs: list[Cost]) -> str:
    """Median and p99 (of few, the largest) of CPU, then of the clock."""
    columns = np.array(costs).T
    cpu, wall = [(np.median(each), np.quantile(each, 0.99, method="higher")) for each in columns]
    return f"{cpu[0]:.2f} / {cpu[1]:.2f} ({wall[0]:.1f} / {wall[1]:.1f})"


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--weigh", choices=("ours", "typeset", "plain"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = chosen.platform
    if chosen.platform == "xcb" and "DISPLAY" not in os.environ:
        if not shutil.which("xvfb-run"):
            sys.exit("there is no screen, and no xvfb-run to make one: apt-get install xvfb xauth")
        os.execvp("xvfb-run", ["xvfb-run", "-a", sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory() as home:
        os.environ["KIMIDESK_HOME"] = home
        if chosen.weigh:
            weigh(chosen.weigh, chosen.tokens)
            return
        load = os.getloadavg()[0]
        print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, {chosen.platform}")
        print(f"{chosen.tokens:,} tokens; CPU median / p99 (clock median / p99), ms\n")
        compare(chosen.tokens)
        stream(chosen.tokens)
        for view in ("ours", "typeset", "plain"):
            command = [sys.executable, __file__, "--weigh", view, "--tokens", str(chosen.tokens)]
            subprocess.run([*command, "--platform", chosen.platform], check=True)


def compare(tokens: int) -> None:
    """Every act, in both views by turns."""
    from synthetic import synthetic
    from trace_views import Ours, OursTypeset, Plain, application

    from kimidesk.gui.app import freeze

    application()
    ours, typeset = Ours(synthetic(tokens)), OursTypeset(synthetic(tokens))
    views: list[Shown] = [ours, typeset, Plain(synthetic(tokens))]
    ours.open()
    freeze()  # as the program does once its window stands
    ours.finish_opening()
    name_and_fold(ours)
    opened: list[list[Cost]] = [[] for _ in views]
    for _ in range(REPEATS):
        for view, costs in zip(views, opened, strict=True):
            costs.append(cost(view.open))
            view.finish_opening()
    row("open to first paint", opened)
    row("scroll, a frame", by_turns(views, lambda view: view.scroll(), FRAMES))
    chance = random.Random(2)
    row("cold jump", by_turns(views, lambda view: view.jump(chance.random()), TURNS))
    for view in views:
        view.follow()
    row("append 2, follow, paint", by_turns(views, lambda view: view.append(2), FRAMES))
    for view in views:
        view.jump(0.5)
    widths = iter(width for width in (700, 900, 820, 640) * TURNS for _ in views)
    row("resize to right frame", by_turns(views, lambda view: view.resize(next(widths)), TURNS))
    row("recolour", by_turns(views, lambda view: view.recolour(), REPEATS))
    row("select all", by_turns(views, lambda view: view.select_all(), TURNS))
    row("search with counts", by_turns(views, lambda view: view.search("the"), REPEATS))
    for view, name in zip(views, ("ours", "typeset", "plain"), strict=True):
        view.resize(760)
        view.finish_opening()
        sizes = [f"{max(each):.1f}" for each in zip(*view.slices, strict=True)]
        print(f"{name}, longest slice while opening and resizing: {sizes[0]} ms ({sizes[1]})")
    formulas = typeset.view.scene.formulas.formulas.found
    print(f"typeset: {len(formulas):,} formulas, images of {typeset.typesetter.bytes / 1e6:.1f} MB")
    typeset.close()


def name_and_fold(ours: "Ours") -> None:
    """Name every sentence, then fold and unfold every segment: each in slices."""
    named = ours.name_all()
    scene = ours.view.scene
    print(f"{len(ours.named):,} sentences, {len(scene.passages.items):,} segments")
    for what, costs in (
        ("name every sentence", named),
        ("fold every segment", ours.fold(folded=True)),
        ("unfold every segment", ours.fold(folded=False)),
    ):
        cpu, wall = (np.array(each) for each in zip(*costs, strict=True))
        print(
            f"{what}: {cpu.sum():.0f} ms ({wall.sum():.0f}) in {len(costs)} slices, "
            f"the longest {cpu.max():.1f} ms ({wall.max():.1f})"
        )
    print()


def by_turns(
    views: "list[Shown]", act: "Callable[[Shown], object]", times: int
) -> list[list[Cost]]:
    """The costs of one act in each view, which take turns."""
    costs: list[list[Cost]] = [[] for _ in views]
    for _ in range(times):
        for view, mine in zip(views, costs, strict=True):
            mine.append(cost(partial(act, view)))
            view.rest()
    return costs


def row(name: str, costs: list[list[Cost]]) -> None:
    """One line of the table."""
    print(f"| {name} | {' | '.join(told(each) for each in costs)} |", flush=True)


def stream(tokens: int) -> None:
    """Paint events and CPU while tokens come one at a time behind a long trace."""
    from PySide6.QtCore import QTimer
    from synthetic import synthetic
    from trace_views import OursTypeset, Paints, application, loop

    application()
    view = OursTypeset(synthetic(tokens))
    view.open()
    view.finish_opening()
    view.follow()
    loop(1.0)
    paints = Paints(view.view.viewport())
    grown = [0]
    begun = time.perf_counter()

    def more() -> None:
        while grown[0] < PACE * (time.perf_counter() - begun):
            view.grow(1)
            grown[0] += 1

    timer = QTimer(interval=5)
    timer.timeout.connect(more)
    timer.start()
    spent = cost(lambda: loop(STREAM_S))
    timer.stop()
    view.close()
    print(
        f"streaming {grown[0]} tokens in {spent.wall / 1000:.1f} s: {paints.count} paint events, "
        f"{paints.count / (spent.wall / 1000):.1f} a second, "
        f"CPU {spent.cpu / spent.wall:.0%} of a core"
    )


def weigh(which: str, tokens: int) -> None:
    """What the process grows by, by the token: the records, the text, and the view."""
    from synthetic import pieces_of, records
    from trace_views import Ours, OursTypeset, Plain, application

    application()
    views: dict[str, type[Shown]] = {"ours": Ours, "typeset": OursTypeset, "plain": Plain}
    small = Ours(records(pieces_of(2_000)))  # fonts, styles and caches of Qt are not the trace's
    small.open()
    small.finish_opening()
    pieces = pieces_of(tokens)
    steps = weights(which, tokens, pieces, views[which])
    print(f"{which}, bytes a token:", ", ".join(f"{name} {size:.0f}" for name, size in steps))


def weights(
    which: str, tokens: int, pieces: list[bytes], view: "type[Shown]"
) -> Iterator[tuple[str, float]]:
    """Each part and its bytes a token, then their sum."""
    from synthetic import records

    begin = resident()
    source = records(pieces)
    kept = resident()
    shown = view(source)
    shown.open()
    shown.finish_opening()
    end = resident()
    yield "records and text", (kept - begin) / tokens
    yield "view", (end - kept) / tokens
    shown.close()
    yield "all", (end - begin) / tokens


def resident() -> int:
    """Bytes of this process in memory, what Python no longer needs handed back."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
