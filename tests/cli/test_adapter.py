"""`--adapter`."""

import json
from pathlib import Path

import numpy as np
import pytest

from kimidesk.cli.options import adapters_of
from kimidesk.records import Adapter


@pytest.mark.model
@pytest.mark.slow
def test_an_adapter_is_laid_over_and_told_in_the_trace(gguf, kimidesk, tmp_path, write_gguf):
    write_gguf(
        tmp_path / "v=1.gguf",
        {"general.architecture": "controlvector"},
        {"direction.9": np.ones(576)},
    )
    model = ("--model", str(gguf), "--threads", "1", "--max-answer-tokens", "4", "--json")
    base = json.loads(kimidesk("solve", "What is 2+2?", *model).stdout)

    said = kimidesk("solve", "What is 2+2?", *model, "--adapter", "v=1.gguf=0.5")

    laid = json.loads(said.stdout)
    assert laid["trace"]["adapters"] == [{"path": str(tmp_path / "v=1.gguf"), "scale": 0.5}]
    assert laid["tokens"]["logprob"] != base["tokens"]["logprob"]


@pytest.mark.model
@pytest.mark.slow
def test_a_run_with_another_adapter_is_another_run(gguf, kimidesk, tmp_path, write_gguf):
    write_gguf(
        tmp_path / "v.gguf",
        {"general.architecture": "controlvector"},
        {"direction.9": np.ones(576)},
    )
    (tmp_path / "d.jsonl").write_text(json.dumps({"question": "What is 2+2?", "answer": "4"}))
    run = ("score", "--model", str(gguf), "--data", "d.jsonl", "--out", "run", "--quiet")
    few = ("--max-answer-tokens", "4", "--threads", "1")

    assert kimidesk(*run, *few, "--adapter", "v.gguf=0.5").returncode == 0
    assert kimidesk(*run, *few, "--adapter", "v.gguf=0.5").returncode == 0
    assert kimidesk(*run, *few).returncode == 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("none.gguf", "there is no adapter none.gguf"),
        ("none.gguf=half", "must be a number"),
        ("none.gguf=nan", "must be a number"),
        ("=", "must be a number"),
    ],
)
def test_a_wrong_adapter_is_told_before_anything_starts(kimidesk, script, asked, words):
    said = kimidesk("solve", "2+2", "--model", script, "--adapter", asked)

    assert said.returncode == 2
    assert words in said.stderr


def test_a_script_takes_no_adapter(kimidesk, script, tmp_path):
    (tmp_path / "a.gguf").write_bytes(b"GGUF")

    said = kimidesk("solve", "2+2", "--model", script, "--adapter", "a.gguf")

    assert said.returncode == 1
    assert "no weights to lay adapters over" in said.stderr


def test_a_folder_of_pefts_is_an_adapter_too(tmp_path: Path):
    assert adapters_of({"adapters": (f"{tmp_path}=0.5",)}) == (Adapter(str(tmp_path), 0.5),)
