"""The metadata of more architectures, beside those whose memories are walked through in full.

Most need what all have and no more; what stands here is what llama.cpp refuses to do without.
"""

from typing import Any

from tests.engines.tiny import EXPERTS, SOME, STATE, WINDOWED

_DENSE_FIRST = {**EXPERTS, "leading_dense_block_count": 1, "expert_weights_scale": 1.0}
_LAYER_NORM = {"attention.layer_norm_epsilon": 1e-5}
_TURNS = {"attention.sliding_window": 32, "attention.sliding_window_pattern": [True, False] * 2}
_WIDE_HEADS = {"attention.key_length": 32, "attention.value_length": 32}
_LATENT = {
    "attention.q_lora_rank": 32,
    "attention.kv_lora_rank": 32,
    "attention.key_length": 40,
    "attention.value_length": 32,
    "attention.key_length_mla": 24,
    "attention.value_length_mla": 16,
    "rope.dimension_count": 8,
}
_DEEPSEEK = {**_DENSE_FIRST, **_LATENT, "attention.head_count_kv": 1}
_GRANITE = {
    "logit_scale": 2.0,
    "residual_scale": 1.0,
    "embedding_scale": 1.0,
    "attention.scale": 0.2,
}
_RWKV = {
    "wkv.head_size": 64,  # with fewer RWKV-7 gives other numbers each time
    "attention.decay_lora_rank": 16,
    "attention.iclr_lora_rank": 16,
    "attention.value_residual_mix_lora_rank": 16,
    "attention.gate_lora_rank": 16,
    "time_mix_extra_dim": 16,
    "time_decay_extra_dim": 16,
    "rescale_every_n_layers": 6,
    "token_shift_count": 2,
    **_LAYER_NORM,
}
_MIXED = {
    "attention.head_count_kv": [0, 2, 0, 0],
    "feed_forward_length": [0, 0, 96, 0],
}  # a state, attention, a network, a state
_QWEN35 = {
    **STATE,
    "full_attention_interval": 2,
    "ssm.inner_size": 64,
    "rope.dimension_count": 16,
    "rope.dimension_sections": [4, 2, 2, 0],
}
_PLAIN = (
    *("qwen2", "qwen3", "glm4", "chatglm", "mistral3", "exaone", "gemma", "phi3", "minicpm"),
    *("internlm2", "hunyuan-dense", "ernie4_5", "smollm3", "seed_oss", "olmo2", "arcee", "deci"),
    *("openelm", "pangu-embedded", "xverse", "baichuan"),
)
_EXPERT = ("qwen2moe", "qwen3moe", "minimax-m2", "phimoe", "hunyuan-moe", "olmoe")

FAMILIES: dict[str, dict[str, Any]] = {
    **{key: {} for key in _PLAIN},
    **dict.fromkeys(_EXPERT, EXPERTS),
    **dict.fromkeys(("glm4moe", "deepseek", "dots1"), _DENSE_FIRST),
    **dict.fromkeys(("deepseek2", "mistral4"), _DEEPSEEK),
    **dict.fromkeys(("nemotron", "phi2", "starcoder2", "falcon", "stablelm", "orion"), _LAYER_NORM),
    **{key: {**EXPERTS, **_TURNS} for key in ("step35", "mimo2")},
    "llama4": {**EXPERTS, "interleave_moe_layer_step": 1},
    "nemotron_h": {**STATE, **_MIXED, **_LAYER_NORM},
    "nemotron_h_moe": {**_DENSE_FIRST, **STATE, **_MIXED, **_LAYER_NORM},
    "exaone4": WINDOWED,
    "exaone-moe": {**_DENSE_FIRST, **WINDOWED},
    "granite": _GRANITE,
    "granitemoe": {**_GRANITE, **EXPERTS},
    "gemma2": {**WINDOWED, **_WIDE_HEADS},
    "gemma3n": {
        **WINDOWED,
        **_WIDE_HEADS,
        "embedding_length_per_layer_input": 16,
        "attention.shared_kv_layers": 2,
        "altup.num_inputs": 4,
        "altup.active_idx": 0,
        "laurel.rank": 8,
    },
    "gemma4": {
        **_TURNS,
        **_WIDE_HEADS,
        "attention.key_length_swa": 32,
        "attention.value_length_swa": 32,
        "embedding_length_per_layer_input": 16,
        "attention.shared_kv_layers": 0,
    },
    "jamba": {**STATE, **SOME, **EXPERTS},
    "lfm2moe": {**_DENSE_FIRST, **SOME, "shortconv.l_cache": 3},
    "mamba2": STATE,
    "rwkv6": {**_RWKV, "wkv.head_size": 32},
    "rwkv7": _RWKV,
    "arwkv7": {**_RWKV, "token_shift_count": 1},
    "plamo2": {**STATE, **SOME, "ssm.group_count": 0},
    "plamo3": WINDOWED,
    "minicpm3": _LATENT,
    "ernie4_5-moe": {**_DENSE_FIRST, "interleave_moe_layer_step": 1},
    "bailingmoe2": {**_DENSE_FIRST, "expert_group_count": 2, "expert_group_used_count": 1},
    "cohere2": {**WINDOWED, **_LAYER_NORM, "logit_scale": 1.0},
    "command-r": {**_LAYER_NORM, "logit_scale": 1.0},
    "qwen35": _QWEN35,
    "qwen35moe": {**EXPERTS, **_QWEN35},
    "afmoe": {**_DENSE_FIRST, **WINDOWED},
    "smallthinker": {**EXPERTS, **WINDOWED},
}
