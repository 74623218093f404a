"""`kimidesk trace importance` and `kimidesk trace budget`, as a person runs them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kimidesk.cli.trace import trace
from kimidesk.client.keeping import keep_whole
from kimidesk.errors import NotFound, UsageError
from kimidesk.records import Problem
from kimidesk.store import Desk
from tests.flows.reciting import Recital

# A fresh worker of a script does not know the words of the problem: nothing can be matched to them.
TWO = [
    {"match": "", "text": "Two and two. So it is four. The answer is \\boxed{4}."},
    {"match": "", "text": "Two and two. Perhaps it is five. The answer is \\boxed{5}."},
    {"match": "is \\boxed{", "text": "4} and more"},
]


def run(*arguments: str) -> Result:
    """`kimidesk trace …` in this process; its worker and grader are true ones."""
    return CliRunner().invoke(trace, arguments)


@pytest.fixture
def solved(tmp_path: Path) -> str:
    """The id of a kept trace of a checkpoint that writes no thought; odd seeds say five."""
    recital = Recital(tmp_path / "script.json", TWO)
    grown = recital.solved(Problem("What is 2+2?", "4"))
    desk = Desk.open()
    keep_whole(desk, grown)
    desk.close()
    return grown.trace.id


def test_importance_is_told_kept_and_gone_on_with(solved: str):
    ask = ("importance", solved, "--sentence", "2", "--price", "full")

    first = json.loads(run(*ask, "--rollouts", "2", "--json").stdout)
    more = run(*ask, "--rollouts", "4")
    again = run(*ask, "--rollouts", "4", "--json")

    assert first["importance"]["difference"]["value"] == 1.0
    assert first["text"] == "So it is four."
    assert len(first["rollouts"]) == 4
    assert more.stderr.startswith("4 to draw: about "), "four are there already"
    assert "importance          +1.00" in more.stdout
    assert "Perhaps it is five." in more.stdout
    assert again.stderr.startswith("0 to draw")
    assert len(json.loads(again.stdout)["rollouts"]) == 8


def test_without_a_sentence_they_are_listed(solved: str):
    said = run("importance", solved)

    assert said.exit_code == 0
    assert "So it is four." in said.stdout


def test_the_bill_runs_nothing(solved: str):
    one = run("importance", solved, "--at", "4", "--bill")
    two = run("budget", solved, "--budgets", "0,4", "--bill")

    assert one.stderr.startswith("40 to draw")
    assert "to draw: about" in two.stderr
    assert one.stdout == two.stdout == ""


def test_a_sentence_that_is_not_there_is_told(solved: str):
    far = run("importance", solved, "--sentence", "9")
    token = run("importance", solved, "--at", "999")

    assert isinstance(far.exception, UsageError)
    assert "the trace has 3" in str(far.exception)
    assert "token 999 stands in no sentence" in str(token.exception)


def test_budgets_are_tried_kept_as_traces_and_gone_on_with(solved: str):
    ask = ("budget", solved, "--ways", "cut,rerun", "--seeds", "2")

    first = json.loads(run(*ask, "--budgets", "0,4", "--json").stdout)
    again = run(*ask, "--budgets", "0,4,6")

    places = {(each["way"], each["budget"]) for each in first["points"]}
    assert {("own", 11), ("cut", 0), ("cut", 4), ("rerun", 0), ("rerun", 4)} == places
    assert first["figures"]["cut"]["performance"] == 1.0
    assert again.stderr.startswith("4 to draw")
    assert "performance" in again.stdout
    cut = next(each for each in first["runs"] if each["way"] == "cut" and each["budget"] == 4)
    kept = json.loads(run("export", cut["trace"]).stdout)
    assert kept["trace"]["fork"] == {"parent": solved, "at": 4, "instead": ""}
    assert kept["verdict"]["judgement"] == "right"


def test_ways_and_budgets_that_are_none_are_told(solved: str):
    way = run("budget", solved, "--ways", "cut,fast")
    number = run("budget", solved, "--budgets", "1,many")
    none = run("budget", "nothere")

    assert isinstance(way.exception, UsageError)
    assert "there is no way 'fast'" in str(way.exception)
    assert number.exit_code == 2
    assert "'many' is not a number of tokens" in number.output
    assert isinstance(none.exception, NotFound)


def test_another_checkpoint_is_refused(solved: str, script: str):
    said = run("importance", solved, "--sentence", "1", "--model", script)

    assert isinstance(said.exception, UsageError)
    assert "has other token ids" in str(said.exception)


@pytest.mark.model
@pytest.mark.slow
def test_the_real_checkpoint_weighs_a_sentence_and_tries_budgets(kimidesk, gguf: Path):
    model = ("--model", str(gguf), "--threads", "1")
    problem = "Ann has 3 apples and buys 4 more. How many apples has she now?"
    asked = ("solve", problem, "--answer", "7", "--max-answer-tokens", "60", "--json")
    id_ = json.loads(kimidesk(*asked, *model).stdout)["trace"]["id"]

    for price in ("forced", "short", "full"):
        ask = ("importance", id_, *model, "--sentence", "1", "--price", price)
        said = json.loads(run(*ask, "--rollouts", "2", "--json").stdout)
        assert len(said["rollouts"]) == 4  # what is answered differs between processors
        assert all(each["tokens"] > 0 and not each["trouble"] for each in said["rollouts"])
        assert all(each["right"] == (each["key"] == "7") for each in said["rollouts"])
    ask = ("budget", id_, *model, "--budgets", "0,20", "--seeds", "1", "--waits", "1", "--json")
    told = json.loads(run(*ask).stdout)
    assert {each["way"] for each in told["points"]} == {"own", "cut", "wait", "none", "rerun"}
    assert all(not each["trouble"] for each in told["runs"])
