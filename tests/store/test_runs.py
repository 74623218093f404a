"""A run folder keeps every sample that landed, for one process and one run."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kimidesk.errors import NotFound, RunConflict, StoreError
from kimidesk.records import Sample, SampleStatus
from kimidesk.store.runs import RunFolder


def sample(number: int, repeat: int = 0, **values: str) -> Sample:
    return Sample(number, repeat, "n", "p", "4", SampleStatus.DONE, seed=1, **values)


@pytest.fixture
def folder(tmp_path: Path):
    folder = RunFolder.open(tmp_path / "run", {"seed": 1})
    yield folder
    folder.close()


def test_samples_come_back_in_order(folder: RunFolder):
    for number in (2, 0, 1):
        folder.add(sample(number, answer="四\n"))

    assert folder.samples() == [sample(n, answer="四\n") for n in range(3)]


def test_a_torn_last_line_is_dropped_and_the_rest_goes_on(folder: RunFolder):
    folder.add(sample(0))
    path = folder.path / "samples.jsonl"
    path.write_bytes(path.read_bytes() + msgspec.json.encode(sample(1))[:20])

    assert folder.samples() == [sample(0)]
    assert "torn" in folder.warnings[0]
    folder.add(sample(1))
    assert folder.samples() == [sample(0), sample(1)]


def test_a_damaged_line_in_the_middle_is_named_and_passed_over(folder: RunFolder):
    folder.add(sample(0))
    path = folder.path / "samples.jsonl"
    path.write_bytes(b'{"number": "x"}\n' + path.read_bytes())

    assert folder.samples() == [sample(0)]
    assert "samples.jsonl:1" in folder.warnings[0]


def test_an_identity_of_an_earlier_version_is_told_anew_and_kept(tmp_path: Path):
    RunFolder.open(tmp_path, {"seed": 1, "moot": 5}).close()

    def renewed(run):
        return {name: value for name, value in run["identity"].items() if name != "moot"}

    RunFolder.open(tmp_path, {"seed": 1}, renewed).close()
    RunFolder.open(tmp_path, {"seed": 1}).close()
    with pytest.raises(RunConflict, match="seed: 1 there, 2 now"):
        RunFolder.open(tmp_path, {"seed": 2}, renewed)


def test_the_same_run_is_resumed_and_another_is_refused(tmp_path: Path):
    RunFolder.open(tmp_path, {"seed": 1}).close()
    RunFolder.open(tmp_path, {"seed": 1}).close()

    with pytest.raises(RunConflict, match="seed: 1 there, 2 now"):
        RunFolder.open(tmp_path, {"seed": 2})


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_was(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("x")

    with pytest.raises(RunConflict, match=r"thesis\.tex"):
        RunFolder.open(tmp_path, {})
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["thesis.tex"]


def test_a_damaged_run_json_is_refused(tmp_path: Path):
    (tmp_path / "run.json").write_text("{")

    with pytest.raises(RunConflict, match=r"run\.json cannot be read"):
        RunFolder.open(tmp_path, {})


def test_a_second_process_is_refused(folder: RunFolder):
    code = (
        "import sys; from pathlib import Path\n"
        "from kimidesk.store.runs import RunFolder\n"
        "RunFolder.open(Path(sys.argv[1]), {'seed': 1})"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(folder.path)], capture_output=True, text=True, check=False
    )

    assert "RunConflict: another process is working on" in other.stderr


def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(RunConflict, match="cannot be written"):
        RunFolder.open(tmp_path / "file" / "run", {})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_stops_the_run_and_leaves_it_resumable(folder: RunFolder):
    folder.add(sample(0))
    whole = (folder.path / "samples.jsonl").read_bytes()
    (folder.path / "samples.jsonl").rename(folder.path / "kept")
    (folder.path / "samples.jsonl").symlink_to("/dev/full")
    folder.close()
    again = RunFolder.open(folder.path, {"seed": 1})

    with pytest.raises(StoreError, match="No space left"):
        again.add(sample(1))

    again.close()
    assert (folder.path / "kept").read_bytes() == whole


def test_a_run_that_is_there_is_taken_whatever_it_is_of(tmp_path: Path):
    RunFolder.open(tmp_path, {"seed": 1}).close()

    folder = RunFolder.existing(tmp_path)

    with pytest.raises(RunConflict, match="another process"):
        RunFolder.existing(tmp_path)
    folder.close()
    (tmp_path / "run.json").write_text('{"sessions": 5}')
    with pytest.raises(RunConflict, match="sessions is not a list"):
        RunFolder.existing(tmp_path)
    (tmp_path / "run.json").unlink()
    with pytest.raises(NotFound, match=r"no run\.json"):
        RunFolder.existing(tmp_path)
    with pytest.raises(NotFound):
        RunFolder.existing(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_lines_of_a_folder_without_such_a_file_are_none(folder: RunFolder):
    assert list(folder.lines("analysis.jsonl", Sample)) == []


def test_a_line_that_is_not_utf8_is_passed_over(folder: RunFolder):
    folder.add(sample(0))
    path = folder.path / "samples.jsonl"
    path.write_bytes(path.read_bytes() + b'{"name": "\xff"}\n')

    assert folder.samples() == [sample(0)]
    assert "samples.jsonl:2: no sample" in folder.warnings[0]


def test_a_journal_reads_the_last_line_of_each_key_in_order_again_and_again(tmp_path: Path):
    folder = RunFolder.open(tmp_path / "run", {}, lambda run: run["identity"])
    for number in (2, 0, 1, 0):
        folder.add(sample(number, answer=f"{number} of {len(folder.journal())}"))
    journal = folder.journal()
    for _ in range(2):
        assert [each.answer for each in journal] == ["0 of 3", "1 of 2", "2 of 0"]
    assert [each.number for each in journal.of(lambda key: key[0] > 0)] == [1, 2]
    folder.close()
