"""Options come from the command line, the environment, a file, or the run that goes on."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def options_of(folder: Path) -> dict[str, object]:
    table: dict[str, object] = json.loads((folder / "options.json").read_text())
    return table


def test_a_file_says_what_the_command_line_leaves_open(
    kimidesk: Run, script: str, data: Path, tmp_path: Path
):
    (tmp_path / "run.toml").write_text(
        f'model = "{script}"\ndata = "{data}"\nmax_answer_tokens = 20\nlimit = 1\n'
        'budgets = [2, 4]\nout = "out"\n'
    )
    done = kimidesk("score", "--config", "run.toml", "--limit", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 2
    assert options_of(tmp_path / "out") == {
        "model": script, "data": str(data), "max-answer-tokens": 20, "limit": 2, "budgets": [2, 4],
    }  # fmt: skip


def test_a_run_is_resumed_by_its_folder_alone(
    kimidesk: Run, script: str, data: Path, tmp_path: Path
):
    first = kimidesk(
        "score", "--model", script, "--data", data.name, "--max-answer-tokens", "20",
        "--limit", "1", "--seed", "7", "--out", "out",
    )  # fmt: skip
    assert first.returncode == 0, first.stderr
    again = kimidesk("score", "--resume", str(tmp_path / "out"), "--limit", "2", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["samples"] == 2
    assert options_of(tmp_path / "out")["limit"] == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits = 3\n", "Did you mean limit?"),
        ("limit = \n", "cannot be read as options"),
        ("[limit]\nx = 1\n", "it must be a value"),
        ('limit = "few"\n', "'few' is not a valid integer"),
    ],
)
def test_a_wrong_file_ends_with_2_and_says_where(
    kimidesk: Run, script: str, data: Path, tmp_path: Path, text: str, words: str
):
    (tmp_path / "run.toml").write_text(text)
    done = kimidesk(
        "score", "--config", "run.toml", "--model", script, "--data", str(data), "--out", "out"
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_environment_says_it_too(
    kimidesk: Run, script: str, data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIMIDESK_SCORE_LIMIT", "1")
    done = kimidesk(
        "score", "--model", script, "--data", str(data), "--max-answer-tokens", "20",
        "--out", "out", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 1
