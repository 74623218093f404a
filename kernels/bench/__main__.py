"""The whole comparison in one table: `python kernels/bench`.

On a GPU linear_logprob comes first, then what a decode step pays, then the rest; on a processor
the statistics of a row come first. What the time allowed did not reach is told at the end.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import rows
import table
from contest import ROUNDS, Contest, Line, hold
from timing import Clock, bandwidth

WEIGHT = {"linear_logprob": 3.0}  # of its share of the time
LEAST_SECONDS = 5.0  # a contest is not begun with less
OPS = (
    "linear_logprob",
    "draw",
    "decode share",
    "logprob_entropy",
    "objectives",
    "token_stats",
)


def main() -> int:
    """Print the table; 1 when one of our own ways failed."""
    options = _options()
    clock, ceilings = Clock(options.device), Ceilings(options.quick)
    deadline = time.monotonic() + options.minutes * 60
    print("\n".join(_about(options.device)))
    for device in sorted({options.device, "cpu"}):
        print(f"- ceiling: a copy moves {ceilings.of(device):.1f} GB/s on {device}")
    print(f"\n{table.heading()}", flush=True)
    failed, missed = False, []
    asked = [op for op in OPS if op in options.op]
    for number, op in enumerate(asked):
        left = deadline - time.monotonic()
        share = left / (len(asked) - number) * WEIGHT.get(op, 1.0)
        for line in _lines(op, options, clock, time.monotonic() + min(share, left)):
            if isinstance(line, str):
                missed.append(line)
                continue
            device = line.contest.device or options.device
            print(table.row(line, device, ceilings.of(device)), flush=True)
            failed |= line.ms is None and line.way is line.contest.ways[0]
            del line  # it holds the tensors of its contest, and the next contest is about to come
    print("\nNot begun for want of time:", ", ".join(missed) or "nothing.")
    return int(failed)


def _lines(
    op: str, options: argparse.Namespace, clock: Clock, until: float
) -> Iterator[Line | str]:
    """The lines of one operation; a name for each contest that is not begun."""
    if op == "objectives":
        import losses

        yield from losses.lines(options.device, options.quick)
    waiting = list(_contests(op, options.device, options.quick))
    for place, make in enumerate(waiting):
        left = until - time.monotonic()
        if left < LEAST_SECONDS and not options.quick:
            yield f"{op} {place + 1} of {len(waiting)}"
        else:
            seconds = left / (len(waiting) - place)
            try:
                contest = make()
            except Exception as error:  # noqa: BLE001 - memory, mostly: the next may fit
                reason = f"no tensors: {type(error).__name__}: {error}"
                yield f"{op} {place + 1} of {len(waiting)} ({reason})"
                continue
            its = Clock(contest.device) if contest.device else clock
            yield from hold(contest, its, seconds, 1 if options.quick else ROUNDS)
            del contest


class Ceilings:
    """Bytes a second of a plain copy on each device, measured when first asked for."""

    def __init__(self, quick: bool) -> None:
        self.quick = quick
        self._known: dict[str, float] = {}

    def of(self, device: str) -> float:
        """GB/s."""
        if device not in self._known:
            megabytes = 8 if self.quick else 1024 if device == "cuda" else 256
            self._known[device] = bandwidth(Clock(device), megabytes)
        return self._known[device]


def _contests(op: str, device: str, quick: bool) -> Iterator[Callable[[], Contest]]:
    if op == "token_stats":
        yield from rows.contests(quick)
    elif op == "linear_logprob":
        import linear

        yield from linear.contests(device, quick)
    elif op == "logprob_entropy":
        import logits

        yield from logits.contests(device, quick)
    elif op in ("draw", "decode share"):
        import drawing

        yield from (drawing.contests if op == "draw" else drawing.shares)(device, quick)


def _about(device: str) -> Iterator[str]:
    import torch
    import triton
    from peers import PEERS, version

    from kimikernels.token_stats import choice as token_stats

    yield f"- machine: {platform.processor() or platform.machine()}, {os.cpu_count()} processors"
    threads = torch.get_num_threads()
    yield f"- torch {torch.__version__} on {threads} threads, triton {triton.__version__}"
    if device == "cuda":
        free, whole = torch.cuda.mem_get_info()
        yield f"- {torch.cuda.get_device_name()}, {free / 1e9:.0f} of {whole / 1e9:.0f} GB free"
        yield f"- CUDA {torch.version.cuda}, ROCm {torch.version.hip}, driver {_driver()}"
    yield f"- token_stats: {', '.join(token_stats()[2:])}"
    for package in dict.fromkeys(package for package, _, _ in PEERS.values()):
        told = version(package) or f"not installed, left out (pip install --no-deps {package})"
        yield f"- {package}: {told}"


def _driver() -> str:
    """NVIDIA's, of every GPU."""
    tell = shutil.which("nvidia-smi")
    if tell is None:
        return "not known: there is no nvidia-smi"
    asked = [tell, "--query-gpu=driver_version", "--format=csv,noheader"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return ", ".join((done.stdout or done.stderr).split("\n")).strip(", ")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python kernels/bench", description=__doc__)
    parser.add_argument("--device", choices=("cpu", "cuda"), help="cuda where there is one")
    parser.add_argument("--minutes", type=float, default=8.0, help="for all of it (8)")
    parser.add_argument("--op", choices=OPS, action="append", help="this one only; may be repeated")
    parser.add_argument("--quick", action="store_true", help="tiny shapes, to see that all runs")
    options = parser.parse_args()
    for module in ("torch", "triton"):
        if find_spec(module) is None:
            parser.exit(2, f"{module} is not installed: pip install 'kimidesk[torch]'\n")
    import torch

    options.device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.exit(2, "torch sees no GPU here; --device cpu measures without one\n")
    options.op = options.op or OPS
    return options


if __name__ == "__main__":
    sys.exit(main())
