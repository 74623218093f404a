"""llama.cpp on a graphics card: memory told and taken, and the numbers beside the processor's.

    python benchmarks/cards.py --write 7b.gguf [--shape 7b]    random weights, Q4_0
    python benchmarks/cards.py 7b.gguf [--numbers small.gguf]

Memory: each way to open the checkpoint in a process of its own; what the first card has free
before it is opened and once every context is filled to its last token, beside what was told before
(without the reserve). Numbers: ids that were drawn on the card, read by the engine on the card and
on the processor. Rates are `speed.py`'s, whose peers put all layers there too.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import gguf
import numpy as np

from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.offload import RESERVE, layers_that_fit
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.library import cards
from kimidesk.records import Attempt, Budget, Given, OnLoop, Sampling
from kimidesk.settings import ALL_LAYERS
from kimidesk.wire.messages import OpenCheckpoint

SHAPES = {  # width, layers, heads, heads of keys, inner width
    "7b": (4096, 32, 32, 32, 11008),
    "1b": (2048, 16, 32, 8, 8192),
    "tiny": (256, 4, 4, 2, 512),  # to try the script itself
}
WORDS = 32000
BLOCK, BLOCK_BYTES, SCALE = 32, 18, 0.004  # of Q4_0; weights of about 0.018
WAYS = [
    *product((2048, 16384), (1, 4), ("f16", "q8_0"), ("auto",), (0,), (1.0,)),
    (4096, 4, "f16", "auto", 16384, 1.0),
    (2048, 1, "f16", "off", 0, 1.0),
    (2048, 1, "f16", "auto", 0, 0.5),  # half of the layers
]
GREEDY = Sampling(temperature=0)
TOKENS = 128


def write(path: Path, shape: str) -> None:
    """A Llama of random weights in Q4_0, with a vocabulary of made up words."""
    width, layers, heads, keys, inner = SHAPES[shape]
    kv = width // heads * keys
    made = gguf.GGUFWriter(path, "llama")
    made.add_name(f"random {shape}")
    made.add_context_length(32768)
    made.add_embedding_length(width)
    made.add_block_count(layers)
    made.add_feed_forward_length(inner)
    made.add_head_count(heads)
    made.add_head_count_kv(keys)
    made.add_layer_norm_rms_eps(1e-5)
    made.add_rope_dimension_count(width // heads)
    made.add_vocab_size(WORDS)
    made.add_tokenizer_model("gpt2")
    made.add_tokenizer_pre("default")
    made.add_token_list([f"w{number}" for number in range(WORDS)])
    made.add_token_types([1] * WORDS)
    made.add_token_merges(["w 0"])
    made.add_bos_token_id(0)
    made.add_eos_token_id(1)
    made.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    chance = np.random.default_rng(1)
    for name, (rows, columns) in _tensors(width, layers, kv, inner):
        made.add_tensor(
            name, _blocks(chance, rows, columns), raw_dtype=gguf.GGMLQuantizationType.Q4_0
        )
    for name in [
        f"blk.{layer}.{norm}" for layer in range(layers) for norm in ("attn_norm", "ffn_norm")
    ]:
        made.add_tensor(f"{name}.weight", np.ones(width, np.float32))
    made.add_tensor("output_norm.weight", np.ones(width, np.float32))
    made.write_header_to_file()
    made.write_kv_data_to_file()
    made.write_tensors_to_file()
    made.close()


def _tensors(width: int, layers: int, kv: int, inner: int) -> Iterator[tuple[str, tuple[int, int]]]:
    yield "token_embd.weight", (WORDS, width)
    yield "output.weight", (WORDS, width)
    for layer in range(layers):
        yield f"blk.{layer}.attn_q.weight", (width, width)
        yield f"blk.{layer}.attn_k.weight", (kv, width)
        yield f"blk.{layer}.attn_v.weight", (kv, width)
        yield f"blk.{layer}.attn_output.weight", (width, width)
        yield f"blk.{layer}.ffn_gate.weight", (inner, width)
        yield f"blk.{layer}.ffn_up.weight", (inner, width)
        yield f"blk.{layer}.ffn_down.weight", (width, inner)


def _blocks(chance: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Random numbers of four bits under one scale."""
    raw = np.empty((rows, columns // BLOCK, BLOCK_BYTES), np.uint8)
    raw[..., :2] = np.frombuffer(np.float16(SCALE).tobytes(), np.uint8)
    raw[..., 2:] = chance.integers(0, 256, raw[..., 2:].shape, np.uint8)
    return raw.reshape(rows, -1)


def memory(path: Path) -> None:
    """Print what was told and what was taken, each way in a process of its own."""
    print("| context, slots, kv, flash, pool, share | where | told, MB | taken, MB | ratio |")
    print("|---|---|---|---|---|")
    for way in WAYS:
        asked = json.dumps([str(path), *way])
        done = subprocess.run(
            [sys.executable, __file__, "--way", asked], capture_output=True, text=True, check=False
        )
        name = ", ".join(map(str, way))
        if done.returncode:
            why = done.stderr.strip().rpartition("\n")[2] or f"ended with {done.returncode}"
            print(f"| {name} | {why} | | | |", flush=True)
            continue
        where, told, taken = json.loads(done.stdout.splitlines()[-1])
        print(f"| {name} | {where} | {told:.0f} | {taken:.0f} | {told / taken:.3f} |", flush=True)


def measured(
    path: str,
    context: int,
    slots: int,
    kv_type: str,
    flash: Literal["auto", "on", "off"],
    pool: int,
    share: float,
) -> tuple[str, float, float]:
    """Where it went, megabytes told, megabytes taken."""
    description = describe(Path(path))
    many = (pool or context, slots)
    free = cards()[0].free
    fitted = layers_that_fit(description, *many, [free], kv_type, flash, shared=bool(pool))
    if share < 1.0:
        layers = round(fitted.of * share)
        while fitted.layers > layers:  # the largest card that holds so many and no more
            free = fitted.bytes[0] - 1
            fitted = layers_that_fit(description, *many, [free], kv_type, flash, shared=bool(pool))
    before = cards()[0].free
    engine = LlamaCpp(
        Path(path),
        OpenCheckpoint(
            path,
            context=context,
            slots=slots,
            kv_type=kv_type,
            flash=flash,
            pool=pool,
            gpu_layers=ALL_LAYERS if share == 1.0 else fitted.layers,
            replays=True,
        ),
    )
    ids = tuple(2 + place % (WORDS - 2) for place in range(min(context, many[0] // slots) - 8))
    for number in range(slots):
        given = Given(ids=ids[number:])
        engine.add(
            Attempt(f"{number}", (), GREEDY, Budget(answer=None), prompt=(5 + number,), given=given)
        )
    while engine.live:
        engine.step()
    taken = before - cards()[0].free
    where = engine.info.device
    engine.close()
    return where, (fitted.bytes[0] - RESERVE) / 1e6, taken / 1e6


def numbers(path: Path) -> None:
    """Print how far a replay on the card is from one on the processor, and from the drawn trace."""
    prompt = tuple(range(100, 164))
    there, ids, drawn = _read(path, ALL_LAYERS, prompt, None)
    _, _, replayed = _read(path, ALL_LAYERS, prompt, ids)
    _, _, singly = _read(path, ALL_LAYERS, prompt, ids, singly=True)
    here, _, processor = _read(path, 0, prompt, ids)
    print(f"\n{path.name}: {len(ids)} greedy tokens drawn on {there}; nats apart at most")
    for name, other in (
        ("read again there, as a prompt", replayed),
        ("read again there, token by token", singly),
        (f"read on {here}, as a prompt", processor),
    ):
        apart = np.abs(np.array(other) - np.array(drawn)).max(axis=0)
        print(f"  {name}: log-probability {apart[0]:.2e}, entropy {apart[1]:.2e}")


def _read(
    path: Path,
    layers: int,
    prompt: tuple[int, ...],
    ids: tuple[int, ...] | None,
    *,
    singly: bool = False,
) -> tuple[str, tuple[int, ...], list[tuple[float, float]]]:
    how = OpenCheckpoint(str(path), context=512, gpu_layers=layers, replays=True)
    engine = LlamaCpp(path, how)
    engine._weights.__dict__["ends"] = frozenset()
    given = Given(ids=ids, singly=singly) if ids is not None else None
    budget = Budget(answer=TOKENS, on_loop=OnLoop.IGNORE)
    engine.add(Attempt("t", (), GREEDY, budget, prompt=prompt, given=given))
    tokens = []
    while engine.live:
        tokens += [step.token for step in engine.step() if step.token is not None]
    where = engine.info.device
    engine.close()
    return where, tuple(each.id for each in tokens), [(t.logprob, t.entropy) for t in tokens]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--write", type=Path, help="make a checkpoint of random weights here")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="7b")
    parser.add_argument("--numbers", type=Path, help="a checkpoint for the numbers, small")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(measured(*json.loads(options.way))))
    elif options.write:
        write(options.write, options.shape)
    elif options.model:
        memory(options.model)
        numbers(options.numbers or options.model)
    else:
        parser.error("name a checkpoint, or --write one")


if __name__ == "__main__":
    main()
