"""What the stand-in for a decode step holds."""

import contextlib
import gc
import sys
import weakref
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("triton")

BENCH = str(Path(__file__).parents[3] / "kernels" / "bench")


def test_the_weights_that_a_captured_step_reads_live_as_long_as_the_step(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    made, randn = [], torch.randn

    def on_cpu(*size, dtype, device):
        made.append(randn(*size, dtype=dtype))
        return made[-1]

    class Graph:
        def replay(self):
            pass

    monkeypatch.setattr(torch, "randn", on_cpu)
    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "graph", lambda _: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    import drawing

    monkeypatch.setattr(drawing, "V", 300)
    monkeypatch.setattr(drawing, "CONTEXT", 16)

    replay = drawing.step((1, 256, 512, 2, 1), 2)
    kept = [weakref.ref(each) for each in made]
    made.clear()
    gc.collect()
    for name in ("contest", "timing", "drawing"):
        sys.modules.pop(name, None)

    assert replay
    assert all(each() is not None for each in kept)
