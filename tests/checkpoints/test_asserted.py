"""What llama.cpp would end its process for is refused from the header."""

import math

import pytest

from kimidesk.checkpoints.asserted import check_tokens
from kimidesk.checkpoints.describe import describe
from kimidesk.errors import BadCheckpoint

EXPERTS = {"llama.expert_count": 8, "llama.expert_used_count": 2}


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"llama.block_count": 0}, "says that it has 0 layers"),
        ({"llama.block_count": 513}, "says that it has 513 layers"),
        ({"llama.nextn_predict_layers": 3}, "3 of its 2 layers predict ahead"),
        ({"llama.attention.layer_norm_rms_epsilon": math.nan}, "layer_norm_rms_epsilon' is nan"),
        ({"llama.attention.layer_norm_rms_epsilon": -1e-5}, "layer_norm_rms_epsilon' is -"),
        ({"llama.rope.freq_base": math.nan}, "freq_base' is nan"),
        ({"llama.rope.scaling.type": "lunear"}, "scales positions by 'lunear'"),
        ({"llama.expert_count": 1025, "llama.expert_used_count": 2}, "2 of 1,025 experts"),
        ({"llama.expert_used_count": 2}, "uses 2 of 0 experts"),
        ({"llama.expert_count": 8}, "uses 0 of 8 experts"),
        ({**EXPERTS, "llama.expert_used_count": 9}, "uses 9 of 8 experts"),
        ({**EXPERTS, "llama.expert_group_count": 3}, "8 experts in 3 groups"),
    ],
)
def test_numbers_that_would_end_the_process_are_refused(gguf_file, llama_metadata, numbers, why):
    with pytest.raises(BadCheckpoint, match=why):
        describe(gguf_file({**llama_metadata, **numbers}))


@pytest.mark.parametrize(
    "numbers",
    [
        EXPERTS,
        {**EXPERTS, "llama.expert_used_count": [2, 4]},  # a number a layer
        {**EXPERTS, "llama.expert_group_count": 4, "llama.expert_group_used_count": 2},
        {"llama.rope.scaling.type": "yarn", "llama.nextn_predict_layers": 1},
        {"llama.attention.layer_norm_rms_epsilon": 0.0, "llama.some.limit": math.inf},
    ],
)
def test_numbers_that_it_takes_are_not(gguf_file, llama_metadata, numbers):
    assert describe(gguf_file({**llama_metadata, **numbers})).info.architecture == "llama"


def test_a_vocabulary_that_holds_a_token_twice_is_refused(gguf_file, llama_metadata):
    twice = {**llama_metadata, "tokenizer.ggml.tokens": ["a", "b", "", "", "a"]}

    with pytest.raises(BadCheckpoint, match="token 4 of its vocabulary, 'a', comes twice"):
        check_tokens(gguf_file(twice))
    check_tokens(gguf_file({**llama_metadata, "tokenizer.ggml.tokens": ["a", "b", "", ""]}))
