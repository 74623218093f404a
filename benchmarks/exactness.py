"""Are the numbers exact: every statistic of a trace against float64 from an independent reading.

    python benchmarks/exactness.py --model smollm2-135m --positions 200

The engine grows traces; then llama-cpp-python's own class evaluates the same tokens again, and
its raw logits are summed in float64. Log-probability, entropy, rank and rivals must agree.
"""

import argparse
import platform
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from llama_cpp import Llama
from numpy.typing import NDArray

from kimidesk.checkpoints.catalog import resolve
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.prefixes import CHUNK
from kimidesk.records import Attempt, Budget, Message, Sampling, Token
from kimidesk.wire.messages import OpenCheckpoint
from kimikernels.token_stats import reference

CONTEXT = 2048
PROBLEMS = (
    "Natalia sold clips to 48 friends in April, and half as many in May. How many altogether?",
    "Explain why the square root of 2 is irrational.",
    "小明有 12 个苹果，给了小红 5 个，又买了 8 个。他现在有几个？",
    "A train runs 60 km in 45 minutes. " * 40 + "What is its speed in km/h?",
)


def traces(path: Path, positions: int) -> Iterator[tuple[tuple[int, ...], list[Token]]]:
    """Prompts and their tokens, until there are enough."""
    engine = LlamaCpp(path, OpenCheckpoint(str(path), context=CONTEXT, threads=1))
    number = 0
    while positions > 0:
        attempt = Attempt(
            str(number),
            (Message("user", PROBLEMS[number % len(PROBLEMS)]),),
            Sampling(temperature=1.0, top_p=1.0),
            Budget(answer=min(60, positions)),
            seed=number,
        )
        prompt, _ = engine.add(attempt)
        tokens: list[Token] = []
        while engine.live:
            tokens += [step.token for step in engine.step() if step.token is not None]
        yield prompt, tokens
        positions -= len(tokens)
        number += 1
    engine.close()


def read_again(
    model: Llama, prompt: tuple[int, ...], ids: list[int]
) -> Iterator[NDArray[np.float64]]:
    """Raw logits before each of `ids`, on the same chunk grid and one token a call."""
    model.reset()
    model.eval(list(prompt))
    for id_ in ids:
        row = np.ctypeslib.as_array(model._ctx.get_logits(), (model.n_vocab(),))
        yield row.astype(np.float64)
        model.eval([id_])


def main() -> None:
    """Print the largest errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2-135m", help="catalog name or path")
    parser.add_argument("--positions", type=int, default=200)
    options = parser.parse_args()
    path = resolve(options.model)
    grown = list(traces(path, options.positions))
    model = Llama(
        str(path), n_ctx=CONTEXT, n_batch=CHUNK, n_threads=1, flash_attn=True, verbose=False
    )
    worst = {"log-probability": 0.0, "entropy": 0.0, "rival log-probability": 0.0}
    count = rivals_differ = ranks_differ = 0
    for prompt, tokens in grown:
        rows = read_again(model, prompt, [token.id for token in tokens])
        for token, logits in zip(tokens, rows, strict=True):
            expected = reference.token_stats(logits)
            top = expected.order[: len(token.rival_id)]
            errors = (
                abs(token.logprob - expected.logprob[token.id]),
                abs(token.entropy - expected.entropy),
                float(np.abs(token.rival_logprob - expected.logprob[top]).max()),
            )
            for name, error in zip(worst, errors, strict=True):
                worst[name] = max(worst[name], float(error))
            rivals_differ += token.rival_id.tolist() != top.tolist()
            ranks_differ += token.rank != int(np.flatnonzero(expected.order == token.id)[0]) + 1
            count += 1
    print(f"{path.name}, {model.n_vocab():,} tokens in the vocabulary, {platform.processor()}")
    print(f"{count} positions of {len(grown)} traces, against float64 from an independent reading")
    for name, error in worst.items():
        print(f"  largest error of {name:22} {error:.2e} nats")
    print(f"  positions whose 20 rivals differ {rivals_differ}, whose rank differs {ranks_differ}")


if __name__ == "__main__":
    main()
