"""Checkpoints of a few hundred kB with random weights, of any architecture that llama.cpp knows.

llama.cpp itself says which tensors an architecture has: it is given the metadata alone, and asks
for each tensor to be filled.
"""

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from llama_cpp import llama_cpp as lib
from llama_cpp._ggml import libggml

WIDTH, HEADS, WIDE, WINDOW = 64, 2, 96, 32
WORDS = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ", "<think>", "</think>", "<|im_end|>"]
TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {% if m['reasoning_content'] %}<think>\n"
    "{{ m['reasoning_content'] }}\n</think>\n\n{% endif %}{{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
THOUGHTFUL = TEMPLATE.replace("assistant: ", "assistant: <think>\n")
EXPERTS = {
    "expert_count": 4,
    "expert_used_count": 2,
    "expert_feed_forward_length": 32,
    "expert_shared_feed_forward_length": 32,
    "expert_shared_count": 1,
    "expert_gating_func": 2,
}
STATE = {
    "ssm.conv_kernel": 4,
    "ssm.inner_size": 2 * WIDTH,
    "ssm.state_size": 16,
    "ssm.time_step_rank": 4,
    "ssm.group_count": 2,
}
WINDOWED = {"attention.sliding_window": WINDOW, "attention.sliding_window_pattern": 2}
SOME = {"attention.head_count_kv": [HEADS, 0, HEADS, 0]}  # layers without are recurrent

KINDS: dict[str, dict[str, Any]] = {
    "llama": {},
    "mamba": STATE,
    "granitehybrid": {**STATE, **SOME},
    "falcon-h1": STATE,
    "lfm2": {**SOME, "shortconv.l_cache": 3},
    "qwen3next": {
        **STATE,
        **EXPERTS,
        "full_attention_interval": 2,
        "ssm.inner_size": 64,
        "rope.dimension_count": 16,
    },
    "kimi-linear": {
        **STATE,
        **EXPERTS,
        "attention.head_count_kv": [1, 0, 1, 0],
        "leading_dense_block_count": 1,
        "kda.head_dim": 16,
        "attention.kv_lora_rank": 32,
        "attention.key_length": 40,
        "attention.value_length": 32,
        "attention.key_length_mla": 24,
        "attention.value_length_mla": 16,
        "rope.dimension_count": 8,
    },
    "gemma3": {**WINDOWED, "attention.key_length": 32, "attention.value_length": 32},
    "gpt-oss": {**WINDOWED, **EXPERTS},
}
"""The metadata of each, beside what all have."""


def write_tiny(
    path: Path,
    kind: str,
    *,
    template: str = TEMPLATE,
    merged: Mapping[str, np.ndarray] | None = None,
    **more: Any,
) -> Path:
    """A checkpoint of 4 layers with 128 tokens; `more` are other values of its metadata.

    What is `merged` is added to the tensors of its names; then no matrix has a scale of its own,
    which llama.cpp does not lay over what an adapter adds.
    """
    names = {
        "context_length": 4096,
        "embedding_length": WIDTH,
        "block_count": 4,
        "feed_forward_length": WIDE,
        "attention.head_count": HEADS,
        "attention.head_count_kv": HEADS,
        "attention.layer_norm_rms_epsilon": 1e-5,
        **KINDS.get(kind, {}),
        **more,
    }
    draft = path.with_suffix(".draft")
    _written(draft, kind, names, {}, template)
    shapes = _shapes(draft)
    draft.unlink()
    chance = np.random.default_rng(1)
    tensors = {name: _filled(name, shape, chance) for name, shape in shapes.items()}
    if merged is not None:
        tensors |= {name: np.ones_like(one) for name, one in tensors.items() if "scale" in name}
        tensors |= {name: tensors[name] + one.astype(np.float32) for name, one in merged.items()}
    return _written(path, kind, names, tensors, template)


def _written(
    path: Path, kind: str, names: dict[str, Any], tensors: dict[str, np.ndarray], template: str
) -> Path:
    writer = gguf.GGUFWriter(path, kind)
    for name, value in names.items():
        add = {list: writer.add_array, float: writer.add_float32}.get(type(value))
        (add or writer.add_uint32)(f"{kind}.{name}", value)
    words = WORDS + [f"<{number}>" for number in range(len(WORDS), 128)]
    kinds = [1] * 96 + [4, 4, 3] + [4] * (128 - len(WORDS))  # ordinary, a person's, control
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words)
    writer.add_token_types(kinds)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(words.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(template)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _filled(name: str, shape: tuple[int, ...], chance: np.random.Generator) -> np.ndarray:
    """Such that states last, and that rows of logits differ; the end is never the likeliest."""
    values = chance.normal(0, 1, shape).astype(np.float32)
    if "norm" in name:
        return 1 + values / 10
    if "ssm_a" in name:
        return -np.abs(values)  # a state decays
    if len(shape) < 2:
        return values / 10
    if name.startswith(("token_embd", "output")):
        values[WORDS.index("<|im_end|>")] = 0
        return values
    return values * 2 / np.sqrt(shape[-1], dtype=np.float32)


class _Tensor(ctypes.Structure):
    """How a ggml_tensor begins."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("buffer", ctypes.c_void_p),
        ("size", ctypes.c_int64 * 4),
    )


class _Reading(ctypes.Structure):
    """gguf_init_params."""

    _fields_ = (("no_alloc", ctypes.c_bool), ("context", ctypes.c_void_p))


def _shapes(metadata: Path) -> dict[str, tuple[int, ...]]:
    """The tensors that llama.cpp wants for this metadata, as numpy has their shapes."""
    found: dict[str, tuple[int, ...]] = {}
    libggml.ggml_get_name.restype, libggml.ggml_get_name.argtypes = (
        ctypes.c_char_p,
        [ctypes.c_void_p],
    )
    libggml.ggml_n_dims.argtypes = [ctypes.c_void_p]
    libggml.gguf_init_from_file.restype = ctypes.c_void_p
    libggml.gguf_init_from_file.argtypes = [ctypes.c_char_p, _Reading]
    libggml.gguf_free.argtypes = [ctypes.c_void_p]

    def fill(tensor: int, _: object) -> None:
        size = _Tensor.from_address(tensor).size[: libggml.ggml_n_dims(tensor)]
        found[libggml.ggml_get_name(tensor).decode()] = tuple(reversed(size))

    read = libggml.gguf_init_from_file(bytes(metadata), _Reading(True, None))
    parameters = lib.llama_model_default_params()
    parameters.n_gpu_layers = 0
    callback = lib.llama_model_set_tensor_data_t(fill)
    model = lib.llama_model_init_from_user(read, callback, None, parameters)
    assert model, f"llama.cpp knows no such model: {metadata}"
    lib.llama_model_free(model)
    libggml.gguf_free(read)
    return found
