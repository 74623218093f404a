"""Tiny random models that see, written as GGUF: one of each way in which llama.cpp takes pictures.

Weights are random, so what they say means nothing; but every row depends on every token before it
and on where each stands, and a picture weighs as much as text does.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gguf
import numpy as np

WIDTH, HEADS, GROUPS, HEAD, WIDE, LAYERS = 64, 4, 2, 16, 96, 2
EYE, EYE_HEADS, EYE_WIDE = 32, 2, 64  # of the tower
PATCH = 14
BESIDE = 16  # what Gemma 4 adds of a token in each layer
QUERIES = 6  # of a resampler: the tokens of a view
MARKS = (
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|begin_of_image|>",
    "<|end_of_image|>",
    "<start_of_image>",
    "<end_of_image>",
    "<img>",
    "</img>",
    "<fake_token_around_image>",
    "<global-img>",
    "<image>",
    "</image>",
    "<slice>",
    "</slice>",
    "<|image_start|>",
    "<|image_end|>",
    "<|image>",
    "<image|>",
    *(f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)),
)
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}:{{ message.content }}<|im_end|>"
    "{% endfor %}<|im_start|>assistant:"
)
SECTIONS = {"qwen2vl": [2, 3, 3, 0], "qwen3vl": [4, 2, 2, 0], "glm4": [2, 3, 3, 0]}

Tensors = dict[str, np.ndarray]


def _byte_texts() -> list[str]:
    """How byte-level vocabularies write the 256 bytes: those that show as themselves."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) if byte in shown else chr(256 + others.index(byte)) for byte in range(256)]


TEXTS = [*_byte_texts(), "ĊĊ", *MARKS]  # of a vocabulary: two line breaks are a token


class Kind(NamedTuple):
    """How a family sees."""

    text: str  # its language model's architecture
    projector: str
    more: Mapping[str, Any] = {}  # keys of the projector, without "clip.vision."
    side: int = 56  # of a picture, or of a tile
    version: int = 0  # of MiniCPM-V: which marks stand around its slices
    width: int = WIDTH


KINDS = {
    "qwen2vl": Kind("qwen2vl", "qwen2vl_merger"),
    "qwen25vl": Kind("qwen2vl", "qwen2.5vl_merger", {"n_wa_pattern": 2}),
    "qwen3vl": Kind("qwen3vl", "qwen3vl_merger"),
    "glm4v": Kind("glm4", "glm4v"),
    "gemma3": Kind("gemma3", "gemma3", {"projector.scale_factor": 2}),
    "idefics3": Kind("llama", "idefics3", {"projector.scale_factor": 2, "preproc_image_size": 112}),
    "internvl": Kind(
        "llama",
        "internvl",
        {"projector.scale_factor": 2, "preproc_min_tiles": 1, "preproc_max_tiles": 4},
    ),
    # Slices of LLaVA-UHD; a head of the resampler is 128 wide, whatever a file says.
    "minicpmv2": Kind("llama", "resampler", version=2, width=128),
    "minicpmv3": Kind("llama", "resampler", version=3, width=128),
    "llama4": Kind("llama", "llama4", {"projector.scale_factor": 2}),
    "gemma4v": Kind("gemma4", "gemma4v", {"projector.scale_factor": 2}),
}


def write_model(folder: Path, name: str, texts: Sequence[str] = TEXTS) -> tuple[Path, Path]:
    """A language model with these tokens, and its projector."""
    kind = KINDS[name]
    random = np.random.default_rng(sum(map(ord, name)))
    model, projector = folder / f"{name}.gguf", folder / f"mmproj-{name}.gguf"
    _write_text(model, kind, texts, random)
    _write_tower(projector, kind, random)
    return model, projector


def write_adapter(path: Path, name: str) -> Path:
    """A random LoRA adapter on the attention of a family's language model."""
    random = np.random.default_rng(5)
    writer = gguf.GGUFWriter(path, KINDS[name].text)
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 4.0)
    tensors: Tensors = {}
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_output"):
            weight = f"blk.{layer}.{part}.weight"
            tensors[f"{weight}.lora_a"] = _weight(random, (2, WIDTH))
            tensors[f"{weight}.lora_b"] = _weight(random, (WIDTH, 2))
    _finish(writer, tensors)
    return path


def _write_text(path: Path, kind: Kind, texts: Sequence[str], random: np.random.Generator) -> None:
    arch = kind.text
    writer = gguf.GGUFWriter(path, arch)
    writer.add_context_length(4096)
    writer.add_embedding_length(kind.width)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(WIDE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(GROUPS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(HEAD)
    if arch in SECTIONS:
        writer.add_rope_dimension_sections(SECTIONS[arch])
    if arch == "qwen3vl":
        writer.add_num_deepstack_layers(1)
    if arch == "gemma4":
        _add_windows(writer)
    _add_vocabulary(writer, texts)
    _finish(writer, _text_tensors(kind, texts, random))


def _add_windows(writer: gguf.GGUFWriter) -> None:
    """Of Gemma 4: where a window slides, the tokens of a picture look at each other."""
    writer.add_sliding_window(4096)
    writer.add_sliding_window_pattern([True, False])
    writer.add_key_length_swa(HEAD)
    writer.add_value_length_swa(HEAD)
    writer.add_embedding_length_per_layer_input(BESIDE)


def _add_vocabulary(writer: gguf.GGUFWriter, texts: Sequence[str]) -> None:
    """Every byte, and the marks that families put around pictures."""
    normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(texts)
    writer.add_token_types([control if text in MARKS else normal for text in texts])
    writer.add_token_merges(["Ċ Ċ"])
    writer.add_eos_token_id(texts.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _text_tensors(kind: Kind, texts: Sequence[str], random: np.random.Generator) -> Tensors:
    arch, width, count = kind.text, kind.width, len(texts)
    tensors = {
        "token_embd.weight": random.normal(size=(count, width)),
        "output.weight": random.normal(size=(count, width)) / 4,
        "output_norm.weight": np.ones(width),
    }
    # Never the likeliest: traces reach their budgets.
    tensors["output.weight"][texts.index("<|im_end|>")] = 0
    if arch == "gemma4":
        beside = LAYERS * BESIDE
        tensors |= {
            "per_layer_token_embd.weight": random.normal(size=(count, beside)),
            "per_layer_model_proj.weight": _weight(random, (beside, width)),
            "per_layer_proj_norm.weight": _weight(random, (BESIDE,)),
            "rope_freqs.weight": np.ones(HEAD // 2),
        }
    both = 2 if arch == "glm4" else 1  # gate and up are one tensor
    for layer in range(LAYERS):
        shapes = {
            "attn_q": (HEADS * HEAD, width),
            "attn_k": (GROUPS * HEAD, width),
            "attn_v": (GROUPS * HEAD, width),
            "attn_output": (width, HEADS * HEAD),
            "ffn_up": (WIDE * both, width),
            "ffn_down": (width, WIDE),
            "attn_norm": (width,),
            "ffn_norm": (width,),
        }
        if arch != "glm4":
            shapes["ffn_gate"] = (WIDE, width)
        if arch in ("glm4", "gemma3", "gemma4"):
            shapes |= {"post_attention_norm": (width,), "post_ffw_norm": (width,)}
        if arch in ("qwen3vl", "gemma3", "gemma4"):
            shapes |= {"attn_q_norm": (HEAD,), "attn_k_norm": (HEAD,)}
        if arch == "gemma4":
            shapes |= {"inp_gate": (BESIDE, width), "proj": (width, BESIDE), "post_norm": (width,)}
        for name, shape in shapes.items():
            tensors[f"blk.{layer}.{name}.weight"] = _weight(random, shape)
    return tensors


def _write_tower(path: Path, kind: Kind, random: np.random.Generator) -> None:
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", kind.projector)
    writer.add_bool("clip.use_gelu", True)
    numbers = {
        "image_size": kind.side,
        "patch_size": PATCH,
        "embedding_length": EYE,
        "feed_forward_length": EYE_WIDE,
        "block_count": 2,
        "projection_dim": kind.width,
        "attention.head_count": EYE_HEADS,
        **kind.more,
    }
    for name, value in numbers.items():
        writer.add_uint32(f"clip.vision.{name}", value)
    if kind.version:
        writer.add_int32("clip.minicpmv_version", kind.version)
        writer.add_uint32("clip.minicpmv_query_num", QUERIES)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5] * 3)
    writer.add_array("clip.vision.image_std", [0.5] * 3)
    _finish(writer, _tower(kind, random) | _merger(kind, random))


def _tower(kind: Kind, random: np.random.Generator) -> Tensors:
    shapes = {"v.patch_embd.weight": (EYE, 3, PATCH, PATCH)}
    twice = kind.projector.startswith("qwen") or kind.projector == "glm4v"
    if twice:  # two frames of a film; a picture is shown in both
        shapes["v.patch_embd.weight.1"] = (EYE, 3, PATCH, PATCH)
    classed = kind.projector in ("internvl", "llama4")
    places = (kind.side // PATCH) ** 2 + classed
    if kind.projector == "gemma4v":  # a table for each dimension
        shapes["v.position_embd.weight"] = (2, 64, EYE)
    elif not kind.projector.startswith(("qwen2", "glm")):
        places = 70 * 70 if kind.projector == "resampler" else places
        shapes["v.position_embd.weight"] = (places, EYE)
    if kind.projector in ("qwen3vl_merger", "glm4v"):
        shapes["v.patch_embd.bias"] = (EYE,)
    if kind.projector == "llama4":
        shapes["v.patch_embd.weight"] = (EYE, 3 * PATCH * PATCH)
    if classed:
        shapes["v.class_embd"] = (EYE,)
    else:
        shapes["v.post_ln.weight"] = (EYE,)
    shapes |= _blocks(kind)
    return {name: _weight(random, shape) for name, shape in shapes.items()}


def _blocks(kind: Kind) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    joined = kind.projector in ("qwen3vl_merger", "glm4v")
    gated = kind.projector in ("qwen2.5vl_merger", "glm4v")
    for number in range(2):
        block = {"ln1": (EYE,), "ln2": (EYE,), "attn_out": (EYE, EYE)}
        block |= {"ffn_up": (EYE_WIDE, EYE), "ffn_down": (EYE, EYE_WIDE)}
        if joined:
            block["attn_qkv"] = (3 * EYE, EYE)
        else:
            block |= dict.fromkeys(("attn_q", "attn_k", "attn_v"), (EYE, EYE))
        if gated:
            block["ffn_gate"] = (EYE_WIDE, EYE)
        for name, shape in block.items():
            shapes[f"v.blk.{number}.{name}.weight"] = shape
            shapes[f"v.blk.{number}.{name}.bias"] = shape[:1]
    return shapes


def _merger(kind: Kind, random: np.random.Generator) -> Tensors:
    """What makes a tower's rows into those of the language model: 2 × 2 patches are a token."""
    four = 4 * EYE
    shapes: dict[str, tuple[int, ...]]
    if kind.projector.startswith("qwen"):
        shapes = _linear("mm.0", four, four) | _linear("mm.2", WIDTH, four)
    elif kind.projector == "glm4v":
        shapes = {
            "mm.model.fc.weight": (WIDTH, WIDTH),
            "mm.up.weight": (WIDE, WIDTH),
            "mm.gate.weight": (WIDE, WIDTH),
            "mm.down.weight": (WIDTH, WIDE),
            "mm.post_norm.weight": (WIDTH,),
            "mm.post_norm.bias": (WIDTH,),
            "mm.patch_merger.weight": (WIDTH, EYE, 2, 2),
            "mm.patch_merger.bias": (WIDTH,),
        }
    elif kind.projector == "gemma3":
        shapes = {"mm.input_projection.weight": (EYE, WIDTH), "mm.soft_emb_norm.weight": (EYE,)}
    elif kind.projector == "gemma4v":
        shapes = {"mm.input_projection.weight": (WIDTH, EYE)}
    elif kind.projector == "resampler":
        shapes = _resampler(kind.width)
    elif kind.projector == "llama4":
        shapes = {
            "mm.model.mlp.1.weight": (EYE_WIDE, four),
            "mm.model.mlp.2.weight": (EYE_WIDE, EYE_WIDE),
            "mm.model.fc.weight": (WIDTH, EYE_WIDE),
        }
    elif kind.projector == "idefics3":
        shapes = {"mm.model.fc.weight": (WIDTH, four)}
    else:
        shapes = {"mm.model.mlp.0.weight": (four,), "mm.model.mlp.0.bias": (four,)}
        shapes |= _linear("mm.model.mlp.1", WIDTH, four) | _linear("mm.model.mlp.3", WIDTH, WIDTH)
    if kind.projector == "qwen3vl_merger":
        shapes |= {"v.deepstack.0.norm.weight": (four,), "v.deepstack.0.norm.bias": (four,)}
        shapes |= _linear("v.deepstack.0.fc1", four, four)
        shapes |= _linear("v.deepstack.0.fc2", WIDTH, four)
    return {name: _weight(random, shape) for name, shape in shapes.items()}


def _resampler(width: int) -> dict[str, tuple[int, ...]]:
    """As many tokens as there are queries, whatever the size of a view."""
    shapes: dict[str, tuple[int, ...]] = {
        "resampler.query": (QUERIES, width),
        "resampler.pos_embed_k": (1, width),  # asked for, and not used
        "resampler.proj.weight": (width, width),
        "resampler.kv.weight": (width, EYE),
    }
    for part in ("q", "k", "v", "out"):
        shapes |= {
            f"resampler.attn.{part}.weight": (width, width),
            f"resampler.attn.{part}.bias": (width,),
        }
    for part in ("q", "kv", "post"):
        shapes |= dict.fromkeys(
            (f"resampler.ln_{part}.weight", f"resampler.ln_{part}.bias"), (width,)
        )
    return shapes


def _linear(name: str, out: int, into: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def _weight(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    if len(shape) == 1:  # of a norm, or a bias
        return 1 + random.normal(size=shape) / 8
    return random.normal(size=shape) * 1.5 / np.sqrt(np.prod(shape[1:]))


def _finish(writer: gguf.GGUFWriter, tensors: Tensors) -> None:
    for name, tensor in tensors.items():
        writer.add_tensor(name, np.ascontiguousarray(tensor, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
