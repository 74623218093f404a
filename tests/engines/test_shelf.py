"""Sequences on disk."""

import os
import resource
import subprocess
import sys

import numpy as np
import pytest

from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.shelf import LEAST, SUFFIX, Shelf
from kimidesk.records import Ended
from kimidesk.settings import cache_folder

LONG = "The shepherd counted his sheep on the hill before the rain came. " * 90
IDS = list(range(LEAST))
ROW = np.linspace(-3, 3, 50, dtype=np.float32)
MEMORY = np.arange(5000, dtype=np.uint32).view(np.uint8)


@pytest.fixture
def shelf(tmp_path):
    """Makes shelves on the same folder."""
    return lambda key="k", most=10**9: Shelf(tmp_path / "s", key, most)


def files(tmp_path):
    return sorted((tmp_path / "s").glob(f"*{SUFFIX}"))


def test_what_is_put_is_there_after_a_restart_for_the_same_key_and_mix(shelf):
    shelf().put(IDS, 7, (("a", 0.5),), MEMORY, ROW)

    ids = np.asarray([*IDS[:900], -1], np.int32)
    found = shelf().longest(ids, (("a", 0.5),))
    assert found is not None
    row, memory = shelf().take(found)
    assert (memory == MEMORY).all()
    assert (row == ROW).all()
    assert (found.header.prompt, found.ids.tolist()) == (7, IDS)
    assert shelf().longest(ids, ()) is None
    assert shelf("another").longest(ids, (("a", 0.5),)) is None


@pytest.mark.parametrize("place", [3, 9, 30, 200, 6000, -1])
def test_a_damaged_file_is_never_taken_and_is_deleted(shelf, tmp_path, place):
    shelf().put(IDS, 7, (), MEMORY)
    (file,) = files(tmp_path)
    raw = bytearray(file.read_bytes())
    raw[place] ^= 0x41
    file.write_bytes(raw)

    again = shelf()
    found = again.longest(np.asarray(IDS, np.int32), ())

    assert found is None or again.take(found) is None
    assert again.longest(np.asarray(IDS, np.int32), ()) is None
    assert not files(tmp_path) or place == 30  # there the key is another


@pytest.mark.parametrize("size", [0, 5, 11, 100, 5000, 12_000])
def test_a_file_that_is_cut_short_is_deleted(shelf, tmp_path, size):
    shelf().put(IDS, 7, (), MEMORY)
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes()[:size])

    assert shelf().longest(np.asarray(IDS, np.int32), ()) is None
    assert not files(tmp_path)


def test_a_file_that_has_gone_is_told_and_forgotten(shelf, tmp_path, capsys):
    kept = shelf()
    kept.put(IDS, 7, (), MEMORY)
    files(tmp_path)[0].unlink()
    found = kept.longest(np.asarray(IDS, np.int32), ())

    assert kept.take(found) is None
    assert "cannot be read" in capsys.readouterr().err


def test_the_longest_unused_goes_first_and_what_is_too_large_is_not_kept(shelf, tmp_path):
    kept = shelf(most=50_000)
    for first in (1000, 2000):
        kept.put([first, *IDS], 7, (), MEMORY)
        os.utime(kept.longest(np.asarray([first], np.int32), ()).path, (first, first))
    kept.take(kept.longest(np.asarray([1000, *IDS], np.int32), ()))
    kept.put([3000, *IDS], 7, (), MEMORY)

    heads = {int(kept.longest(np.asarray([n, 0], np.int32), ()).ids[0]) for n in (1000, 2000, 3000)}
    assert heads == {1000, 3000}
    kept.put([4000, *IDS], 7, (), np.zeros(60_000, np.uint8))
    assert len(files(tmp_path)) == 2


def test_a_longer_one_takes_the_place_of_its_beginning(shelf, tmp_path):
    kept = shelf()
    kept.put(IDS, 7, (), MEMORY)
    kept.put([*IDS, *IDS], 7, (), MEMORY)

    assert len(files(tmp_path)) == 1
    assert not kept.wants([*IDS, *IDS[:100]], ())
    assert kept.wants([*IDS, *IDS, *IDS, *IDS], ())
    assert not kept.wants(IDS[:-1], ())
    assert kept.wants(IDS, (("a", 1.0),))


def test_a_disk_that_is_full_keeps_what_it_has_and_no_part_of_more(shelf, tmp_path, capsys):
    shelf().put(IDS, 7, (), MEMORY)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, most))  # a longer file is refused alike
    try:
        shelf().put([1, *IDS], 7, (), MEMORY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    assert "cannot be kept" in capsys.readouterr().err
    assert len(list((tmp_path / "s").iterdir())) == 1
    assert shelf().longest(np.asarray(IDS, np.int32), ()) is not None


def test_what_a_killed_worker_was_writing_is_deleted_and_a_living_ones_draft_is_not(tmp_path):
    """A worker is killed in the middle of a file as large as its memory."""
    (tmp_path / "s").mkdir()
    killed = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    dead, living = (tmp_path / "s" / f"ab.{pid}.tmp" for pid in (killed.pid, os.getppid()))
    dead.write_bytes(bytes(5000))
    living.write_bytes(bytes(5000))

    Shelf(tmp_path / "s", "k", 10**9)
    assert dead.exists()
    killed.kill()
    killed.communicate()
    Shelf(tmp_path / "s", "k", 10**9)

    assert not dead.exists()
    assert living.exists()


def test_a_folder_that_cannot_be_written_is_told_and_nothing_fails(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    Shelf(tmp_path / "file" / "s", "k", 10**9).put(IDS, 7, (), MEMORY)

    assert "cannot be kept" in capsys.readouterr().err


@pytest.mark.model
@pytest.mark.slow
def test_after_a_restart_a_long_trace_goes_on_without_being_read_again(opened, ask, grow):
    asked = ask("a", LONG, tokens=4)
    first = opened(context=2048, keep_gb=1)
    whole = grow(first, asked)["a"][0]
    first.close()
    assert list((cache_folder() / "sequences").glob(f"*{SUFFIX}"))

    engine = opened(context=2048, keep_gb=1)
    accepted = engine.add(ask("b", LONG, tokens=4))
    assert len(accepted.prompt) > LEAST
    steps = []
    while engine.live:
        steps.append(engine.step())
    tokens = [step.token for made in steps for step in made if step.token is not None]

    # The prompt and the row that it left came from disk: every step gives a token.
    assert sum(step.token is None for made in steps for step in made) == 0
    assert [(t.id, t.logprob) for t in tokens] == [(t.id, t.logprob) for t in whole]


@pytest.mark.model
@pytest.mark.slow
def test_what_is_not_asked_for_is_not_kept(opened, ask, grow):
    grow(opened(context=2048), ask("a", LONG, tokens=2))

    assert not (cache_folder() / "sequences").exists()


@pytest.mark.model
@pytest.mark.slow
def test_what_is_broken_is_not_kept(opened, ask, monkeypatch):
    engine = opened(context=2048, keep_gb=1)
    engine.add(ask("a", LONG))
    broken = np.full((1, engine.info.vocabulary), np.nan, np.float32)
    monkeypatch.setattr(Context, "rows", lambda *_: broken)

    steps = []
    while engine.live:
        steps += engine.step()

    assert steps[-1].ended is Ended.FAILED
    assert not list((cache_folder() / "sequences").glob(f"*{SUFFIX}"))
