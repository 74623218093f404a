"""How long the window's event loop waits while large pictures are taken in.

    python benchmarks/pictures.py

A block is the largest gap of a 2 ms timer. Pictures are noise of eight-pixel cells, 7,900 × 8,000.
"""

import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kimidesk.gui.pictures.strip import PictureStrip
from kimidesk.settings import HOME_VARIABLE

WIDTH, HEIGHT, CELL = 7_900, 8_000, 8
LIMIT_S = 60.0


def main() -> None:
    """Print every figure."""
    app = QApplication([])
    image = noise()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        os.environ[HOME_VARIABLE] = folder
        for name in ("large.jpg", "large.png", "large.webp"):
            path = Path(folder) / name
            image.save(str(path))
            show(f"{name}, {path.stat().st_size / 1e6:.0f} MB", app, adding(str(path)))
        show("the same from the clipboard", app, lambda strip: strip.add_image(image))


def adding(path: str) -> Callable[[PictureStrip], None]:
    """Adds a file to a strip."""
    return lambda strip: strip.add_files([path])


def noise() -> QImage:
    """63 million pixels."""
    random = np.random.default_rng(0)
    shape = (HEIGHT // CELL, WIDTH // CELL * 4)
    cells = random.integers(0, 255, shape, dtype=np.uint8)
    small = QImage(cells.data, WIDTH // CELL, HEIGHT // CELL, shape[1], QImage.Format.Format_RGB32)
    return small.scaled(WIDTH, HEIGHT)


def show(title: str, app: QApplication, start: Callable[[PictureStrip], None]) -> None:
    """Take one picture in; print how long that took and the longest block meanwhile."""
    strip = PictureStrip()
    gaps: list[float] = [time.perf_counter()]
    worst = 0.0

    def tick() -> None:
        nonlocal worst
        now = time.perf_counter()
        worst, gaps[0] = max(worst, now - gaps[0]), now

    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(tick)
    timer.start()
    begun = time.perf_counter()
    start(strip)
    while time.perf_counter() - begun < LIMIT_S and not seen(strip):
        app.processEvents()
    took = time.perf_counter() - begun
    strip.close_aside()
    said = strip.list.item(0).text() if strip.paths else "refused"
    print(f"{title}: {said} after {took:.2f} s, longest block {1000 * worst:.0f} ms")


def seen(strip: PictureStrip) -> bool:
    """Whether the picture stands there with its size."""
    return bool(strip.paths) and "×" in strip.list.item(0).text()


if __name__ == "__main__":
    main()
