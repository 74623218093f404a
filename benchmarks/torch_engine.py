"""The torch engine, every statistic on, against transformers.generate, in turns in one process.

    OMP_WAIT_POLICY=passive python benchmarks/torch_engine.py --model smollm2-135m
    python benchmarks/torch_engine.py --shape 7b --batches 1 --compiled

Both decode the same greedy tokens from the same prompt, in the same type, with the same threads;
the clock starts at the first token, so that no prompt counts.
CPU time of the process is told beside wall time, since other programs may share the machine. With
`--shape` a model of random weights is built instead (bfloat16 on a GPU), and on a GPU the share of
the memory's bandwidth is told: bytes of the weights a token at batch 1, over what a plain copy on
the same GPU moves in that time. There the engine is measured without its graphs too, and with
`--compiled` generate with a static cache, which transformers compiles.
"""

import argparse
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    PreTrainedTokenizerFast,
    StoppingCriteria,
)

from kimidesk.checkpoints.catalog import resolve
from kimidesk.engines.pytorch import PyTorch
from kimidesk.records import Attempt, Budget, Message, OnLoop, Sampling
from kimidesk.wire.messages import OpenCheckpoint

ASK = (Message("user", "Write a long story about a whale that learns arithmetic."),)
GREEDY = Sampling(temperature=0)
SHAPES = {
    "7b": {  # Llama 2 7B's
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "vocab_size": 32000,
    },
    "135m": {  # SmolLM2 135M's; weights so large that tokens differ in their chances
        "hidden_size": 576,
        "intermediate_size": 1536,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "vocab_size": 49152,
        "tie_word_embeddings": True,
        "initializer_range": 0.1,
    },
    "tiny": {  # to try the script itself
        "hidden_size": 256,
        "intermediate_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "vocab_size": 2048,
    },
}


class Took(NamedTuple):
    """Seconds a round, from the first token of a batch to its last."""

    wall: float
    cpu: float


Way = Callable[[int], Took]


class Bench:
    """Both ways on one model in memory."""

    def __init__(self, path: Path, slots: int, tokens: int, threads: int, device: str) -> None:
        options = OpenCheckpoint(
            str(path),
            context=tokens + 128,
            slots=slots,
            threads=threads,
            gpu_layers=0 if device == "cpu" else -1,
        )
        self.engine = PyTorch(path, options)
        # Every way must decode the same number of tokens, so no token ends the trace.
        self.engine._vocabulary.ends = frozenset()
        self.tokens = tokens
        self.model = self.engine._weights.model
        self.prompt: tuple[int, ...] = ()
        self.said: list[list[int]] = []

    def ours(self, batch: int) -> Took:
        """The engine: statistics, rivals, draws and records of each token."""
        budget = Budget(answer=self.tokens, on_loop=OnLoop.IGNORE)
        for number in range(batch):
            self.prompt = self.engine.add(Attempt(f"{number}", ASK, GREEDY, budget)).prompt
        said: dict[str, list[int]] = {f"{number}": [] for number in range(batch)}
        begun = clock()
        while self.engine.live:
            if not all(said.values()):
                begun = clock()
            for step in self.engine.step():
                if step.token is not None:
                    said[step.trace].append(step.token.id)
        took = since(begun)
        self.said = list(said.values())
        return took

    def launched(self, batch: int) -> Took:
        """The engine without graphs: every kernel is launched from Python."""
        decoding = self.engine._decoding
        decoding.why_not = "left out"
        try:
            return self.ours(batch)
        finally:
            decoding.why_not = ""

    def compiled(self, batch: int) -> Took:
        """transformers.generate with a static cache, compiled."""
        return self.generate(batch, cache_implementation="static")

    def generate(self, batch: int, **more: str) -> Took:
        """transformers.generate with its own attention."""
        ids = torch.tensor([self.prompt] * batch, device=self.model.device)
        way = self.model.config._attn_implementation
        self.model.set_attn_implementation("sdpa")
        marks: list[Took] = []
        made = self.model.generate(
            ids,
            stopping_criteria=[FirstToken(marks)],
            attention_mask=torch.ones_like(ids),
            max_new_tokens=self.tokens,
            min_new_tokens=self.tokens,
            do_sample=False,
            eos_token_id=None,
            pad_token_id=0,
            **more,
        )
        took = since(marks[0])
        self.model.set_attn_implementation(way)
        self.theirs = made[:, len(self.prompt) :].tolist()
        return took


class FirstToken(StoppingCriteria):
    """Never stops a generation, and marks the time when the first token of a batch is there."""

    def __init__(self, marks: list[Took]) -> None:
        self._marks = marks

    def __call__(self, ids: torch.Tensor, scores: object, **_: object) -> torch.Tensor:
        if not self._marks:
            self._marks.append(clock())
        return torch.zeros(len(ids), dtype=torch.bool, device=ids.device)


def clock() -> Took:
    """Now, once the GPU has done what it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return Took(time.perf_counter(), time.process_time())


def since(begun: Took) -> Took:
    """What has been spent since."""
    now = clock()
    return Took(now.wall - begun.wall, now.cpu - begun.cpu)


def random_checkpoint(shape: str, folder: Path, device: str, dtype: torch.dtype) -> Path:
    """A folder with a model of random weights and a vocabulary of bytes."""
    config = LlamaConfig(**SHAPES[shape], max_position_embeddings=4096)
    torch.manual_seed(1)
    with torch.device(device):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    model.save_pretrained(folder)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE({text: id_ for id_, text in enumerate(["<s>", *alphabet])}, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", eos_token="<s>"
    ).save_pretrained(folder)
    return folder


def copy_bandwidth() -> float:
    """Bytes a second that a plain copy reads and writes on this GPU: the best of ten."""
    source = torch.empty(1 << 30, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    times = []
    for _ in range(10):
        begun = clock()
        target.copy_(source)
        times.append(since(begun).wall)
    return 2 * source.numel() / min(times)


def compare(bench: Bench, batch: int, rounds: int, ways: dict[str, Way]) -> float:
    """Print the medians of all ways at one batch size; the first's in wall seconds a step."""
    for way in ways.values():
        way(batch)
    same = sum(a == b for a, b in zip(bench.said, bench.theirs, strict=True))
    took = [{name: way(batch) for name, way in ways.items()} for _ in range(rounds)]
    print(f"batch {batch}: {same} of {batch} traces are generate's to the last token")
    for name in ways:
        wall = statistics.median(one[name].wall for one in took)
        cpu = statistics.median(one[name].cpu for one in took)
        count = batch * (bench.tokens - 1)
        print(f"  {name:9} {count / wall:8.1f} tokens/s, {count / cpu:8.1f} tokens per CPU second")
    for name in list(ways)[1:]:
        for what in ("wall", "cpu"):
            ratio = statistics.median(
                getattr(one[name], what) / getattr(one["engine"], what) for one in took
            )
            print(f"  the engine's speed is {ratio:.3f} of {name}'s ({what} time)")
    return statistics.median(one["engine"].wall for one in took) / (bench.tokens - 1)


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2-135m", help="catalog name, folder or GGUF")
    parser.add_argument("--shape", choices=sorted(SHAPES), help="random weights instead")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compiled", action="store_true", help="generate compiled as well")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), help="of random weights")
    parser.add_argument("--cpu", action="store_true", help="even where there is a GPU")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() and not options.cpu else "cpu"
    dtype = getattr(torch, options.dtype or ("float32" if device == "cpu" else "bfloat16"))
    folder = Path(tempfile.mkdtemp())
    try:
        path = (
            random_checkpoint(options.shape, folder, device, dtype)
            if options.shape
            else resolve(options.model)
        )
        bench = Bench(path, max(options.batches), options.tokens, options.threads, device)
        report(bench, options, device)
    finally:
        shutil.rmtree(folder)


def report(bench: Bench, options: argparse.Namespace, device: str) -> None:
    """All batch sizes, and the share of the bandwidth on a GPU."""
    info = bench.engine.info
    print(
        f"{options.shape or info.name}, {bench.engine._weights.dtype}, {info.device}, "
        f"{info.engine}, {options.threads} threads, {options.rounds} rounds of {options.tokens} "
        f"tokens, {platform.machine()}"
    )
    ways: dict[str, Way] = {"engine": bench.ours, "generate": bench.generate}
    if not bench.engine._decoding.why_not:
        ways["launched"] = bench.launched
    for batch in options.batches:
        step_s = compare(bench, batch, options.rounds, ways)
        if device == "cuda" and batch == 1:
            told_bandwidth(bench, step_s)
    for batch in options.batches if options.compiled else ():
        compare(bench, batch, options.rounds, {"engine": bench.ours, "compiled": bench.compiled})


def told_bandwidth(bench: Bench, step_s: float) -> None:
    """What of the memory's bandwidth a step at batch 1 uses: the weights are read once a token."""
    weights = bench.model
    table = weights.get_input_embeddings().weight
    tied = table is weights.get_output_embeddings().weight
    read = sum(each.numel() * each.element_size() for each in weights.parameters())
    read -= 0 if tied else table.numel() * table.element_size()  # one row of it
    limit = copy_bandwidth()
    print(
        f"  {read / 1e9:.2f} GB of weights in {step_s * 1000:.2f} ms a token: "
        f"{100 * read / step_s / limit:.1f} % of the {limit / 1e9:,.0f} GB/s of a copy; "
        f"graphs: {bench.engine._decoding.why_not or 'recorded'}"
    )


if __name__ == "__main__":
    main()
