"""How much memory a context takes, and what is said when there is too little."""

import dataclasses

import pytest

from kimidesk.checkpoints import fit
from kimidesk.checkpoints.describe import describe
from kimidesk.errors import TooLarge

SMOL = {
    "general.architecture": "llama",
    "general.name": "Smol",
    "llama.block_count": 30,
    "llama.embedding_length": 576,
    "llama.attention.head_count": 9,
    "llama.attention.head_count_kv": 3,
}


def test_the_cache_of_smollm2_is_what_llama_cpp_takes(gguf_file):
    told = describe(gguf_file(SMOL))

    needed = fit.need(told, 8192)

    assert needed.cache == 180 << 20  # llama.cpp reports 180 MiB
    assert fit.need(told, 8192, slots=3).cache == 3 * needed.cache
    assert fit.need(told, 1).cache == fit.need(told, 256).cache  # rounded up, as llama.cpp does


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"llama.attention.head_count_kv": [3] * 10 + [0] * 20}, 10 * 3 * 128 * 2),
        ({"llama.attention.key_length": 128}, 30 * 3 * (128 + 64) * 2),
        ({"llama.attention.value_length": 32}, 30 * 3 * (64 + 32) * 2),
        ({"llama.attention.head_count": [9] * 30}, 30 * 3 * 128 * 2),
        ({"llama.attention.head_count_kv": "nonsense"}, 30 * 9 * 128 * 2),
    ],
)
def test_heads_and_widths_may_be_given_in_many_ways(gguf_file, changes, expected):
    told = describe(gguf_file({**SMOL, **changes}))

    assert fit.cache_bytes_per_token(told.header) == expected


def test_without_a_number_of_key_heads_every_head_has_its_own(gguf_file):
    metadata = {name: value for name, value in SMOL.items() if "head_count_kv" not in name}

    assert fit.cache_bytes_per_token(describe(gguf_file(metadata)).header) == 30 * 9 * 128 * 2


def test_what_fits_is_let_through(gguf_file):
    needed = fit.check_fit(describe(gguf_file(SMOL)), 4096, free=1_000_000_000)

    assert needed.total < 1_000_000_000


@pytest.mark.parametrize("flash", ["auto", "off"])
def test_the_largest_context_is_one_that_fits_and_none_above_it_does(gguf_file, flash):
    told, free = describe(gguf_file(SMOL)), 1_000_000_000

    largest = fit.largest_context(told, 3, free, "q8_0", flash)

    fit.check_fit(told, largest, 3, free, "q8_0", flash)
    with pytest.raises(TooLarge, match=f"fits is {largest:,} tokens"):
        fit.check_fit(told, largest + 1, 3, free, "q8_0", flash)


def test_a_context_that_is_too_large_is_told_with_the_largest_that_fits(gguf_file):
    told = describe(gguf_file(SMOL))

    with pytest.raises(TooLarge, match=r"a context of 2,000,000 tokens needs 46\.1 GB") as caught:
        fit.check_fit(told, 2_000_000, free=21_300_000_000)

    assert "19.2 GB of memory is free beside the weights" in caught.value.what
    largest = fit.largest_context(told, 1, 21_300_000_000)
    assert f"{largest:,}" in caught.value.hint
    fit.check_fit(told, largest, free=21_300_000_000)
    with pytest.raises(TooLarge):
        fit.check_fit(told, largest + 1, free=21_300_000_000)


def test_several_slots_are_counted_and_named(gguf_file):
    with pytest.raises(TooLarge, match="4 contexts of 8,192 tokens need"):
        fit.check_fit(describe(gguf_file(SMOL)), 8192, slots=4, free=400_000_000)


def test_weights_that_do_not_fit_are_told_apart(gguf_file):
    told = describe(gguf_file(SMOL))

    with pytest.raises(TooLarge, match="the weights of Smol need"):
        fit.check_fit(told, 256, free=100)

    assert fit.largest_context(told, 1, 100) == 0


def test_a_container_that_gives_less_than_the_machine_counts(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("5000\n")
    (tmp_path / "memory.current").write_text("3000\n")
    (tmp_path / "memory.stat").write_text("anon 1000\ninactive_file 500\n")
    monkeypatch.setattr(fit, "CGROUP", tmp_path)

    assert fit.free_memory() == 2500


@pytest.mark.parametrize("limit", ["max\n", None])
def test_without_a_limit_the_machine_counts(tmp_path, monkeypatch, limit):
    if limit:
        (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(fit, "CGROUP", tmp_path)

    assert fit.free_memory() > 10_000_000


def test_a_quantized_cache_takes_less(gguf_file):
    told = describe(gguf_file(SMOL))

    half = fit.need(told, 8192, kv_type="q8_0").cache / fit.need(told, 8192).cache

    assert half == pytest.approx(34 / 64)


def test_scores_without_flash_attention_are_counted(gguf_file):
    told = describe(gguf_file(SMOL))

    more = fit.need(told, 8192, flash="off").total - fit.need(told, 8192).total

    scores, mask = 9 * (4 + 2), 4 - 2  # heads; as float32 and float16; the mask as float32
    assert more == 512 * 8192 * (scores + mask)


def test_heads_that_are_no_whole_numbers_count_for_nothing(gguf_file):
    metadata = {**SMOL, "llama.attention.head_count_kv": [1, 1], "llama.block_count": 2}
    header = describe(gguf_file(metadata)).header
    broken = {**header.metadata, "llama.attention.head_count_kv": (1, float("nan"))}

    assert fit.cache_bytes_per_token(dataclasses.replace(header, metadata=broken)) == 128 * 2


def test_what_is_opened_with_a_checkpoint_counts_too(gguf_file, tmp_path):
    told = describe(gguf_file(SMOL))
    (tmp_path / "projector.gguf").write_bytes(bytes(1000))
    free = fit.need(told, 4096).total + fit.need(told, 4096, slots=2).total + 1000

    beside = fit.beside_bytes(["", tmp_path / "projector.gguf"], told, 4096, 2)

    assert fit.beside_bytes([""], None, 4096, 2) == 0
    fit.check_fit(told, 4096, free=free, beside=beside)
    with pytest.raises(TooLarge, match=r"beside the weights, after 0\.2 GB for what is opened"):
        fit.check_fit(told, 4096, free=free - 1, beside=beside)
    with pytest.raises(TooLarge, match=r"0\.0 MB of memory is free, after 0\.2 GB"):
        fit.check_fit(told, 4096, free=1000, beside=beside)
