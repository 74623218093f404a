"""The header reader: what it reads, and that garbage is never anything but a BadCheckpoint."""

import contextlib
import os
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.checkpoints.cursor import HEADER_LIMIT
from kimidesk.checkpoints.gguf import Skipped, Tensor, read_header
from kimidesk.checkpoints.parts import parts_of
from kimidesk.checkpoints.tensor_types import TENSOR_TYPES
from kimidesk.errors import BadCheckpoint


def test_reads_metadata_and_tensors(gguf_file):
    header = read_header(gguf_file())

    assert header.text("general.architecture") == "llama"
    assert header.whole("llama.block_count") == 2
    assert header.metadata["tokenizer.ggml.tokens"] == Skipped(3)
    assert header.count("tokenizer.ggml.tokens") == 3
    assert header.tensors[1] == Tensor("output.weight", (64, 3), 1, 384)
    assert header.tensors[1].size_bytes == 384
    assert header.data_start % 32 == 0


def test_a_short_array_of_numbers_is_kept_and_a_long_one_counted(gguf_file):
    header = read_header(gguf_file({"short": [1, 2, 3], "long": list(range(5000))}))

    assert header.metadata["short"] == (1, 2, 3)
    assert header.metadata["long"] == Skipped(5000)
    assert (header.count("short"), header.count("long"), header.count("none")) == (3, 5000, 0)


def test_numbers_of_another_kind_read_as_the_default(gguf_file):
    header = read_header(gguf_file({"a": "text", "b": 1.5, "c": 7}))

    assert (header.whole("a", 5), header.whole("b", 5), header.whole("c", 5)) == (5, 5, 7)
    assert (header.text("c"), header.text("missing")) == ("", "")


def test_strings_longer_than_a_chunk_are_stepped_over(gguf_file):
    header = read_header(gguf_file({"big": ["x" * 3_000_000, "y", "z" * 2_000_000], "after": 9}))

    assert header.metadata["big"] == Skipped(3)
    assert header.whole("after") == 9


def test_a_vocabulary_of_150k_tokens_takes_well_under_a_second(gguf_file):
    path = gguf_file({"tokenizer.ggml.tokens": [f"token{n}" for n in range(150_000)]})

    start = time.perf_counter()
    read_header(path)

    assert time.perf_counter() - start < 1.0  # 0.03 s on an idle machine; the package takes 15 s


def test_a_tensor_of_an_unknown_type_is_taken_at_its_offset(gguf_file):
    header = read_header(gguf_file(tensor_type=99))

    assert header.tensors[0].size_bytes == 0


def test_every_tensor_type_counts_whole_blocks():
    for number, known in TENSOR_TYPES.items():
        assert Tensor("t", (known.block, 3), number, 0).size_bytes == 3 * known.size


def test_missing_folder_empty_and_nameless(tmp_path):
    empty = tmp_path / "empty.gguf"
    empty.touch()

    for path, why in (
        (tmp_path / "none.gguf", "no file"),
        (tmp_path, "folder"),
        (empty, "empty"),
        (Path("a\0b"), "cannot be the name"),
    ):
        with pytest.raises(BadCheckpoint, match=why):
            read_header(path)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)

    with pytest.raises(BadCheckpoint, match="not a regular file"):
        read_header(pipe)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_the_right_to_read_says_so(gguf_file):
    path = gguf_file()
    path.chmod(0)

    with pytest.raises(BadCheckpoint, match="cannot be read"):
        read_header(path)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04" + bytes(100), "zip"),
        (b"GG", ""),
        (b"some other file", ""),
    ],
)
def test_what_is_not_gguf_says_so_and_what_it_may_be(tmp_path, content, hint):
    path = tmp_path / "x.gguf"
    path.write_bytes(content)

    with pytest.raises(BadCheckpoint, match="is not a GGUF file") as caught:
        read_header(path)

    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("version", "said"), [(1, "version 1"), (4, "version 4"), (0x03000000, "big-endian")]
)
def test_other_versions_are_named(gguf_file, version, said):
    with pytest.raises(BadCheckpoint, match=said):
        read_header(gguf_file(version=version))


def test_cut_short_within_the_data_says_how_much_is_missing(gguf_file):
    path = gguf_file()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])

    with pytest.raises(BadCheckpoint, match="cut short: it should hold") as caught:
        read_header(path)

    assert f"{len(whole):,}" in str(caught.value)
    assert "fetch the file again" in caught.value.hint


def test_every_truncation_is_told_and_nothing_else(gguf_bytes, tmp_path):
    whole = gguf_bytes()
    path = tmp_path / "cut.gguf"

    for length in range(0, len(whole), 3):  # every field is longer
        path.write_bytes(whole[:length])
        with pytest.raises(BadCheckpoint, match=r"cut short|empty|not a GGUF"):
            read_header(path)


@pytest.mark.parametrize(
    "claim",
    [
        struct.pack("<IQQ", 3, 2**60, 0),  # tensors
        struct.pack("<IQQ", 3, 0, 2**60),  # metadata values
        struct.pack("<IQQQ", 3, 0, 1, 2**62),  # a name
        struct.pack("<IQQQIIQ", 3, 0, 1, 0, 9, 8, 2**61),  # an array of strings
        struct.pack("<IQQQIIQ", 3, 0, 1, 0, 9, 4, 2**61),  # an array of numbers
        struct.pack("<IQQQIIQQ", 3, 0, 1, 0, 9, 8, 1, 2**63),  # a string in it
    ],
)
@pytest.mark.parametrize("padding", [0, 1000, HEADER_LIMIT + 1000])
def test_absurd_claims_cost_neither_memory_nor_time(tmp_path, claim, padding):
    path = tmp_path / "claims.gguf"
    with path.open("wb") as file:
        file.write(b"GGUF" + claim)
        file.truncate(len(claim) + 4 + padding)  # a sparse file: no disk is used

    tracemalloc.start()
    with pytest.raises(BadCheckpoint, match=r"cut short|damaged"):
        read_header(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000_000


@pytest.mark.parametrize("bad", [0, 3_000_000, "text"])
def test_an_absurd_alignment_is_damage(gguf_file, bad):
    with pytest.raises(BadCheckpoint, match="aligns"):
        read_header(gguf_file({"general.alignment": bad}))


def test_unknown_types_nested_arrays_and_many_dimensions_are_damage(tmp_path):
    path = tmp_path / "damaged.gguf"
    for claim in (
        struct.pack("<IQQQI", 3, 0, 1, 0, 77) + bytes(8),
        struct.pack("<IQQQIIQ", 3, 0, 1, 0, 9, 9, 1),
        struct.pack("<IQQQI", 3, 1, 0, 0, 5) + bytes(60),
    ):
        path.write_bytes(b"GGUF" + claim)
        with pytest.raises(BadCheckpoint, match="damaged"):
            read_header(path)


@given(garbage=st.binary(max_size=400))
def test_garbage_is_never_anything_but_a_bad_checkpoint(tmp_path_factory, garbage):
    path = tmp_path_factory.getbasetemp() / "garbage.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<I", 3) + garbage)

    _read_or_refuse(path)


@given(at=st.integers(0, 499), new=st.binary(min_size=1, max_size=8))
def test_a_flipped_header_is_read_or_refused(tmp_path_factory, gguf_bytes, at, new):
    whole = bytearray(gguf_bytes())
    whole[at : at + len(new)] = new
    path = tmp_path_factory.getbasetemp() / "flipped.gguf"
    path.write_bytes(whole)

    _read_or_refuse(path)


def test_all_parts_of_a_split_checkpoint_are_found_in_order(tmp_path):
    parts = [tmp_path / f"m-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    for part in parts:
        part.touch()

    assert parts_of(parts[1]) == tuple(parts)
    assert parts_of(tmp_path / "whole.gguf") == (tmp_path / "whole.gguf",)


def test_a_missing_part_is_named(tmp_path):
    (tmp_path / "m-00001-of-00002.gguf").touch()

    with pytest.raises(BadCheckpoint, match=r"m-00002-of-00002\.gguf is missing"):
        parts_of(tmp_path / "m-00001-of-00002.gguf")


def _read_or_refuse(path: Path) -> None:
    with contextlib.suppress(BadCheckpoint):
        read_header(path)
