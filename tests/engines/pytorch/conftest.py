"""Tiny random checkpoints of several families, and engines on them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from kimidesk.engines.pytorch import PyTorch
from kimidesk.wire.messages import OpenCheckpoint

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
SHAPE: dict[str, Any] = {
    "vocab_size": 259,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 2048,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "initializer_range": 0.2,  # so that tokens differ in their chances
}
FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("LlamaConfig", {}),
    "qwen2": ("Qwen2Config", {"tie_word_embeddings": True}),
    "qwen3": ("Qwen3Config", {}),
    "mistral": ("MistralConfig", {"sliding_window": 24}),
    "gemma2": ("Gemma2Config", {"sliding_window": 24, "query_pre_attn_scalar": 8}),
    "gemma3": ("Gemma3TextConfig", {"sliding_window": 24, "query_pre_attn_scalar": 8}),
    "gpt2": ("GPT2Config", {}),
    "opt": ("OPTConfig", {"ffn_dim": 64, "word_embed_proj_dim": 32, "init_std": 0.2}),
    "gpt-oss": (
        "GptOssConfig",
        {"sliding_window": 24, "num_local_experts": 4, "num_experts_per_tok": 2},
    ),
}


def tokenizer() -> Any:
    """A byte-level tokenizer of 259 tokens: three marks and the bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {text: id_ for id_, text in enumerate([*MARKS, *alphabet])}
    made = Tokenizer(models.BPE(vocabulary, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=MARKS[0],
        eos_token=MARKS[2],
        additional_special_tokens=MARKS[1:2],
        chat_template=TEMPLATE,
    )


def built(family: str, folder: Path, **more: Any) -> Path:
    """A random checkpoint of a family, written as transformers writes one."""
    name, own = FAMILIES[family]
    torch.manual_seed(1)
    config = getattr(transformers, name)(**{**SHAPE, **own, **more})
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def by_generate(model: Any, inputs: Any, tokens: int) -> tuple[list[int], list[float]]:
    """Greedy tokens and their log-probabilities by the model's own code."""
    said = model.generate(
        **inputs,
        max_new_tokens=tokens,
        do_sample=False,
        output_logits=True,
        return_dict_in_generate=True,
    )
    ids = said.sequences[0, inputs["input_ids"].shape[1] :].tolist()
    rows = [row[0].log_softmax(-1) for row in said.logits]
    return ids, [float(row[id_]) for row, id_ in zip(rows, ids, strict=True)]


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes each family's checkpoint once."""
    made: dict[str, Path] = {}

    def make(family: str = "llama") -> Path:
        if family not in made:
            made[family] = built(family, tmp_path_factory.mktemp(family))
        return made[family]

    return make


@pytest.fixture
def torched(checkpoint: Callable[[str], Path]) -> Iterator[Callable[..., PyTorch]]:
    """Opens engines on a family, or on a path, and closes them after the test."""
    engines: list[PyTorch] = []

    def open_(of: str | Path = "llama", **options: Any) -> PyTorch:
        path = of if isinstance(of, Path) else checkpoint(of)
        options = {"context": 512, "threads": 1, "gpu_layers": 0, **options}
        engines.append(PyTorch(path, OpenCheckpoint(str(path), **options)))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.close()


@pytest.fixture
def change_config(checkpoint: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """A copy of the tiny Llama whose config.json says something else."""

    def change(**told: Any) -> Path:
        folder = built("llama", tmp_path / "changed")
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | told))
        return folder

    return change
