"""`kimidesk trace probe`."""

import json

import pytest


@pytest.fixture
def solved(gguf, kimidesk):
    """The id of a kept trace of the real checkpoint, and how that is named."""
    model = ("--model", str(gguf), "--threads", "1")
    problem = "Ann has 3 apples and buys 4 more. How many apples has she now?"
    asked = ("solve", problem, "--answer", "7", "--max-answer-tokens", "60", "--json")
    return json.loads(kimidesk(*asked, *model).stdout)["trace"]["id"], model


@pytest.mark.model
@pytest.mark.slow
def test_it_forces_answers_along_the_trace_and_judges_them(kimidesk, solved):
    id_, model = solved

    said = kimidesk("trace", "probe", id_[:8], *model, "--every", "20", "--json")

    told = json.loads(said.stdout)
    results, dynamics = told["places"], told["dynamics"]
    right = [each["at"] for each in results if each["judgement"] == "right"]
    assert dynamics["knew"] == (right[0] if right else None)
    assert dynamics["settled"] in [0, 20, 40, 60]
    assert dynamics["tail"] == told["tokens"] - dynamics["settled"]
    assert [each["at"] for each in results] == [0, 20, 40, 60]
    for each in results:  # what is answered differs between processors
        assert each["judgement"] == ("right" if each["answer"] == "7" else "wrong")
    assert all(each["logprob"] < 0 for each in results)
    table = kimidesk("trace", "probe", id_, *model, "--at", "3", "--candidate", "7").stdout
    assert "probability" in table
    assert "convergence" not in table, "candidates are rated, no answer is drawn"
    said = kimidesk("trace", "probe", id_, *model, "--every", "30").stdout
    assert "convergence ratio" in said


@pytest.mark.model
@pytest.mark.slow
def test_places_outside_the_trace_and_other_checkpoints_are_told(kimidesk, solved, script):
    id_, model = solved

    far = kimidesk("trace", "probe", id_, *model, "--at", "99")
    other = kimidesk("trace", "probe", id_, "--model", script)

    assert (far.returncode, other.returncode) == (2, 2)
    assert "there is no 99" in far.stderr
    assert "has other token ids" in other.stderr


def test_a_trace_that_is_not_kept_is_told(kimidesk, script):
    said = kimidesk("trace", "probe", "nothere", "--model", script)

    assert said.returncode == 2
    assert "nothere" in said.stderr


@pytest.mark.slow
def test_a_belief_curve_is_measured_kept_and_exported(kimidesk, tmp_path):
    said = "<think>Three and four. That is 8. No, it is 7.\n</think>\n\nIt is \\boxed{7}."
    recitations = [
        {"match": "?", "text": said},
        {"match": "is 8.\n</think>\n\n", "text": "8}"},
        {"match": "is 7.\n</think>\n\n", "text": "7}"},
        {"match": "</think>\n\n", "text": "9}"},
        {"match": "\\boxed{", "rates": True, "logprob": -2.0},
    ]
    path = tmp_path / "probed.json"
    path.write_text(json.dumps({"thinks": True, "recitations": recitations}))
    solved = kimidesk(
        "solve", "How many?", "--answer", "7", "--json", "--model", f"scripted:{path}"
    )
    id_ = json.loads(solved.stdout)["trace"]["id"]
    model = ("--model", f"scripted:{path}")

    told = json.loads(
        kimidesk("trace", "probe", id_[:8], "--boundaries", *model, "--candidate", "1/2", "--json")
        .stdout
    )  # fmt: skip
    table = kimidesk("trace", "probe", id_[:8], "--boundaries", *model).stdout
    both = kimidesk("trace", "probe", id_[:8], "--boundaries", "--at", "3", *model)

    assert [each["text"] for each in told["trials"] if each["cue"] == 0] == ["9", "9", "8", "7"]
    assert [each["candidate"] for each in told["curves"]][:2] == ["7", "1/2"]
    assert told["candidates"][1]["spellings"] == ["1/2", "\\frac{1}{2}", "0.5"]
    assert told["dynamics"]["knew"] == told["dynamics"]["settled"] == told["boundaries"][-1]
    assert "P(7) (right)" in table
    assert "It cost" in table
    exported = json.loads(kimidesk("trace", "export", id_).stdout)["beliefs"]
    assert exported["trials"] == told["trials"]
    assert both.returncode == 2
    assert "finds its places itself" in both.stderr
