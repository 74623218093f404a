"""What a person may write to name a checkpoint, and what each gets."""

from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.checkpoints import catalog
from kimidesk.errors import BadCheckpoint

SMOL = catalog.CATALOG["smollm2-135m"]


@pytest.fixture
def tiny_entry(monkeypatch, gguf_bytes):
    """A catalog with one entry of a few hundred bytes."""
    content = gguf_bytes()
    entry = replace(SMOL, name="tiny", title="Tiny One", file="tiny.gguf", size_bytes=len(content))
    monkeypatch.setattr(catalog, "CATALOG", {"tiny": entry})
    return entry, content


def put(content: bytes) -> Path:
    path = catalog.models_folder() / "tiny.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_name_that_was_not_fetched_says_how_to_fetch_it():
    with pytest.raises(BadCheckpoint, match="not been fetched") as caught:
        catalog.resolve("smollm2-135m")

    assert caught.value.hint == "Run: kimidesk models pull smollm2-135m"


def test_a_fetched_name_is_its_file(tiny_entry):
    path = put(tiny_entry[1])

    assert catalog.resolve("tiny") == path
    assert catalog.installed() == (path,)
    assert catalog.look_up("tiny").info.name == "Tiny One"
    assert catalog.look_up("tiny").info.ref == "tiny"


def test_a_file_of_another_size_is_not_taken_for_it(tiny_entry):
    put(tiny_entry[1][:-1])

    assert catalog.cached(tiny_entry[0]) is None


def test_a_path_is_itself_and_must_exist(gguf_file, tmp_path):
    path = gguf_file()

    assert catalog.resolve(str(path)) == path
    for missing in (tmp_path / "none.gguf", "none.gguf", "./none"):
        with pytest.raises(BadCheckpoint, match="there is no file"):
            catalog.resolve(str(missing))


def test_a_home_folder_may_be_written_as_a_tilde(gguf_file, tmp_path, monkeypatch):
    gguf_file(name="mine.gguf")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert catalog.resolve("~/mine.gguf") == tmp_path / "mine.gguf"


def test_a_script_passes_through():
    assert str(catalog.resolve("scripted:./a/b.json")) == "scripted:./a/b.json"
    assert catalog.is_scripted("scripted:x")
    assert not catalog.is_scripted("x")


@pytest.mark.parametrize(
    ("ref", "hint"),
    [("smollm-135m", "Did you mean 'smollm2-135m'?"), ("xyz", "smollm2-135m"), ("", "Known")],
)
def test_an_unknown_name_gets_the_nearest_one(ref, hint):
    with pytest.raises(BadCheckpoint, match="no checkpoint is called") as caught:
        catalog.resolve(ref)

    assert hint in caught.value.hint


def test_an_empty_cache_holds_nothing():
    assert catalog.installed() == ()
