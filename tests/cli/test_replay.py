"""`kimidesk trace replay`."""

import json

import pytest


@pytest.mark.model
@pytest.mark.slow
def test_an_exported_trace_replays_to_the_same_numbers(gguf, kimidesk, tmp_path):
    model = ("--model", str(gguf), "--threads", "1")
    solved = kimidesk("solve", "What is 2+2?", *model, "--max-answer-tokens", "12", "--json")
    exported = json.loads(solved.stdout)
    (tmp_path / "trace.json").write_text(solved.stdout)

    said = kimidesk("trace", "replay", "trace.json", *model, "--singly", "--json")

    again = json.loads(said.stdout)
    for name in ("id", "logprob", "entropy", "rank", "rival_id", "rival_logprob"):
        assert again["tokens"][name] == exported["tokens"][name], name
    assert again["trace"]["ended"] == "replayed"
    assert again["text"] == exported["text"]


@pytest.mark.model
def test_a_text_of_another_program_gets_probabilities(gguf, kimidesk, tmp_path):
    content = {"question": "What is the capital of France?", "output": "The capital is Paris."}
    (tmp_path / "a.json").write_text(json.dumps(content))

    said = kimidesk("trace", "replay", "a.json", "--model", str(gguf))

    assert said.returncode == 0
    assert "mean log-probability" in said.stdout
    assert "replayed" in kimidesk("trace", "list").stdout


@pytest.mark.model
def test_a_thought_of_another_program_is_told_apart_and_its_answer_judged(gguf, kimidesk, tmp_path):
    output = "<think>Two and two.</think>It is \\boxed{4}."
    content = {"problem": {"text": "What is 2+2?", "answer": "4"}, "output": output}
    (tmp_path / "a.json").write_text(json.dumps(content))

    said = kimidesk("trace", "replay", "a.json", "--model", str(gguf), "--json")

    again = json.loads(said.stdout)
    assert again["trace"]["dialect"]["start"] == "<think>"
    assert again["verdict"]["judgement"] == "right"
    assert again["text"] == output


def test_a_script_has_no_opinion(kimidesk, script, tmp_path):
    (tmp_path / "a.txt").write_text("Some text.")

    said = kimidesk("trace", "replay", "a.txt", "--model", script)

    assert said.returncode == 1
    assert "no opinion" in said.stderr


def test_a_file_that_holds_nothing_is_told(kimidesk, tmp_path):
    (tmp_path / "a.json").write_text("{}")

    said = kimidesk("trace", "replay", "a.json")

    assert said.returncode == 2
    assert "nothing to replay" in said.stderr
