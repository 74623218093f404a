"""What the Compare page costs the window: many samples gathered, ribbons scrolled, traces aligned.

Milliseconds of the GUI thread's CPU, so that other work on the machine counts as little as can be.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["KIMIDESK_HOME"] = tempfile.mkdtemp(prefix="kimidesk-comparing-")

from PySide6.QtWidgets import QApplication
from synthetic import pieces_of, records

from kimidesk.gui import app
from kimidesk.gui.compare.compared import Compared
from kimidesk.gui.compare.kept import kept
from kimidesk.gui.compare.presenter import ComparePresenter
from kimidesk.gui.window import Window
from kimidesk.records import Judgement, Problem, Verdict
from kimidesk.settings import Settings
from kimidesk.store import Desk

ANSWERS = ("7", "7", "7", "8", "9")


def main() -> None:
    """Print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--samples", type=int, default=200)
    asked.add_argument("--tokens", type=int, default=2_000)
    given = asked.parse_args()
    desk = Desk.open()
    traces = [fill(desk, at, given.tokens) for at in range(given.samples)]
    desk.settle()
    window = app.build(desk, Settings(theme="dark"))
    window.resize(1440, 900)
    window.show()
    app.add_tracks(window)
    window.pages.show_page("compare")
    presenter = window.compare.presenter
    assert presenter is not None
    loop(1.0)
    print(f"{given.samples} traces of {given.tokens:,} tokens; load {os.getloadavg()[0]:.1f}")
    gather(window, presenter)
    scroll(presenter)
    align(desk, traces[:2])
    window.close()
    loop(1.0)
    desk.close()


def fill(desk: Desk, at: int, tokens: int) -> str:
    """Put a trace on the desk; each is shorter than the one before."""
    made = records(pieces_of(tokens - at))
    trace = replace(made.trace, id=f"s{at:04d}", seed=at, problem=Problem("What is 3+4?", "7"))
    desk.begin(trace)
    desk.append(trace.id, made.columns, made.lexicon)
    desk.finish(trace, made.transcript.text)
    answer = ANSWERS[at % len(ANSWERS)]
    right = Judgement.RIGHT if answer == "7" else Judgement.WRONG
    desk.judge(trace.id, Verdict(right, answer, "7"))
    return trace.id


def gather(window: Window, presenter: ComparePresenter) -> None:
    """From the press of the button until every sentence is named."""
    presenter.page.history.list.setCurrentIndex(presenter.page.history.rows.index(0))
    costs = [cost(presenter.gather)]
    while presenter.gathering.left:
        costs.append(cost(QApplication.processEvents))
        time.sleep(0.001)
    tell("gather: a turn of the event loop", costs)
    print(f"gather: all turns together {sum(costs) / 1000:.1f} s of CPU")


def scroll(presenter: ComparePresenter) -> None:
    """Through the ribbons and back."""
    bar = presenter.page.samples.ribbons.verticalScrollBar()

    def step(value: int) -> None:
        bar.setValue(value)
        QApplication.processEvents()

    places = [*range(0, bar.maximum(), 40), *range(bar.maximum(), 0, -40)]
    tell("scroll: a frame", [cost(lambda at=at: step(at)) for at in places])


def align(desk: Desk, traces: list[str]) -> None:
    """Two traces; the work is done beside the window."""
    compared = Compared()
    for trace in traces:
        compared.add(kept(desk, trace))
    start = time.perf_counter()
    compared.settle()
    print(f"align: named and aligned in {time.perf_counter() - start:.2f} s, by the clock")
    compared.close()


def cost(what: Callable[[], object]) -> float:
    """Milliseconds of this thread."""
    start = time.thread_time()
    what()
    return 1000 * (time.thread_time() - start)


def tell(name: str, costs: list[float]) -> None:
    """Median, p99 and largest."""
    every = sorted(costs)
    middle, high = every[len(every) // 2], every[int(0.99 * (len(every) - 1))]
    print(f"{name}: median {middle:.1f}, p99 {high:.1f}, largest {every[-1]:.1f} ms ({len(every)})")


def loop(seconds: float) -> None:
    """Let the window do what it has to do."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
