"""How fast the window comes, how long it ever blocks, and what 20,000 tokens weigh.

    python benchmarks/window.py            everything, about three minutes
    python benchmarks/window.py --quick    without the run at real pace

A block is the largest gap of a 5 ms timer in the window's event loop, so it holds what other
programs took from this one too; the idle window, measured for as long, tells how much that is.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

TOKENS = 20_000
START = """
import time, psutil, sys
from PySide6.QtWidgets import QApplication
from kimidesk.gui import app
def painted():
    print(round(1000 * (time.time() - psutil.Process().create_time())),
          round(1000 * time.process_time()), flush=True)
    QApplication.instance().exit()
made = app.application()
from kimidesk.settings import Settings
from kimidesk.store import Desk
desk = Desk.open()
window = app.build(desk, Settings(language="en", theme="dark"))
window.painted.connect(painted)
window.show()
made.exec()
desk.close()
"""


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python", end=" ")
    print(platform.python_version())
    with tempfile.TemporaryDirectory() as home:
        os.environ["KIMIDESK_HOME"] = home
        measure_start()
        measure_streams(Path(home), quick=quick)


def measure_start() -> None:
    """From the process's start to the window's first paint, seven times each."""
    ways = {"offscreen": []}
    if shutil.which("xvfb-run"):
        ways["xvfb"] = ["xvfb-run", "-a"]
    for name, prefix in ways.items():
        environment = {**os.environ, "QT_QPA_PLATFORM": "xcb" if prefix else "offscreen"}
        figures = []
        for _ in range(7):
            command = [*prefix, sys.executable, "-c", START]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode or not done.stdout:
                print(f"first paint, {name}: could not be measured: {done.stderr.strip()[-200:]}")
                break
            figures.append([int(figure) for figure in done.stdout.split()])
        else:
            wall = sorted(figure[0] for figure in figures)
            cpu = sorted(figure[1] for figure in figures)
            print(
                f"first paint, {name}: median {wall[3]} ms (best {wall[0]}, worst {wall[-1]}), "
                f"CPU {cpu[3]} ms"
            )


def script(path: Path, tokens_per_s: float) -> None:
    """A thought of 20,000 tokens of everyday text, with 20 rivals each."""
    chance = random.Random(1)
    words = "the so we have that is 17 x = 51 and then Wait let me check 数学 推理 again"
    tokens = []
    for number in range(1_000):
        entropy = chance.expovariate(1.5)
        rivals = [[f" {word}", -entropy - place] for place, word in enumerate(words.split())]
        text = "\n\n" if number % 60 == 59 else f" {chance.choice(words.split())}"
        tokens.append({"text": text, "entropy": entropy, "logprob": -entropy, "rivals": rivals})
    recitation = {"tokens": tokens, "repeat": TOKENS // 1_000}
    content = {"thinks": True, "opened": True, "tokens_per_s": tokens_per_s}
    path.write_text(json.dumps({**content, "recitations": [recitation]}))


class Bench:
    """A window under a 5 ms timer."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        from kimidesk.gui import app
        from kimidesk.settings import Settings
        from kimidesk.store import Desk

        self.app = app.application()
        self.desk = Desk.open()
        chosen = Settings(language="en", theme="dark", context=TOKENS + 2_000)
        self.window = app.build(self.desk, chosen)
        self.window.show()
        app.add_tracks(self.window)
        app.freeze()
        self.gaps: list[tuple[float, float]] = []  # (ms, when)
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        """Note how long ago the last tick was."""
        now = time.perf_counter()
        self.gaps.append((1000 * (now - self._last), now))
        self._last = now

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let the window live for a while, or until something is true."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, watch = QEventLoop(), QTimer()
        watch.timeout.connect(lambda: loop.quit() if until() else None)
        watch.start(200)
        QTimer.singleShot(round(1000 * seconds), loop, loop.quit)
        loop.exec()

    def report(self, name: str) -> None:
        """The gaps since they were cleared."""
        sizes = sorted(gap for gap, _ in self.gaps)
        over = sum(size > 50 for size in sizes)
        print(
            f"{name}: longest block {sizes[-1]:.1f} ms, 99.9 % below "
            f"{sizes[int(0.999 * len(sizes))]:.1f} ms, {over} above 50 ms"
        )

    def stream(self, path: Path, pace: float, limit_s: float) -> None:
        """20,000 tokens from the scripted engine."""
        from kimidesk.records import Budget, Problem

        window = self.window
        script(path, pace)
        window.presenter.open_checkpoint(f"scripted:{path}")
        window.page.problem.show_problem(Problem("How long?"))
        sampling = window.page.controls.sampling
        window.page.controls.show_values(sampling, Budget(TOKENS + 1_000, 100), 0)
        self.wait(20, lambda: window.driver.checkpoint is not None)
        self.gaps.clear()
        cpu, begun = time.process_time(), time.perf_counter()
        window.presenter.solve()
        self.wait(limit_s, lambda: not window.driver.busy)
        passed = time.perf_counter() - begun
        share = (time.process_time() - cpu) / passed
        tokens = window.snapshot()["tokens"]
        print(f"{tokens:,} tokens in {passed:.1f} s, window's CPU {share:.0%} of one core")
        self.report(f"scripted engine at {pace:g} tokens/s")
        late = [gap for gap, at in self.gaps if at > begun + 0.9 * passed]
        print(f"  its last tenth, above 18,000 tokens: longest block {max(late):.1f} ms")

    def act(self, name: str, do: Callable[[], object]) -> None:
        """The longest block that one act of the person causes."""
        self.wait(0.5)
        self.gaps.clear()
        self.tick()
        do()
        self.wait(1.0)
        print(f"  {name}: longest block {max(gap for gap, _ in self.gaps):.1f} ms")

    def close(self) -> None:
        """End everything."""
        self.window.closed.connect(self.app.quit)
        self.window.close()
        self.app.exec()
        self.desk.close()


def measure_streams(home: Path, *, quick: bool) -> None:
    """The longest block idle, at 2,000 tokens/s, and at 200 tokens/s; then single acts."""
    from kimidesk.gui.widgets.heat import Heat

    bench = Bench()
    window, view = bench.window, bench.window.page.view
    bench.wait(2)
    before = psutil.Process().memory_info().rss
    bench.gaps.clear()
    bench.wait(10)
    bench.report("idle window, 10 s")
    bench.stream(home / "fast.json", 2_000, 40)
    grown = psutil.Process().memory_info().rss - before
    print(f"memory: {before / 2**20:.0f} MiB empty, +{grown / 2**20:.0f} MiB with 20,000 tokens")
    if not quick:
        bench.stream(home / "real.json", 200, 130)
    bench.act("another heat", lambda: window.set_heat(Heat.PROBABILITY))
    bench.act("another theme", lambda: window.set_theme("light"))
    bench.act("resize", lambda: window.resize(1200, 800))
    bench.act("jump to the beginning", lambda: view.pin(0))
    trace = window.driver.solve.trace.id if window.driver.solve else ""
    bench.desk.settle()
    bench.act("reopen the trace", lambda: window.driver.reopen(trace))
    bench.close()


if __name__ == "__main__":
    main()
