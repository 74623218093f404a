"""`kimidesk ls` and `kimidesk validate`."""

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.store.test_watching import add, sample


def test_runs_are_listed_and_a_damaged_one_is_told(kimidesk: Run, tmp_path: Path):
    add(tmp_path / "a", sample(0), sample(1))
    (tmp_path / "b").mkdir()
    add(tmp_path / "b" / "deep", sample(0))
    (tmp_path / "a" / "summary.json").write_text('{"samples": 2, "accuracy": 0.5}')

    listed = json.loads(kimidesk("--headless", "ls", str(tmp_path), "--json").stdout)

    assert {Path(row["run"]).name: (row["samples"], row["accuracy"]) for row in listed} == {
        "a": (2, 0.5),
        "deep": (1, None),
    }
    assert kimidesk("--headless", "validate", "a").returncode == 0
    with (tmp_path / "a" / "samples.jsonl").open("ab") as file:
        file.write(b'{"number": 1}\n{"torn')
    found = kimidesk("--headless", "validate", "a", "--json")
    assert found.returncode == 1
    wrong = json.loads(found.stdout)["wrong"]
    assert [sentence.split(":")[1] for sentence in wrong] == ["3", "4"]
