"""What tracks and figures cost the GUI thread at 131,072 tokens, and the longest slice of them.

    python benchmarks/figures.py

The trace is made up, as `trace_view.py` has it; its sentences are named as the program names them.
Figures are milliseconds of CPU of the GUI thread, median and the largest.
"""

import os
import platform
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from costs import Cost, cost

if TYPE_CHECKING:
    from kimidesk.flows import Solve
    from kimidesk.gui.figures.room import Figures
    from kimidesk.gui.tracks.room import Tracks
    from kimidesk.gui.window import Window

TOKENS = 131_072
TIMES = 40


def row(what: str, costs: list[Cost]) -> None:
    """One line of the report."""
    cpu, wall = np.array(costs).T
    print(
        f"{what:44} {np.median(cpu):7.2f} / {cpu.max():7.2f}"
        f"   ({np.median(wall):.1f} / {wall.max():.1f})"
    )


def many(act: Callable[[], object], times: int = TIMES) -> list[Cost]:
    """The costs of one act, after a first time that is not counted."""
    act()
    return [cost(act) for _ in range(times)]


def main() -> None:
    """Print every figure."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as home:
        os.environ["KIMIDESK_HOME"] = home
        from synthetic import synthetic

        from kimidesk.gui import app
        from kimidesk.records import Grown
        from kimidesk.settings import Settings
        from kimidesk.store import Desk, Kept

        desk = Desk.open()
        window = app.build(desk, Settings(theme="dark", language="en"))
        window.resize(1440, 900)
        window.show()
        app.add_tracks(window)
        made = synthetic(TOKENS)
        window.driver.show(Kept(Grown(made.trace, made.columns, made.lexicon)))
        solve = window.driver.solve
        assert solve is not None
        window.presenter.naming.settle()
        app.freeze()
        load = os.getloadavg()[0]
        named = len(window.presenter.naming.items)
        print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}; CPU (clock), ms")
        print(f"{TOKENS:,} tokens, {named:,} sentences; median / largest of {TIMES}\n")
        tracks, figures = rooms(window)
        of_tracks(tracks)
        of_figures(window, figures)
        of_analysing(solve)
        window.close()
        desk.close()


def rooms(window: "Window") -> "tuple[Tracks, Figures]":
    """The two rooms that are measured."""
    from kimidesk.gui.figures.room import Figures
    from kimidesk.gui.tracks.room import Tracks

    found = window.presenter.rooms
    [tracks] = [each for each in found if isinstance(each, Tracks)]
    [figures] = [each for each in found if isinstance(each, Figures)]
    return tracks, figures


def of_tracks(tracks: "Tracks") -> None:
    """Taking what is new, and drawing it, at both ends of the zoom."""
    ribbon, spending = tracks.ribbon, tracks.spending
    row("ribbon: take names and tokens", many(ribbon.refresh))
    tracks.strip.plot.setXRange(0, TOKENS, padding=0)
    row("ribbon: draw the whole trace", many(ribbon.grab))
    tracks.strip.plot.setXRange(60_000, 62_000, padding=0)
    row("ribbon: draw 2,000 tokens", many(ribbon.grab))
    row("budget: take tokens", many(spending.refresh))
    row("budget: draw", many(spending.grab))


def of_figures(window: "Window", figures: "Figures") -> None:
    """Counting and filling the tab, and painting all of it."""
    window.commands.trigger("figures")
    row("figures: count kinds, transitions, stages", many(figures.refresh))
    row("figures: budget and efficiencies", many(figures._refresh_budget))
    row("figures: draw the whole tab", many(figures.panel.grab))


def of_analysing(solve: "Solve") -> None:
    """The slices in which the trace is analysed beside everything else."""
    from kimidesk.flows import Analyse, sample_of
    from kimidesk.gui.figures.analysing import Job

    job = Job(sample_of(solve, repeat=0, attempts=1))
    slices: list[Cost] = []
    done = False

    def step() -> None:
        nonlocal done
        done = job.step()

    while not done:
        slices.append(cost(step))
    row(f"analysis: {len(slices):,} slices of reading", slices)
    flow = Analyse(job.sample, "", job.named, job.stating)
    row("analysis: questions to the grader", [cost(flow.start)])
    flow.stop()
    row("analysis: course and efficiencies", [cost(flow.analysis)])
    row("analysis: reasons", [cost(flow.places)])


if __name__ == "__main__":
    main()
