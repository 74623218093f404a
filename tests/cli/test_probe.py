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
