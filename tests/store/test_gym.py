"""Generated suites: the same text is the same suite, and its expected answers are judged right."""

import json
import math
from fractions import Fraction

import pytest

from kimidesk.errors import BadData
from kimidesk.grading.gym.allowed import ALLOWED, Form
from kimidesk.grading.gym.expression import value_of
from kimidesk.grading.tasks import verdict_on
from kimidesk.records import Judgement, Problem, Task
from kimidesk.store.gym import suite_of
from kimidesk.wire.messages import Judge


def judged(problem: Problem, output: str) -> Judgement:
    return verdict_on(Judge("t", output, problem.answer, Task.GYM, problem.check)).judgement


@pytest.mark.parametrize("spec", ["game_of_life_halting", "gym:nothing?size=2", ""])
def test_a_task_that_is_not_allowed_is_named_without_the_package(spec: str):
    with pytest.raises(BadData, match="Allowed are"):
        suite_of(spec)


@pytest.mark.parametrize("rest", ["size", "size=", "=3"])
def test_fields_must_be_pairs(rest: str):
    with pytest.raises(BadData, match="FIELD=VALUE"):
        suite_of(f"gcd?{rest}")


@pytest.mark.parametrize("size", ["0", "-1", "1000000", "1.5", "many", "true"])
def test_a_size_has_bounds(size: str):
    with pytest.raises(BadData, match="size"):
        suite_of(f"gcd?size={size}")


@pytest.fixture(scope="module")
def gym():
    return pytest.importorskip("reasoning_gym")


def test_the_same_text_is_the_same_suite(gym: object):
    one, same, other = (suite_of(f"gym:chain_sum?min_terms=2,size=9,seed={n}") for n in (1, 1, 2))

    assert one == same
    assert one.fingerprint != other.fingerprint
    assert one.name == "gym:chain_sum"
    assert len(one.problems) == 9


def test_a_check_tells_which_problem_it_is(gym: object):
    problem = suite_of("gym:gcd?size=3,seed=5").problems[2]

    check = json.loads(problem.check)
    assert (check["dataset"], check["index"]) == ("gcd", 2)
    assert check["config"] == {"size": 3, "seed": 5}
    assert check["entry"]["answer"] == problem.answer


def test_lists_may_be_fields(gym: object):
    suite = suite_of('fraction_simplification?styles=["plain"],size=5')

    assert all("/" in problem.answer for problem in suite.problems)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [("chain_sum?min_term=3", "min_terms"), ("chain_sum?min_terms=9", "max_terms")],
)
def test_fields_that_do_not_fit_are_told(gym: object, spec: str, hint: str):
    with pytest.raises(BadData, match=hint):
        suite_of(spec)


@pytest.mark.parametrize("task", sorted(ALLOWED))
def test_expected_answers_are_right_and_what_contains_them_is_not(gym: object, task: str):
    for problem in suite_of(f"{task}?size=4,seed=3").problems:
        assert judged(problem, f"<answer>{problem.answer}</answer>") is Judgement.RIGHT
        if "\n" not in problem.answer and ALLOWED[task] is not Form.TRUTH:
            boxed = problem.answer.strip("$")
            assert judged(problem, rf"\boxed{{{boxed}}}") is Judgement.RIGHT
        for wrong in ("", "banana", f"{problem.answer}, {problem.answer} or 12345"):
            assert judged(problem, f"<answer>{wrong}</answer>") is not Judgement.RIGHT


@pytest.mark.parametrize("task", sorted(ALLOWED))
def test_what_is_right_here_has_full_marks_there(gym, task: str):
    dataset = gym.create_dataset(task, size=4, seed=3)

    for index in range(4):
        assert dataset.score_answer(dataset[index]["answer"], dataset[index]) == 1.0


def test_expected_answers_are_what_arithmetic_says(gym):
    for task, said in (("gcd", math.gcd), ("lcm", math.lcm)):
        dataset = gym.create_dataset(task, size=20, seed=1)
        assert all(
            int(entry["answer"]) == said(*entry["metadata"]["numbers"])
            for entry in map(dataset.__getitem__, range(20))
        )
    bits = gym.create_dataset("count_bits", size=20, seed=1)
    for entry in map(bits.__getitem__, range(20)):
        assert int(entry["answer"]) == entry["metadata"]["number"].bit_count()
    fractions = gym.create_dataset("fraction_simplification", size=20, seed=1)
    for told in (fractions[index]["metadata"] for index in range(20)):
        assert Fraction(told["numerator"], told["denominator"]) == Fraction(
            told["simplified_numerator"], told["simplified_denominator"]
        )
    for task in ("chain_sum", "basic_arithmetic", "products"):
        sums = gym.create_dataset(task, size=20, seed=1)
        for entry in map(sums.__getitem__, range(20)):
            assert value_of(entry["metadata"]["expression"]) == int(entry["answer"])
    bases = gym.create_dataset("base_conversion", size=20, seed=1)
    for entry in map(bases.__getitem__, range(20)):
        told = entry["metadata"]
        assert int(told["source_repr"], told["source_base"]) == int(
            entry["answer"], told["target_base"]
        )
    letters = gym.create_dataset("letter_counting", size=20, seed=1)
    for entry in map(letters.__getitem__, range(20)):
        told = entry["metadata"]
        text = " ".join(told["span"]).lower()
        assert text.count(told["target_letter"]) == int(entry["answer"])
