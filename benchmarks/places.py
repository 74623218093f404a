"""One run in two places, of which one is killed: is anything lost, doubled or changed?

    python benchmarks/places.py MODEL.gguf --data gsm8k_test.jsonl [--peers build/bin]
        [--problems 24] [--tokens 48]

Greedy, 4 slots a place, one thread each. Servers, where --peers names the folder of llama-server:
two, of which one is killed after a third of the samples and stays away. Ray: a real cluster of two
nodes on this machine; one is killed after a third, and another joins.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers.programs import Server, folder_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.cluster.nodes import Nodes

LENGTH = 768


def command(options: argparse.Namespace, out: Path, *more: str) -> list[str]:
    """The score of one run."""
    return [
        *(sys.executable, "-m", "kimidesk", "--headless", "score", "--model", str(options.model)),
        *("--data", str(options.data), "--limit", str(options.problems), "--out", str(out)),
        *("--max-answer-tokens", str(options.tokens), "--temperature", "0", "--threads", "1"),
        *("--context", str(LENGTH), "--slots", "4", *more),
    ]


def landed(out: Path) -> list[dict[str, Any]]:
    """The samples so far."""
    path = out / "samples.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def disturbed(
    options: argparse.Namespace, out: Path, disturb: Callable[[], None], *more: str
) -> tuple[float, str]:
    """Run, and disturb it after a third of its samples: seconds, and what it said."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command(options, out, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while len(landed(out)) < options.problems // 3:
        if process.poll() is not None:
            sys.exit(process.communicate()[1])
        time.sleep(0.05)
    disturb()
    _, said = process.communicate()
    if process.returncode:
        sys.exit(said)
    return time.perf_counter() - begun, said


def tell(name: str, options: argparse.Namespace, here: Path, there: Path, seconds: float) -> None:
    """How the two runs differ."""
    one, other = landed(here), landed(there)
    texts = {each["number"]: each["answer"] for each in one}
    same = sum(texts[each["number"]] == each["answer"] for each in other)
    numbers = sorted(each["number"] for each in other)
    whole = numbers == list(range(options.problems))
    summaries = [(folder / "summary.json").read_bytes() for folder in (here, there)]
    places = json.loads((there / "run.json").read_text())["sessions"][-1]["places"]
    equal = "the same" if summaries[0] == summaries[1] else "differ"
    print(
        f"| {name} | {seconds:.1f} s | {'each once' if whole else 'NO: ' + str(numbers)} | "
        f"{same} of {len(one)} | {equal} | {places} |",
        flush=True,
    )


def with_servers(options: argparse.Namespace, root: Path) -> None:
    """Two servers that stay, and two of which one is killed."""
    servers = [Server(folder_of(options.peers), options.model, 1, 4, LENGTH) for _ in range(4)]
    try:
        for name, pair in (("quiet", servers[:2]), ("broken", servers[2:])):
            urls = ("--endpoint", ",".join(f"{each.address}/v1" for each in pair))
            kill = pair[1].close if name == "broken" else lambda: None
            seconds, _ = disturbed(options, root / f"servers-{name}", kill, *urls)
    finally:
        for each in servers:
            each.close()
    tell("servers, one killed", options, root / "servers-quiet", root / "servers-broken", seconds)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--problems", type=int, default=24)
    parser.add_argument("--tokens", type=int, default=48)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kd-") as folder:
        root = Path(folder)
        print("| | time | samples | same text as undisturbed | summary.json | ended where |")
        print("|---|---|---|---|---|---|")
        if options.peers:
            with_servers(options, root)
        subprocess.run(command(options, root / "here"), check=True, capture_output=True)
        nodes = Nodes(root)

        def break_a_node() -> None:
            nodes.tell("kill")
            nodes.tell("add")

        ray = ("--ray", nodes.address)
        seconds, _ = disturbed(options, root / "shared", break_a_node, *ray)
        nodes.close()
        tell("Ray, a node killed", options, root / "here", root / "shared", seconds)


if __name__ == "__main__":
    main()
