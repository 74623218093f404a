"""Checkpoints fetched by their address: `models pull https://…`, `hf:OWNER/REPOSITORY/FILE`."""

import hashlib
import json
import os
import stat

import pytest

from kimidesk import settings
from kimidesk.checkpoints import catalog, download, fetch
from kimidesk.errors import BadCheckpoint, BadSettings, UsageError
from tests.checkpoints.test_fetch import DEAD, quiet

TENSORS = {"token_embd.weight": (64, 20_000)}  # 2.5 MB: more than one block


@pytest.fixture
def whole(gguf_bytes) -> bytes:
    return gguf_bytes(tensors=TENSORS)


@pytest.fixture
def other(gguf_bytes) -> bytes:
    """As long, and another."""
    return gguf_bytes(tensors=TENSORS)[:-4] + b"ends"


@pytest.fixture(autouse=True)
def served(hub, whole):
    hub.content, hub.etag = whole, '"one"'
    return hub


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def left_behind() -> list[str]:
    folder = catalog.models_folder()
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def pull(hub, name="my%20model.gguf", *hashes):
    return fetch.pull(f"{hub.address}/some/{name}", quiet, hashes=hashes)


def begin(content: bytes, name: str, tag: dict[str, object] | None = None) -> None:
    """What a dead process left."""
    draft = catalog.models_folder() / "127.0.0.1" / f"{name}.{DEAD}.part"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(content)
    if tag:
        draft.with_name(f"{draft.name}.tag").write_text(json.dumps(tag))


def test_an_address_gives_a_file_that_is_listed_afterwards(hub, whole):
    path = pull(hub)

    assert path.read_bytes() == whole
    assert left_behind() == ["127.0.0.1/my model.gguf"]
    assert catalog.installed() == (path,)
    assert pull(hub) == path
    assert len(hub.asked) == 1  # a second pull fetches nothing


def test_a_file_of_a_hub_is_named_by_owner_repository_and_revision(hub, whole):
    path = fetch.pull("hf:Some-One/Model-GGUF/Q4/model.gguf@v1.0", quiet)

    assert hub.paths == ["/Some-One/Model-GGUF/resolve/v1.0/Q4/model.gguf"]
    assert path == catalog.models_folder() / "Some-One" / "Model-GGUF" / "model.gguf"
    assert path.read_bytes() == whole


def test_all_files_of_a_split_checkpoint_are_fetched_and_the_first_is_named(hub, gguf_bytes):
    for number in (1, 2):
        hub.files[f"/some/m-0000{number}-of-00002.gguf"] = gguf_bytes(
            {"general.architecture": "llama", "split.no": number - 1, "split.count": 2}
        )

    path = pull(hub, "m-00002-of-00002.gguf")

    assert path.name == "m-00001-of-00002.gguf"
    assert len(left_behind()) == 2


def test_what_breaks_off_goes_on_where_it_stopped(hub, whole):
    hub.break_after = 1_500_000

    assert pull(hub).read_bytes() == whole
    assert hub.asked[1].startswith("bytes=1")


def test_a_file_that_changed_meanwhile_starts_anew(hub, whole, other):
    begin(whole[:1_000_000], "m.gguf", {"etag": '"one"', "size": len(whole)})
    hub.content, hub.etag = other, '"two"'

    assert pull(hub, "m.gguf").read_bytes() == other
    assert left_behind() == ["127.0.0.1/m.gguf"]


def test_a_server_that_overlooks_the_change_is_found_out(hub, whole, other):
    tag = {"etag": 'W/"one"', "modified": "Tue", "size": len(whole)}
    begin(whole[:1_000_000], "m.gguf", tag)
    hub.etag, hub.content = "", other + bytes(32)  # told by its length alone

    assert pull(hub, "m.gguf").read_bytes() == hub.content


def test_what_no_tag_and_no_hash_can_vouch_for_is_fetched_anew(hub, whole):
    begin(b"x" * 1000, "m.gguf")

    assert pull(hub, "m.gguf").read_bytes() == whole
    assert hub.asked == [""]


def test_a_hash_vouches_for_what_was_begun(hub, whole):
    begin(whole[:1000], "m.gguf")
    hub.etag = ""

    assert pull(hub, "m.gguf", sha256(whole)).read_bytes() == whole
    assert hub.asked == ["bytes=1000-"]


def test_a_wrong_hash_keeps_the_file_apart(hub, whole):
    with pytest.raises(BadCheckpoint, match=r"kept as m\.gguf\.wrong"):
        pull(hub, "m.gguf", sha256(b"other"))

    assert left_behind() == ["127.0.0.1/m.gguf.wrong"]
    assert catalog.installed() == ()


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p>Sign in.", b"GGUF", b""])
def test_what_is_no_whole_checkpoint_never_gets_its_name(hub, content):
    hub.content = content

    with pytest.raises(BadCheckpoint):
        pull(hub, "m.gguf")

    assert catalog.installed() == ()


def test_a_checkpoint_whose_data_are_missing_is_kept_apart(hub, whole):
    hub.content = whole[:-1000]

    with pytest.raises(BadCheckpoint, match="cut short") as caught:
        pull(hub, "m.gguf")

    assert "m.gguf.wrong" in caught.value.what
    assert left_behind() == ["127.0.0.1/m.gguf.wrong"]


def test_a_file_of_untold_length_needs_a_hash(hub, whole):
    hub.lengths, hub.etag = False, ""

    with pytest.raises(BadCheckpoint, match="does not say how long"):
        pull(hub, "m.gguf")
    assert pull(hub, "m.gguf", sha256(whole)).read_bytes() == whole


def test_redirects_are_followed_within_the_web_alone(hub, whole):
    hub.moved["/some/m.gguf"] = f"{hub.address}/elsewhere"
    hub.moved["/some/out.gguf"] = "ftp://127.0.0.1/m.gguf"
    hub.moved["/some/round.gguf"] = f"{hub.address}/some/round.gguf"

    assert pull(hub, "m.gguf").read_bytes() == whole
    with pytest.raises(BadCheckpoint):
        pull(hub, "out.gguf")
    with pytest.raises(BadCheckpoint, match="302"):
        pull(hub, "round.gguf")


def test_an_answer_that_is_no_file_is_told(hub):
    hub.status = 404

    with pytest.raises(BadCheckpoint, match="404"):
        pull(hub, "m.gguf")


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's owner may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(hub):
    catalog.models_folder().mkdir(parents=True)
    catalog.models_folder().chmod(stat.S_IRUSR | stat.S_IXUSR)

    with pytest.raises(BadCheckpoint, match="cannot be written"):
        pull(hub, "m.gguf")


def test_a_disk_that_fills_up_meanwhile_is_told_and_goes_on_later(hub, whole, monkeypatch):
    write = download._write

    def full(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_write", full)
    with pytest.raises(BadCheckpoint, match="the disk is full"):
        pull(hub, "m.gguf")

    monkeypatch.setattr(download, "_write", write)
    assert pull(hub, "m.gguf").read_bytes() == whole


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "https://example.org/model.safetensors",
        "https://../x.gguf",
        "https://example.org/a%2Fb.gguf",
        "https://example.org/a%0A.gguf",
        "hf:owner/file.gguf",
        "hf:owner/../x.gguf",
        "hf:owner/repo/file.gguf@../..",
        "https://example.org/m-00001-of-99999.gguf",
    ],
)
def test_an_address_that_names_no_checkpoint_is_refused(address):
    with pytest.raises(UsageError):
        fetch.pull(address, quiet)


def test_a_hash_that_is_none_is_refused(hub):
    with pytest.raises(UsageError, match="no SHA-256"):
        pull(hub, "m.gguf", "abc")
    with pytest.raises(UsageError, match="takes 1 hashes"):
        pull(hub, "m.gguf", "a" * 64, "b" * 64)
    with pytest.raises(UsageError, match="of its own"):
        fetch.pull("smollm2-135m", quiet, hashes=("a" * 64,))


def write_catalog(text: str) -> None:
    path = settings.catalog_file()
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")


def test_a_person_adds_checkpoints_to_the_catalog(hub, whole):
    write_catalog(
        f'[mine]\nurl = "{hub.address}/m.gguf"\ntitle = "我的"\nsha256 = "{sha256(whole)}"\n'
        '[hubs]\nhub = "a/b/c.gguf"\n'
    )

    path = fetch.pull("mine", quiet)

    assert (catalog.resolve("mine"), catalog.title_of("mine")) == (path, "我的")
    assert path.read_bytes() == whole
    with pytest.raises(BadCheckpoint, match="has not been fetched"):
        catalog.resolve("hubs")


@pytest.mark.parametrize(
    "text",
    [
        "mine = 3",
        "[mine",
        "[mine]",
        '[mine]\nurl = "https://a/b.gguf"\nhub = "a/b/c.gguf"',
        '[mine]\nurl = "ftp://a"',
        '[mine]\nurl = "https://a/b.gguf"\nsha256 = "12"',
        '["../x"]\nurl = "https://a/b.gguf"',
        '[mine]\nurl = "https://a/b.gguf"\nsize = 3',
    ],
)
def test_a_catalog_that_cannot_be_understood_is_told(text):
    write_catalog(text)

    with pytest.raises(BadSettings, match=r"catalog\.toml"):
        catalog.entries()
