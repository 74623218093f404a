"""What a checkpoint says of itself, and when two are the same."""

import pytest

from kimidesk.checkpoints.describe import BLOCK, EDGE, describe, fingerprint
from kimidesk.errors import BadCheckpoint


def test_a_description_comes_from_the_header(gguf_file):
    path = gguf_file()

    told = describe(path)

    assert (told.info.name, told.info.ref) == ("Tiny", str(path))
    assert (told.info.architecture, told.info.quantization) == ("llama", "F16")
    assert (told.info.parameters, told.info.vocabulary) == (384, 3)
    assert (told.info.trained_context, told.info.size_bytes) == (512, path.stat().st_size)
    assert told.chat_template == "{{ messages }}"


def test_the_name_falls_back_to_the_file_and_yields_to_the_caller(gguf_file):
    path = gguf_file({"general.architecture": "llama"}, name="mine.gguf")

    assert describe(path).info.name == "mine"
    assert describe(path, ref="a-ref", name="A title").info.name == "A title"
    assert describe(path, ref="a-ref").info.ref == "a-ref"


@pytest.mark.parametrize(("file_type", "expected"), [(15, "Q4_K_M"), (999, "F16"), (None, "F16")])
def test_quantization_is_the_recipe_or_the_most_common_type(
    gguf_file, llama_metadata, file_type, expected
):
    metadata = {**llama_metadata, "general.file_type": file_type}
    if file_type is None:
        del metadata["general.file_type"]

    assert describe(gguf_file(metadata)).info.quantization == expected


def test_an_unknown_tensor_type_is_shown_by_its_number(gguf_file):
    path = gguf_file({"general.architecture": "llama"}, tensor_type=99)

    assert describe(path).info.quantization == "type 99"


def test_a_file_without_tensors_has_no_quantization(gguf_file):
    assert describe(gguf_file({"general.architecture": "llama"}, {})).info.quantization == ""


def test_a_split_checkpoint_is_described_as_one(gguf_file):
    first = gguf_file(name="m-00001-of-00002.gguf")
    second = gguf_file({}, {"more.weight": (10, 10)}, name="m-00002-of-00002.gguf")

    told = describe(first)

    assert told.info.parameters == 384 + 100
    assert told.info.size_bytes == first.stat().st_size + second.stat().st_size
    assert fingerprint(second) == told.info.fingerprint


def test_what_is_no_language_model_is_refused(gguf_file):
    with pytest.raises(BadCheckpoint, match="vision projector"):
        describe(gguf_file({"general.architecture": "clip"}))
    with pytest.raises(BadCheckpoint, match="architecture"):
        describe(gguf_file({}))


def test_the_fingerprint_follows_the_content_and_not_the_name(gguf_file):
    one, two = gguf_file(name="one.gguf"), gguf_file(name="two.gguf")
    other = gguf_file({"general.architecture": "other"}, name="other.gguf")

    assert fingerprint(one) == fingerprint(two) != fingerprint(other)
    assert len(fingerprint(one)) == 16


@pytest.mark.parametrize("where", [0, EDGE - 1, "middle", -1])
def test_the_fingerprint_sees_both_ends_and_the_blocks_between(tmp_path, where):
    size = 8 * EDGE
    path = tmp_path / "big"
    path.write_bytes(bytes(size))
    before = fingerprint(path)

    at = {"middle": size // 2 + BLOCK - 1, -1: size - 1}.get(where, where)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"x")

    assert fingerprint(path) != before


def test_the_fingerprint_sees_the_length(tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    short.write_bytes(bytes(10))
    long.write_bytes(bytes(11))

    assert fingerprint(short) != fingerprint(long)


def test_the_fingerprint_of_nothing_is_refused(tmp_path):
    with pytest.raises(BadCheckpoint, match="no file"):
        fingerprint(tmp_path / "none")
