"""Do the two engines mean the same: torch and llama.cpp on one checkpoint, the same text forced.

    OMP_WAIT_POLICY=passive python benchmarks/agreement.py --model smollm2-135m

llama.cpp computes with the quantized matrices and rounds what it multiplies them with to 8 bits;
torch multiplies in float32 what transformers dequantized. Traces that llama.cpp drew are forced on
both, and at each of their positions the two distributions over the whole vocabulary are compared.
"""

import argparse
import platform
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from kimidesk.checkpoints.catalog import resolve
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.library import version as llama_version
from kimidesk.engines.prefixes import CHUNK
from kimidesk.engines.pytorch import PyTorch
from kimidesk.reading.divergence import log_softmax, of_rows
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

CONTEXT = 1024
PROBLEMS = (
    "Natalia sold clips to 48 friends in April, and half as many in May. How many altogether?",
    "Explain why the square root of 2 is irrational.",
    "小明有 12 个苹果，给了小红 5 个，又买了 8 个。他现在有几个？",
    "Write a function that reverses a list, and say how fast it is.",
)
Rows = NDArray[np.float64]  # (T, V): log-probabilities


def traces(engine: LlamaCpp, tokens: int) -> list[tuple[list[int], list[int]]]:
    """Prompts and what llama.cpp drew after each."""
    made = []
    for number, text in enumerate(PROBLEMS):
        attempt = Attempt(
            "t", (Message("user", text),), Sampling(), Budget(answer=tokens), seed=number
        )
        prompt = list(engine.add(attempt).prompt)
        ids = []
        while engine.live:
            ids += [step.token.id for step in engine.step() if step.token is not None]
        made.append((prompt, ids))
    return made


def by_llamacpp(engine: LlamaCpp, ids: list[int], first: int) -> Rows:
    """Log-probabilities at the positions from `first` on."""
    context = Context(engine._weights, CONTEXT, 1, 1)
    rows = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        places = range(start, start + len(part))
        context.evaluate(part, places, [0] * len(part), [True] * len(part))
        rows.append(context.rows(0, len(part)).copy())
    context.close()
    return log_softmax(np.concatenate(rows)[first:])


def by_torch(engine: PyTorch, ids: list[int], first: int) -> Rows:
    """The same by torch."""
    with torch.inference_mode():
        logits = engine._weights.model(torch.tensor([ids])).logits[0, first:]
    return log_softmax(logits.float().numpy())


def main() -> None:
    """Print how far the two are apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2-135m", help="catalog name or path of a GGUF")
    parser.add_argument("--tokens", type=int, default=120, help="of each of four traces")
    options = parser.parse_args()
    path: Path = resolve(options.model)
    llama = LlamaCpp(path, OpenCheckpoint(str(path), context=CONTEXT, threads=1, gpu_layers=0))
    drawn = traces(llama, options.tokens)
    torched = PyTorch(path, OpenCheckpoint(str(path), context=CONTEXT, threads=1, gpu_layers=0))
    alike = 0
    for text, (prompt, _) in zip(PROBLEMS, drawn, strict=True):
        alike += list(torched.add(Attempt("t", (Message("user", text),))).prompt) == prompt
        torched.drop("t")
    kl, best, chosen, entropy = [], [], [], []
    for prompt, ids in drawn:
        said, first = [*prompt, *ids], len(prompt) - 1
        a, b = by_llamacpp(llama, said[:-1], first), by_torch(torched, said[:-1], first)
        parted = of_rows(a, b, ids)
        kl += parted.kl.tolist()
        best += parted.same_best.tolist()
        chosen += parted.came.tolist()
        entropy += parted.entropy.tolist()
    print(f"{path.name}: {llama_version()} against {torched.info.engine}, {platform.machine()}")
    print(f"  prompts tokenized alike              {alike} of {len(drawn)}")
    print(f"  positions                            {len(kl)} of {len(drawn)} traces")
    print(f"  most likely token the same           {100 * np.mean(best):.1f} %")
    print(f"  KL(llama.cpp || torch)               mean {np.mean(kl):.2e}, max {max(kl):.2e} nats")
    print(
        f"  log-probability of the forced token  mean {np.mean(chosen):.2e}, "
        f"max {max(chosen):.2e} nats apart"
    )
    print(
        f"  entropy                              mean {np.mean(entropy):.2e}, "
        f"max {max(entropy):.2e} nats apart"
    )


if __name__ == "__main__":
    main()
