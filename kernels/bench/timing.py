"""How one pass is timed: by the GPU's own events, or by the clock of the process.

Inputs are as the pass before left them; all ways of a contest take turns, so that what else the
machine does meets them alike.
"""

import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

Pass = Callable[[], Any]


@dataclass(frozen=True)
class Clock:
    """Times and weighs passes on "cpu" or "cuda"."""

    device: str

    def ms(self, run: Pass) -> float:
        """Milliseconds of one pass; on a GPU what its queue took, launching included."""
        if self.device == "cpu":
            start = time.perf_counter()
            run()
            return (time.perf_counter() - start) * 1e3
        import torch

        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        begin.record()
        run()
        end.record()
        torch.cuda.synchronize()
        return float(begin.elapsed_time(end))

    def peak_bytes(self, run: Pass) -> int:
        """The most that one pass holds beyond what was held before it.

        On a GPU what torch's allocator gave out; on a CPU the process's resident memory, looked
        at every 2 ms, so that short peaks may be missed.
        """
        if self.device == "cpu":
            return _resident_peak(run)
        import torch

        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        kept = run()
        torch.cuda.synchronize()
        peak = torch.cuda.max_memory_allocated() - before
        del kept
        return int(peak)


def _resident_peak(run: Pass) -> int:
    process, done = psutil.Process(), threading.Event()
    _give_back()
    before = most = process.memory_info().rss

    def look() -> None:
        nonlocal most
        while not done.wait(0.002):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        kept = run()
        most = max(most, process.memory_info().rss)
        del kept
    finally:
        done.set()
        watcher.join()
    return int(most - before)


def _give_back() -> None:
    """What malloc holds free goes back, or a pass that takes it again would weigh nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's
    if trim:
        trim(0)


def bandwidth(clock: Clock, megabytes: int) -> float:
    """GB/s of a plain copy, bytes read and written both counted: the ceiling of the table."""
    import torch

    source = torch.ones(megabytes * 250_000, device=clock.device)
    target = torch.empty_like(source)
    took = sorted(clock.ms(lambda: target.copy_(source)) for _ in range(20))
    return float(source.nbytes * 2 / took[10] / 1e6)
