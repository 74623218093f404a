"""How many layers fit on graphics cards."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.fit import need
from kimidesk.checkpoints.gguf import Header, Tensor
from kimidesk.checkpoints.offload import RESERVE, layers_that_fit
from kimidesk.records import CheckpointInfo

F32, MIB = 0, 1 << 20
layer_sizes = st.lists(st.integers(1, 400), min_size=1, max_size=12)  # MiB
card_sizes = st.lists(st.integers(0, 6000), max_size=4)  # MiB


def checkpoint(layers: list[int], *, output: int = 0, heads: object = 2) -> Description:
    """Layers of so many MiB; without an output its embedding is tied."""
    names = {f"blk.{n}.ffn_up.weight": size for n, size in enumerate(layers)}
    names |= {"token_embd.weight": 64} | ({"output.weight": output} if output else {})
    tensors = tuple(Tensor(name, (size * MIB // 4,), F32, 0) for name, size in names.items())
    metadata = {
        "general.architecture": "llama",
        "llama.block_count": len(layers),
        "llama.embedding_length": 256,
        "llama.feed_forward_length": 512,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": heads,
    }
    header = Header("x.gguf", 0, metadata, tensors, 0)  # type: ignore[arg-type]
    info = CheckpointInfo("x", "x", "f", size_bytes=sum(names.values()) * MIB, vocabulary=1000)
    return Description(info, "", header, tensors)


@given(layer_sizes, card_sizes, st.integers(0, 8192), st.integers(1, 4))
def test_no_card_is_filled_beyond_what_is_free(sizes, cards, context, slots):
    free = [size * MIB for size in cards]

    fitted = layers_that_fit(checkpoint(sizes), context, slots, free)

    assert all(taken <= room for taken, room in zip(fitted.bytes, free, strict=True))
    assert sum(fitted.shares) == fitted.layers <= fitted.of == len(sizes) + 1


@given(layer_sizes, card_sizes, st.integers(0, 3), st.integers(1, 3000))
def test_more_memory_never_takes_fewer_layers(sizes, cards, which, more):
    larger = [size + more * (place == which) for place, size in enumerate(cards)]
    few, many = (
        layers_that_fit(checkpoint(sizes), 2048, 1, [size * MIB for size in each])
        for each in (cards, larger)
    )

    assert few.layers <= many.layers


@given(layer_sizes)
def test_all_fit_where_all_fit_and_none_where_nothing_does(sizes):
    told = checkpoint(sizes)

    assert layers_that_fit(told, 4096, 2, [100_000 * MIB]).whole
    assert layers_that_fit(told, 4096, 2, [RESERVE]).layers == 0
    assert layers_that_fit(told, 4096, 2, []).layers == 0


def test_the_output_goes_first_and_then_the_last_layers():
    told = checkpoint([1, 1, 300, 10], output=40)
    least = layers_that_fit(told, 256, 1, [100_000 * MIB])

    def layers(*parts: int) -> int:
        """With room for so many MiB beside what is not layers."""
        other = least.bytes[0] - (1 + 1 + 300 + 10 + 40) * MIB
        return layers_that_fit(told, 256, 1, [other + sum(parts) * MIB]).layers

    assert [layers(40), layers(40, 10), layers(40, 10, 299), layers(40, 10, 300)] == [1, 2, 2, 3]


def test_a_tied_output_is_counted_as_the_copy_that_it_becomes():
    tied, free = checkpoint([10]), [100_000 * MIB]
    own = checkpoint([10], output=64)

    assert layers_that_fit(tied, 256, 1, free).bytes == layers_that_fit(own, 256, 1, free).bytes


def test_layers_without_keys_take_no_cache():
    some = layers_that_fit(checkpoint([5, 5], heads=(2, 0)), 8192, 4, [100_000 * MIB])
    every = layers_that_fit(checkpoint([5, 5]), 8192, 4, [100_000 * MIB])

    assert every.bytes[0] - some.bytes[0] == 8192 * 4 * 2 * (64 + 64) * 2  # heads, widths, f16


def test_states_of_all_sequences_are_counted_with_their_layers():
    told = checkpoint([5, 5], heads=(0, 2))
    assert told.header is not None
    state = {"llama.ssm.conv_kernel": 4, "llama.ssm.inner_size": 128, "llama.ssm.state_size": 16}
    header = dataclasses.replace(told.header, metadata={**told.header.metadata, **state})
    told = dataclasses.replace(told, header=header)
    tensors = (*told.tensors, Tensor("blk.0.ssm_a", (0,), F32, 0))
    with_state = dataclasses.replace(told, tensors=tensors)
    free = [100_000 * MIB]

    def more(slots: int, *, shared: bool) -> int:
        """Bytes of a card that the states take."""
        one, other = (
            layers_that_fit(each, 256, slots, free, shared=shared) for each in (with_state, told)
        )
        return one.bytes[0] - other.bytes[0]

    each = (3 * 128 + 16 * 128) * 4
    assert more(3, shared=False) == 3 * each
    assert more(3, shared=True) == (3 + 16) * each  # finished ones are kept there


def test_what_leaves_the_machine_is_what_its_memory_need_not_hold():
    told = checkpoint([10, 20, 30], output=40)

    every = layers_that_fit(told, 256, 2, [100_000 * MIB])

    needed = need(told, 256, 2)
    assert every.moved == needed.weights + needed.cache - 64 * MIB  # of the embedding


def test_two_cards_share_the_layers_in_a_row():
    told = checkpoint([100] * 8, output=100)
    one = layers_that_fit(told, 256, 1, [100_000 * MIB])
    half = RESERVE + (one.bytes[0] - RESERVE) * 6 // 9

    shared = layers_that_fit(told, 256, 1, [half, half])

    assert shared.whole
    assert shared.shares[0] + shared.shares[1] == 9
    assert min(shared.shares) >= 3


def test_what_is_no_gguf_has_no_layers_to_place():
    folder = dataclasses.replace(checkpoint([5]), header=None)

    assert layers_that_fit(folder, 256, 1, [100_000 * MIB]).layers == 0


@pytest.mark.model
def test_a_build_for_the_cpu_finds_no_cards():
    from llama_cpp import llama_cpp as lib

    from kimidesk.engines.llamacpp.library import cards

    if lib.llama_supports_gpu_offload():
        assert all(card.free > 0 for card in cards())
    else:
        assert cards() == []
