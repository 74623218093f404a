"""A benchmark scored by KimiDesk, and the same requests by its neighbours, in turns.

    python benchmarks/throughput.py MODEL.gguf --data gsm8k_test.jsonl --peers build/bin
        [--problems 64] [--slots 16] [--tokens 128] [--threads 2] [--rounds 2]

Greedy, the same messages and the same limit for all. Ours tells every statistic, writes its journal
and judges; the peers only answer. Times are from the first request to the last answer (ours: to
the last verdict), so nobody's start counts. lm-evaluation-harness takes part where it is installed.
"""

import argparse
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from peers.programs import Server, folder_of

from kimidesk.client.pipe import Pipe
from kimidesk.flows.asking import messages_for
from kimidesk.records import Attempt, Budget, Sampling
from kimidesk.store import suites
from kimidesk.wire.messages import (
    AnyEvent,
    Failed,
    Generate,
    Loaded,
    OpenCheckpoint,
    TokensCame,
    TraceEnded,
)

GREEDY = Sampling(temperature=0, top_p=1)
LENGTH = 768  # tokens of context for each slot
TASK = """\
task: neighbour
dataset_path: json
dataset_kwargs: {{data_files: {{test: {rows}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{text}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: [], do_sample: false, temperature: 0.0, max_gen_toks: {tokens}}}
metric_list: [{{metric: exact_match}}]
"""


class Took(NamedTuple):
    """One pass over all problems."""

    tokens: int
    seconds: float
    whole: float = 0.0  # seconds of the process, its start among them; 0: there is none


class Work:
    """What everybody is asked."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options, self.folder = options, folder
        problems = suites.read(options.data).problems[: options.problems]
        self.asked = [messages_for(problem) for problem in problems]
        self.texts = [asked[0].content for asked in self.asked]
        self.server: Server

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a server that has read nothing yet: it keeps what it has read."""
        own = self.options
        self.server = Server(folder_of(own.peers), own.model, own.threads, own.slots, LENGTH)
        try:
            yield f"{self.server.address}/v1"
        finally:
            self.server.close()

    def ours(self, number: int, *more: str) -> Took:
        """`kimidesk --headless score`, journal, grader and all."""
        own, out = self.options, self.folder / f"run-{number}-{len(more)}"
        where = more or ("--slots", str(own.slots), "--threads", str(own.threads))
        begun = time.perf_counter()
        subprocess.run(
            [
                *(sys.executable, "-m", "kimidesk", "--headless", "score", "--quiet"),
                *("--data", str(own.data), "--limit", str(own.problems), "--out", str(out)),
                *("--max-answer-tokens", str(own.tokens), "--temperature", "0"),
                *("--context", str(LENGTH), "--model", str(own.model), *where),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        whole = time.perf_counter() - begun
        session = json.loads((out / "run.json").read_text())["sessions"][-1]
        return Took(session["tokens"], session["seconds"], whole)

    def worker_alone(self) -> Took:
        """The same worker without journal, grader and flow: what is left is the harness."""
        own, events = self.options, queue.SimpleQueue[AnyEvent]()
        pipe = Pipe(events.put)
        how = OpenCheckpoint(str(own.model), context=LENGTH, slots=own.slots, threads=own.threads)
        pipe.send([how])
        while not isinstance(events.get(), Loaded):
            pass
        begun, tokens, left = time.perf_counter(), 0, len(self.asked)
        for number, asked in enumerate(self.asked):
            attempt = Attempt(str(number), asked, GREEDY, Budget(None, own.tokens))
            pipe.send([Generate(attempt)])
        while left:
            event = events.get()
            tokens += event.columns.n if isinstance(event, TokensCame) else 0
            left -= isinstance(event, TraceEnded | Failed)
        took = Took(tokens, time.perf_counter() - begun)
        pipe.close()
        return took

    def served(self) -> Took:
        """A plain client with as many threads as there are slots."""

        def ask(text: str) -> int:
            answer = self.server.whole(
                "/v1/chat/completions",
                {
                    "messages": [{"role": "user", "content": text}],
                    "max_tokens": self.options.tokens,
                    "temperature": 0,
                },
            )
            return int(answer["usage"]["completion_tokens"])

        begun = time.perf_counter()
        with ThreadPoolExecutor(self.options.slots) as pool:
            tokens = sum(pool.map(ask, self.texts))
        return Took(tokens, time.perf_counter() - begun)

    def one_by_one(self, llama: Any) -> Took:
        """llama-cpp-python as its README calls it."""
        begun, tokens = time.perf_counter(), 0
        for text in self.texts:
            answer = llama.create_chat_completion(
                [{"role": "user", "content": text}],
                temperature=0,
                max_tokens=self.options.tokens,
            )
            tokens += answer["usage"]["completion_tokens"]
        return Took(tokens, time.perf_counter() - begun)

    def harness(self, address: str) -> Took:
        """lm-evaluation-harness on a server; its requests by its own bar."""
        own, rows = self.options, self.folder / "rows.jsonl"
        lines = [json.dumps({"text": text, "answer": "0"}) for text in self.texts]
        rows.write_text("\n".join(lines) + "\n")
        (self.folder / "neighbour.yaml").write_text(TASK.format(rows=rows, tokens=own.tokens))
        before, begun = self.server.tokens, time.perf_counter()
        done = subprocess.run(
            [
                *("lm_eval", "--model", "local-chat-completions", "--apply_chat_template"),
                *(
                    "--model_args",
                    f"model=m,base_url={address}/chat/completions,num_concurrent={own.slots}",
                ),
                *("--tasks", "neighbour", "--include_path", str(self.folder)),
            ],
            env={**os.environ, "OPENAI_API_KEY": "none", "HF_HUB_OFFLINE": "1"},
            capture_output=True,
            text=True,
        )
        whole = time.perf_counter() - begun
        bars = re.findall(r"Requesting API: 100%.*?\[(?:(\d+):)?(\d+):(\d+)<", done.stderr)
        if done.returncode or not bars:
            sys.exit(f"lm_eval ended with {done.returncode}:\n{done.stderr[-3000:]}")
        hours, minutes, seconds = (int(part or 0) for part in bars[-1])
        took = hours * 3600 + minutes * 60 + seconds
        return Took(self.server.tokens - before, took, whole)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path)
    for name, default in (
        ("problems", 64),
        ("slots", 16),
        ("tokens", 128),
        ("threads", 2),
        ("rounds", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    from llama_cpp import Llama

    with tempfile.TemporaryDirectory() as folder:
        work = Work(options, Path(folder))
        llama = Llama(str(options.model), n_ctx=LENGTH, n_threads=options.threads, verbose=False)
        took: dict[str, list[Took]] = defaultdict(list)
        for number in range(options.rounds):
            took["kimidesk score"].append(work.ours(number))
            took["its worker alone"].append(work.worker_alone())
            with work.fresh():
                took["llama-server, concurrent client"].append(work.served())
            with work.fresh() as address:
                endpoint = ("--endpoint", address, "--slots", str(options.slots))
                took["kimidesk score --endpoint, llama-server"].append(work.ours(number, *endpoint))
            if shutil.which("lm_eval"):
                with work.fresh() as address:
                    took["lm-evaluation-harness, llama-server"].append(work.harness(address))
            took["llama-cpp-python, one by one"].append(work.one_by_one(llama))
            for name, passes in took.items():
                print(number, name, passes[-1], flush=True)
    best = took["kimidesk score"]
    print("\n| | tokens/s | s for all | whole process, s | ours against it, by tokens/s |")
    print("|---|---|---|---|---|")
    for name, passes in took.items():
        pace = median(each.tokens / each.seconds for each in passes)
        ratios = sorted(
            (a.tokens / a.seconds) / (b.tokens / b.seconds)
            for a, b in zip(best, passes, strict=True)
        )
        whole = median(each.whole for each in passes)
        print(
            f"| {name} | {pace:.1f} | {median(each.seconds for each in passes):.1f} | "
            f"{f'{whole:.1f}' if whole else '—'} | {median(ratios):.3f} "
            f"({ratios[0]:.3f} … {ratios[-1]:.3f}) |"
        )


if __name__ == "__main__":
    main()
