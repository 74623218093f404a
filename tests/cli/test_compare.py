"""`kimidesk trace compare`."""

import importlib.util
import json

import pytest

TEXT = "The capital of France is Paris. 法国的首都是巴黎。"


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.skipif(not importlib.util.find_spec("transformers"), reason="needs transformers")
def test_llamacpp_and_torch_mean_nearly_the_same(gguf, kimidesk, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    pair = ("--model", str(gguf), "--against", f"torch:{gguf}", "--threads", "1")

    said = kimidesk("trace", "compare", "a.txt", *pair, "--json")

    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    figures = told["all"]
    assert figures["positions"] > 10
    assert figures["same_best"] > 0.8
    assert 0 < figures["kl_at_least_mean"] < 0.05
    assert 0 < figures["came_max"] < 2
    assert figures["told"] > 0.5
    assert [each["engine"].split()[0] for each in told["checkpoints"]][1].startswith("torch")


@pytest.mark.model
@pytest.mark.slow
def test_a_kept_trace_parts_from_itself_by_nothing(gguf, kimidesk):
    model = ("--model", str(gguf), "--threads", "1")
    solved = kimidesk("solve", "What is 2+2?", *model, "--max-answer-tokens", "12", "--json")
    id_ = json.loads(solved.stdout)["trace"]["id"]

    told = kimidesk("trace", "compare", id_, *model, "--against", str(gguf), "--json")

    figures = json.loads(told.stdout)["all"]
    assert figures["positions"] == 12
    assert figures["same_best"] == 1
    assert figures["kl_at_least_max"] == 0
    shown = kimidesk("trace", "compare", id_, *model, "--against", str(gguf)).stdout
    assert "100.0%" in shown
    assert "from below" in shown
    assert len(kimidesk("trace", "list").stdout.splitlines()) == 2  # nothing was kept


def test_a_script_has_no_opinion_to_compare(kimidesk, script, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)

    said = kimidesk("trace", "compare", "a.txt", "--model", script, "--against", script)

    assert said.returncode == 1
    assert "no opinion" in said.stderr


def test_what_is_neither_a_file_nor_a_trace_is_told(kimidesk, script):
    said = kimidesk("trace", "compare", "nowhere", "--model", script, "--against", script)

    assert said.returncode == 2
    assert "nowhere" in said.stderr
    assert "Traceback" not in said.stderr
