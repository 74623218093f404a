"""draw, a decoder's step on the logits: what it costs, and its share of decoding.

The step it is held against is a stand-in: every matrix product and the attention of a transformer
of the named shape in bfloat16, over 2,048 tokens of context a sequence, head included and norms,
rotations and activations left out, replayed as one CUDA graph. Weights are random: only time is
asked of it. The statistics on the processor read the same rows after a copy into pinned memory.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from contest import Contest, Way
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from kimikernels.draw import draw
from kimikernels.token_stats import Rule, batch_token_stats

V = 151_936
CONTEXT = 2048
BATCHES = (1, 16, 64)
# layers, hidden, inner, query heads, key heads; 128 numbers a head
MODELS = {"1.5B": (28, 1536, 8960, 12, 2), "7B": (28, 3584, 18_944, 28, 4)}
NUCLEUS = {"temperature": 0.6, "top_p": 0.95}


def contests(device: str, quick: bool) -> Iterator[Callable[[], Contest]]:
    """Against plain torch, and on a GPU against a decode step."""
    v = 300 if quick else V
    for batch in (1, 2) if quick else BATCHES if device == "cuda" else (1, 16):
        for rule in (NUCLEUS, {}):
            yield partial(contest, device, batch, v, rule)


def shares(device: str, quick: bool) -> Iterator[Callable[[], Contest]]:
    """On a GPU alone: on a processor a stand-in of this size says nothing of a real engine."""
    if device == "cuda" and not quick:
        for name in MODELS:
            for batch in BATCHES:
                yield partial(share, name, batch)


def rows(device: str, batch: int, v: int) -> Tensor:
    """Logits whose 40 likeliest stand out as in text."""
    chance = torch.Generator(device).manual_seed(0)
    logits = torch.randn(batch, v, generator=chance, device=device) * 2.5
    logits[:, :40] += 9
    return logits.to(torch.bfloat16 if device == "cuda" else torch.float32)


def contest(device: str, batch: int, v: int, rule: dict[str, float]) -> Contest:
    """Results are the entropies: the draws are by other random numbers."""
    logits = rows(device, batch, v)
    return Contest(
        "draw",
        str(logits.dtype).removeprefix("torch."),
        f"B={batch} V={v:,}",
        "temperature 0.6, top-p 0.95" if rule else "temperature 1",
        [
            Way("kimikernels", ours(logits, rule)),
            Way("torch, sorting", sorting(logits, rule)),
        ],
        logits.nbytes,
        tolerance=1e-3,
    )


def ours(logits: Tensor, rule: dict[str, float]) -> Callable[[], Any]:
    """Settings are kept in tensors, as an engine keeps them."""
    batch = len(logits)
    seed = torch.arange(batch, device=logits.device)
    position = torch.full((batch,), 7, device=logits.device)
    kept = {n: torch.full((batch,), x, device=logits.device) for n, x in rule.items()}

    def run() -> tuple[Tensor]:
        return (draw(logits, seed, position, **kept).entropy,)

    return run


def sorting(logits: Tensor, rule: dict[str, float]) -> Callable[[], Any]:
    """The usual way: statistics, then sort, cut, and sample from what is left."""

    def run() -> tuple[Tensor]:
        logp = logits.float().log_softmax(-1)
        entropy = -(logp.exp() * logp).sum(-1)
        logp.topk(20)
        hot, order = (logits.float() / rule.get("temperature", 1.0)).sort(descending=True)
        share = hot.softmax(-1)
        if rule:
            share[share.cumsum(-1) - share > rule["top_p"]] = 0
        place = torch.multinomial(share, 1)
        token = order.gather(-1, place)
        logp.gather(-1, token)
        return (entropy,)

    return run


def share(model: str, batch: int) -> Contest:
    """The step first: a ratio of 1.03 beside it is a share of 3%.

    Behind a step the launches of a draw are queued while the step runs, as an engine queues them;
    alone, they are waited for.
    """
    logits = rows("cuda", batch, V)
    decode, drawn = step(MODELS[model], batch), ours(logits, NUCLEUS)

    def both() -> None:
        decode()
        drawn()

    ways = [
        Way("decode step", decode, compared=False),
        Way("decode step, then draw", both, compared=False),
        Way("draw alone, launches waited for", drawn, compared=False),
        Way("token_stats on the processor", on_processor(logits), compared=False),
    ]
    return Contest("decode share", "bfloat16", f"{model} B={batch} V={V:,}", "one step", ways)


def on_processor(logits: Tensor) -> Callable[[], Any]:
    """Copy, measure and draw; a thread for each row up to the number of processors."""
    host = torch.empty(logits.shape, dtype=torch.float32, pin_memory=True)
    view = host.numpy()
    rules = [Rule(0.5, temperature=0.6, top_p=0.95)] * len(logits)
    threads = min(len(logits), os.cpu_count() or 1)

    def run() -> None:
        host.copy_(logits.float())
        batch_token_stats(view, rules=rules, threads=threads)

    return run


def step(shape: tuple[int, ...], batch: int) -> Callable[[], None]:
    """A graph that reads every weight and every key once."""
    layers, hidden, inner, heads, pairs = shape

    def normal(*size: int) -> Tensor:
        return torch.randn(*size, dtype=torch.bfloat16, device="cuda")

    def weight(rows: int, columns: int) -> Tensor:
        return normal(rows, columns).div_(columns**0.5)

    blocks = [
        (
            weight((heads + 2 * pairs) * 128, hidden),
            weight(hidden, heads * 128),
            weight(2 * inner, hidden),
            weight(hidden, inner),
            normal(2, batch, pairs, CONTEXT, 128),
        )
        for _ in range(layers)
    ]
    head, start = weight(V, hidden), normal(batch, hidden)

    def forward() -> Tensor:
        x = start
        for into, out, up, down, cache in blocks:
            query = (x @ into.T)[:, : heads * 128].view(batch, heads, 1, 128)
            seen = scaled_dot_product_attention(query, cache[0], cache[1], enable_gqa=True)
            x = x + seen.reshape(batch, heads * 128) @ out.T
            x = x + (x @ up.T)[:, :inner] @ down.T
        return x @ head.T

    forward()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        forward()

    def replay(
        _held: object = (blocks, head, start),
    ) -> None:  # a graph keeps addresses alone
        graph.replay()

    return replay
