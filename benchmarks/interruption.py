"""A run that is killed ten times at random against one that is not: same summary? how fast?

    python benchmarks/interruption.py --data gsm8k_test.jsonl [--limit 50] [--kills 10]

Prints wall time, tokens/s, peak resident memory of the face and its children, and whether the two
summary.json are the same to the byte. Without --data it uses the bundled suite.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

SUITE = Path(__file__).resolve().parents[1] / "assets" / "suites" / "first_steps.jsonl"


def command(arguments: argparse.Namespace, out: Path) -> list[str]:
    """The score command, with an output folder."""
    return [
        *(sys.executable, "-m", "kimidesk", "--headless", "score"),
        *("--model", arguments.model, "--data", str(arguments.data)),
        *("--limit", str(arguments.limit), "--max-answer-tokens", str(arguments.answer)),
        *("--seed", "1", "--slots", str(arguments.slots), "--quiet", "--json"),
        *("--out", str(out)),
    ]


def watched(process: "subprocess.Popen[bytes]", until: float) -> int:
    """Wait for the process, or until monotonic second `until`; the peak of memory, in bytes."""
    peak, face = 0, psutil.Process(process.pid)
    while process.poll() is None and time.monotonic() < until:
        try:
            family = [face, *face.children(recursive=True)]
            peak = max(peak, sum(each.memory_info().rss for each in family))
        except psutil.NoSuchProcess:
            break
        time.sleep(0.1)
    return peak


def run(arguments: argparse.Namespace, out: Path, limit_s: float = float("inf")) -> int:
    """One session, killed after `limit_s`; the peak of memory."""
    process = subprocess.Popen(command(arguments, out), stdout=subprocess.DEVNULL)
    peak = watched(process, time.monotonic() + limit_s)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return peak


def sessions(out: Path) -> list[dict[str, float]]:
    """What each session of a run did."""
    made: list[dict[str, float]] = json.loads((out / "run.json").read_bytes())["sessions"]
    return made


def main() -> int:
    """Run both and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=SUITE)
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--answer", type=int, default=256)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--kills", type=int, default=10)
    arguments = parser.parse_args()
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        begun = time.monotonic()
        peak = run(arguments, whole)
        wall = time.monotonic() - begun
        (session,) = sessions(whole)
        print(
            f"uninterrupted: {wall:.1f} s, {session['samples']} samples, "
            f"{session['tokens']} tokens, {session['tokens_per_s']:.1f} tokens/s, "
            f"peak {peak / 2**20:.0f} MiB (face, worker and grader)"
        )
        begun = time.monotonic()
        for _ in range(arguments.kills):
            run(arguments, broken, random.uniform(0.02, 0.15) * wall)
        run(arguments, broken)
        lines = (broken / "samples.jsonl").read_bytes().splitlines()
        keys = [(row["number"], row["repeat"]) for row in map(json.loads, lines)]
        same = (whole / "summary.json").read_bytes() == (broken / "summary.json").read_bytes()
        print(
            f"killed {arguments.kills} times: {time.monotonic() - begun:.1f} s in all, "
            f"{len(keys) - len(set(keys))} samples made twice, summary "
            f"{'identical' if same else 'DIFFERENT'}"
        )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
