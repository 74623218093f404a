"""What the remote engine costs beside reading the same server's streams raw.

    python benchmarks/remote.py http://127.0.0.1:8080 [--tokens 128] [--rounds 3]

Raw: one thread a stream, http.client, lines read and thrown away. Interleaved; medians; a round
before them loads what is loaded once.
"""

import argparse
import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from kimidesk.engines.remote import Remote
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

PROBLEM = "Write a long story about a lighthouse and the sea."


def main() -> None:
    """Print the table."""
    options = _options()
    remote = Remote(OpenCheckpoint(options.url, slots=8, context=0))
    print("| traces | who reads | tokens/s | client CPU, ms a token |\n|---|---|---|---|")
    for width in (1, 8):
        rows: dict[str, list[tuple[float, float]]] = {"the engine": [], "raw": []}
        _raw(options.url, width, 8)
        _engine(remote, width, 8)
        for _ in range(options.rounds):
            rows["raw"].append(_timed(partial(_raw, options.url, width, options.tokens)))
            rows["the engine"].append(_timed(partial(_engine, remote, width, options.tokens)))
        for who, figures in rows.items():
            rate = statistics.median(rate for rate, _ in figures)
            cpu = statistics.median(cpu for _, cpu in figures)
            print(f"| {width} | {who} | {rate:.1f} | {1000 * cpu:.3f} |")
    remote.close()


def _timed(read: Callable[[], int]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    tokens = read()
    return tokens / (time.perf_counter() - wall), (time.process_time() - cpu) / tokens


def _engine(remote: Remote, width: int, tokens: int) -> int:
    for number in range(width):
        sampling, budget = Sampling(temperature=1.0, top_p=1.0), Budget(answer=tokens)
        message = Message("user", PROBLEM)
        remote.add(Attempt(f"t{number}", (message,), sampling, budget, seed=number))
    count = 0
    while remote.live:
        count += sum(step.token is not None for step in remote.step())
    return count


def _raw(url: str, width: int, tokens: int) -> int:
    counts = [0] * width

    def read(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        body = {
            "messages": [{"role": "user", "content": PROBLEM}],
            "max_tokens": tokens,
            "stream": True,
            "logprobs": True,
            "top_logprobs": 20,
            "temperature": 1.0,
            "top_p": 1.0,
            "top_k": 0,
            "min_p": 0.0,
            "seed": number,
        }
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        response = connection.getresponse()
        for line in response:
            counts[number] += b'"logprobs"' in line
        connection.close()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
