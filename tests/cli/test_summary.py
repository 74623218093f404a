"""A tally in words."""

from kimidesk.cli.summary import alarm, as_json, rows
from kimidesk.grading.tally import tally
from kimidesk.records import Ended
from tests.grading.sampled import sample


def cut(count: int, of: int):
    cut_off = {"ended": Ended.BUDGET, "right": None, "answer": ""}
    return tally(sample(n, **(cut_off if n < count else {})) for n in range(of))


def test_a_budget_that_decides_the_score_is_told():
    assert alarm(cut(2, 100)) is None
    level, sentence = alarm(cut(3, 100))
    assert (level, "97.0 %" in sentence, "100.0 %" in sentence) == ("watch", True, True)
    assert alarm(cut(11, 100))[0] == "red"
    assert "the token budget decides" in dict(rows(cut(11, 100)))["cut off"]


def test_both_accuracies_and_every_finish_are_told():
    told = dict(rows(cut(3, 100), 120))

    assert told["accuracy"].startswith("97.0 %")
    assert told["accuracy of the finished"].startswith("100.0 %")
    assert told["finish"] == "97 stop (97.0%), 3 length (3.0%)"
    assert told["INCOMPLETE"].startswith("20 of 120")


def test_repeats_are_told_with_their_intervals_and_how_votes_count():
    told = dict(rows(tally(sample(n, r, right=(n + r) % 2 > 0) for n in range(6) for r in (0, 1))))

    assert {"avg@2", "pass@2", "pass^2", "maj@2", "cons@2", "cons@2 by confidence"} <= set(told)
    assert "no answer is no vote" in told["votes"]


def test_an_analysis_adds_its_efficiencies():
    analysis = {"metrics": {"underthinking": {"wrong": {"of": 4, "mean": 0.25}}}}

    assert dict(rows(cut(0, 4), analysis=analysis))["underthinking"].startswith("0.250")


def test_json_has_texts_for_names():
    told = as_json(tally([sample(0), sample(0, 1)]))
    assert list(told["pass_at"]) == list(told["intervals"]["pass_at"]) == ["1", "2"]
