"""`kimidesk trace fork` and `kimidesk trace tree`."""

import json

import pytest

RECITATIONS = [
    {
        "match": "2+2",
        "tokens": [
            {"text": "<think>"},
            {"text": "Two", "rivals": [["Two", -0.1], ["Suppose", -2.4]]},
            {"text": " and two make four."},
        ],
        "text": " It is 4.</think>The answer is \\boxed{4}.",
    },
    {"match": "Suppose", "text": " five it is.</think>The answer is \\boxed{5}."},
]


@pytest.fixture
def solved(kimidesk, tmp_path) -> str:
    """The id of a kept trace of ten tokens."""
    path = tmp_path / "branching.json"
    path.write_text(json.dumps({"thinks": True, "recitations": RECITATIONS}))
    said = kimidesk("solve", "What is 2+2?", "--model", f"scripted:{path}", "--json")
    return json.loads(said.stdout)["trace"]["id"]


@pytest.mark.slow
def test_a_trace_is_branched_and_its_family_is_told(kimidesk, solved):
    (told,) = json.loads(kimidesk("trace", "fork", solved, "--at=1", "--rival=2", "--json").stdout)
    assert (told["parent"], told["at"], told["answer"]) == (solved, 1, "5")
    assert told["text"] == "Suppose five it is.</think>The answer is \\boxed{5}."

    said = kimidesk("trace", "fork", told["trace"], "--at", "3", "-n", "2")
    assert said.returncode == 0
    assert "5  2" in said.stdout

    family = json.loads(kimidesk("trace", "tree", told["trace"][:8], "--json").stdout)
    assert [each["parent"] for each in family] == [None, solved, told["trace"], told["trace"]]
    assert [each["start"] for each in family] == [0, 1, 3, 3]
    assert [each["seed"] for each in family] == [0, 0, 1, 2]
    assert family[1]["instead"].startswith("Two and two")
    tree = kimidesk("trace", "tree", solved).stdout
    assert "at 1: “Two and two make four. It is 4.…” → “Suppose five it is.</th" in tree
    assert "4 of" not in tree, "nothing was judged"
    shown = kimidesk("trace", "show", told["trace"]).stdout
    assert "Suppose five it is." in shown.split("## Answer")[0], "it reads from its root on"


def test_what_cannot_be_branched_is_told_and_leaves_nothing(kimidesk, solved, script):
    wrong = {
        ("--at", "1", "--rival", "9"): "there is no 9",
        ("--at", "2", "--say", "x", "--answer-now"): "does one thing",
        ("--at", "2", "--model", script): "has other token ids",
    }

    for arguments, words in wrong.items():
        said = kimidesk("trace", "fork", solved, *arguments)
        assert said.returncode == 2, said.stderr
        assert words in said.stderr
    assert len(json.loads(kimidesk("trace", "tree", solved, "--json").stdout)) == 1


@pytest.mark.model
@pytest.mark.slow
def test_the_real_checkpoint_goes_on_from_its_own_tokens(kimidesk, gguf):
    model = ("--model", str(gguf), "--threads", "1")
    asked = ("solve", "Ann has 3 apples and buys 4 more. How many has she?", "--answer", "7")
    root = json.loads(kimidesk(*asked, *model, "--max-answer-tokens", "40", "--json").stdout)
    id_, ids = root["trace"]["id"], root["tokens"]["id"]

    same = kimidesk("trace", "fork", id_, "--at", "8", "--seed", "0", *model, "--json")
    told = kimidesk("trace", "fork", id_, "--at", "8", "-n", "3", "--say", " So", *model)

    (branch,) = json.loads(same.stdout)
    exported = json.loads(kimidesk("trace", "export", branch["trace"]).stdout)
    again = min(len(ids) - 8, 12)
    assert exported["tokens"]["id"][:again] == ids[8 : 8 + again], "the parent's seed draws alike"
    assert exported["trace"]["prompt"] == root["trace"]["prompt"] + ids[:8]
    assert "right" in told.stdout
