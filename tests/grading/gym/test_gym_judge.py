"""Answers to generated problems are right or wrong by their form; nothing in them is evaluated."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.errors import BadData
from kimidesk.grading.gym.allowed import ALLOWED, REFUSED, form_of
from kimidesk.grading.gym.expression import value_of
from kimidesk.grading.tasks import verdict_on
from kimidesk.records import Judgement, Task
from kimidesk.wire.messages import Judge

COUNTDOWN = {"numbers": [6, 61, 94, 4], "target": 309}


def judged(task: str, gold: str, output: str | None, **entry: object) -> Judgement:
    check = json.dumps({"dataset": task, "entry": {"answer": gold} | entry})
    return verdict_on(Judge("t", output, gold, Task.GYM, check)).judgement


@pytest.mark.parametrize(
    ("task", "gold", "output"),
    [
        ("chain_sum", "-4", r"So it is \boxed{-4}."),
        ("chain_sum", "-4", "<answer> -4 </answer>"),
        ("chain_sum", "1000", "The answer is 1,000."),
        ("decimal_chain_sum", "-2.2017", r"\boxed{-2.20170}"),
        ("base_conversion", "5b993", r"\boxed{\text{5B993}}"),
        ("caesar_cipher", "THOSE FROM MARS", r"\boxed{\text{THOSE FROM MARS}}"),
        ("spell_backward", "ainomma", "**ainomma**"),
        ("isomorphic_strings", "False", r"\boxed{\text{False}}"),
        ("ransom_note", "True", "<answer>true.</answer>"),
        ("number_filtering", "['14', '-48.986']", "<answer>['14.0', '-48.986']</answer>"),
        ("spiral_matrix", "4 6 7 3", r"\boxed{4, 6, 7, 3}"),
        ("rotate_matrix", "1 2\n3 4", "<answer>\n1 2\n3 4\n</answer>"),
        ("word_sorting", "thought, Only", r"\boxed{\text{thought, Only}}"),
        ("word_sequence_reversal", "go, acute", "<answer>go,acute</answer>"),
        ("dice", "737/960", r"\boxed{\frac{737}{960}}"),
        ("fraction_simplification", r"$\frac{138}{583}$", r"\boxed{138/583}"),
        ("fraction_simplification", "138/583", r"\boxed{\dfrac{138}{583}}"),
        ("prime_factorization", "2 × 2 × 3", r"\boxed{2^2 \times 3}"),
        ("prime_factorization", "139", r"\boxed{139}"),
        ("string_insertion", "EACADDDDB", "`EACADDDDB`"),
    ],
)
def test_a_right_answer_is_right_however_it_is_dressed(task: str, gold: str, output: str):
    assert judged(task, gold, output) is Judgement.RIGHT


@pytest.mark.parametrize(
    ("task", "gold", "output"),
    [
        ("chain_sum", "-4", r"\boxed{-4, -5, -6}"),  # a list that contains it
        ("chain_sum", "4", r"\boxed{40}"),
        ("spell_backward", "ainomma", r"\boxed{\text{ainomma or ammonia}}"),
        ("caesar_cipher", "THOSE FROM MARS", r"\boxed{\text{THOSE FROM MAR}}"),
        ("string_insertion", "EACADDDDB", "<answer>eacaddddb</answer>"),
        ("string_insertion", "AB", "<answer>['A', 'B']</answer>"),
        ("isomorphic_strings", "False", r"\boxed{\text{True or False}}"),
        ("number_sorting", "['2', '1']", "<answer>['1', '2']</answer>"),
        ("number_sorting", "['2', '1']", "<answer>[__import__('os').getpid()]</answer>"),
        ("word_sorting", "thought, Only", r"\boxed{\text{Only, thought}}"),
        ("dice", "1/2", r"\boxed{\frac{2}{4}}"),
        ("fraction_simplification", "1/2", "<answer>0.5</answer>"),
        ("fraction_simplification", "1/2", "<answer>1/0</answer>"),
        ("prime_factorization", "2 × 2 × 3", r"\boxed{4 \times 3}"),
        ("prime_factorization", "2 × 2 × 3", "<answer>twelve</answer>"),
        ("spiral_matrix", "1 2", "<answer>" + "1 " * 20_000 + "</answer>"),
    ],
)
def test_what_only_contains_the_answer_is_wrong(task: str, gold: str, output: str):
    assert judged(task, gold, output) is Judgement.WRONG


@pytest.mark.parametrize("task", ["chain_sum", "spell_backward", "countdown"])
def test_an_unfinished_thought_has_no_answer(task: str):
    assert judged(task, "1", None) is Judgement.UNPARSED
    assert judged(task, "1", "") is Judgement.UNPARSED


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("94*4 - 61 - 6", True),
        (r"94 \times 4 - 61 - 6", True),
        ("(94×4)−(61+6)", True),
        ("309", False),  # the target is not one of the numbers
        ("94*4 - 61 - 6*1", False),
        ("94*4 - 61 - 3 - 3", False),
        ("94*4 - 61", False),
        ("4*94 - 67", False),
        ("94*4 - 61 - 6)", False),
        ("6/(4-4)", False),
        ("(94**4)**(61**94)", False),
        ("__import__('os').system('true')", False),
    ],
)
def test_a_countdown_uses_each_number_once_and_meets_its_target(expression: str, right: bool):
    verdict = judged("countdown", "", f"<answer>{expression}</answer>", **COUNTDOWN)

    assert verdict is (Judgement.RIGHT if right else Judgement.WRONG)


@pytest.mark.parametrize(
    ("palindrome", "right"), [("oucuo", True), ("uocou", True), ("ouuo", False), ("coouu", False)]
)
def test_any_palindrome_of_all_the_letters_is_right(palindrome: str, right: bool):
    output = rf"\boxed{{\text{{{palindrome}}}}}"

    verdict = judged("palindrome_generation", "oucuo", output, letters=list("couou"))

    assert verdict is (Judgement.RIGHT if right else Judgement.WRONG)


def test_a_check_that_cannot_be_read_is_an_error_of_the_grader():
    verdict = verdict_on(Judge("t", "1", "1", Task.GYM, "{oops"))

    assert verdict.judgement is Judgement.ERROR
    assert "check" in verdict.reason


@pytest.mark.parametrize("task", sorted(REFUSED))
def test_a_refused_task_says_why_and_what_is_allowed(task: str):
    with pytest.raises(BadData) as caught:
        form_of(task)

    assert REFUSED[task] in caught.value.what
    assert "chain_sum" in caught.value.hint


def test_nothing_is_allowed_and_refused():
    assert not set(ALLOWED) & set(REFUSED)


def test_a_misspelt_task_is_guessed():
    with pytest.raises(BadData, match="Did you mean chain_sum"):
        form_of("chainsum")


@settings(max_examples=30)  # sympy may look at a number
@given(st.sampled_from(sorted(ALLOWED)), st.text(max_size=60))
def test_no_output_ends_the_judge(task: str, output: str):
    judged(task, "7", output, numbers=[1, 2], target=3, letters=["a"])


sums = st.recursive(
    st.integers(0, 99).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({''.join(t)})"),
    max_leaves=8,
)


@given(sums)
def test_an_expression_is_worth_what_python_says(text: str):
    assert value_of(text) == eval(text)  # noqa: S307 — of our own making
