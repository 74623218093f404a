"""What it costs a trace that its llama-server is killed and started again.

    python benchmarks/resuming.py LLAMA_SERVER FILE.gguf [--kills 20]

Greedy, one trace at a time, every run on a server that has just been started, which is killed at a
random token of the first 120. What came after the break is compared with what a fresh server writes
after the same tokens, and the whole with a run that nothing broke.
"""

import argparse
import random
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from kimidesk.engines.remote import Remote
from kimidesk.records import Attempt, Budget, Message, Noted, Sampling
from kimidesk.wire.messages import OpenCheckpoint

TOKENS, WITHIN = 150, 120
PROBLEMS = (
    "Write a long story about a whale.",
    "Explain photosynthesis in detail.",
    "List facts about Rome.",
    "How do I bake bread?",
    "Tell me about the moon.",
    "讲一个关于海的故事。",
)


@dataclass
class Peer:
    """A llama-server that can be killed; `started_s`: the last start, until it answered."""

    command: list[str]
    port: int
    started_s: float = 0.0
    process: subprocess.Popen[bytes] | None = None

    def again(self) -> None:
        """Kill it, and start it anew."""
        self.kill()
        begun, quiet = time.perf_counter(), subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=quiet, stderr=quiet)
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with status {self.process.returncode}")
            time.sleep(0.02)
        self.started_s = time.perf_counter() - begun

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1):
                return True
        except urllib.error.HTTPError as error:
            error.close()  # it is loading
        except OSError:
            pass
        return False


@dataclass
class Grown:
    """One trace."""

    ids: list[int] = field(default_factory=list)
    broke: list[int] = field(default_factory=list)  # tokens before each break
    seconds: float = 0.0


def main() -> None:
    """Print what was lost, and what was the same."""
    options = _options()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    how = f"-c 4096 -np 2 -t 1 -tb 1 --alias m --port {port}".split()
    peer = Peer([options.server, "-m", options.gguf, *how], port)
    peer.again()
    remote = Remote(OpenCheckpoint(f"http://127.0.0.1:{port}", slots=2, context=0))
    drawn, same, exact, control = random.Random(1), 0, 0, 0
    lost: list[float] = []
    starts: list[float] = []
    try:
        for number in range(options.kills):
            problem = PROBLEMS[number % len(PROBLEMS)]
            whole, twice = (_grow(remote, peer, problem) for _ in range(2))
            broken = _grow(remote, peer, problem, kill_at=drawn.randrange(5, WITHIN))
            starts.append(peer.started_s)
            lost.append(broken.seconds - whole.seconds - peer.started_s)
            [at] = broken.broke
            fresh = _grow(remote, peer, problem, prefix=tuple(broken.ids[:at]))
            control += whole.ids == twice.ids
            same += broken.ids == whole.ids
            exact += broken.ids[at:] == fresh.ids
    finally:
        remote.close()
        peer.kill()
    print(f"{options.kills} kills; two unbroken runs are the same: {control}")
    print(f"what came after the break is what a fresh server writes there: {exact}")
    print(f"the whole is the unbroken run: {same}")
    print(f"a start takes {statistics.median(starts):.2f} s; lost beyond it, in s:")
    print(f"median {statistics.median(lost):.2f}, {min(lost):.2f} … {max(lost):.2f}")


def _grow(
    remote: Remote, peer: Peer, problem: str, *, kill_at: int = 0, prefix: tuple[int, ...] = ()
) -> Grown:
    peer.again()
    grown, begun = Grown(), time.perf_counter()
    sampling, budget = Sampling(temperature=0, top_p=1), Budget(answer=TOKENS - len(prefix))
    remote.add(Attempt("t", (Message("user", problem),), sampling, budget, prefix=prefix))
    while remote.live:
        steps = remote.step()
        grown.ids += [step.token.id for step in steps if step.token is not None]
        notes = [note for step in steps for note in step.notes]
        grown.broke += [note.at for note in notes if note.what is Noted.RESUMED]
        if 0 < kill_at <= len(grown.ids):
            kill_at = 0
            peer.again()
    grown.seconds = time.perf_counter() - begun
    return grown


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server")
    parser.add_argument("gguf")
    parser.add_argument("--kills", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
