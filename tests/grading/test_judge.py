"""Equal answers are right however they are written, and different ones are wrong."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.grading.comparing import compare
from kimidesk.grading.judge import judge
from kimidesk.records import Judgement

SAME = [
    (r"\frac12", "0.5"),
    (r"\dfrac{3}{6}", "1/2"),
    ("10{,}000", "10000"),
    ("10,\\!080", "10080"),
    (r"\text{4:30 p.m.}", r"4:30 \text{ p.m.}"),
    ("x = 5", "5"),
    ("y = 2x + 1", "2x+1"),
    ("５０％", r"50\%"),
    (r"20\%", "20"),
    (r"\$18", "18 dollars"),
    (r"30^\circ", "30"),
    (r"5\text{ cm}", "5 厘米"),
    ("18元", "18"),
    ("3万", "30000"),
    (r"\text{(B)}", "B"),
    ("C. 12", "C"),
    ("C. 12", "12"),
    ("ABD", "A, D, B"),
    ("①③", "(1)(3)"),
    ("1, -2", "-2 and 1"),
    ("58,500", "500, 58"),
    (r"1 \pm \sqrt{2}", r"1-\sqrt2, 1+\sqrt2"),
    (r"\{3,1\}", "{1,3}"),
    (r"x \in [1,2)", r"1 \le x < 2"),
    (r"(-\infty,-4)\cup(0,+\infty)", r"x<-4 \text{ or } x>0"),
    (r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{bmatrix}1\\2\end{bmatrix}"),
    ("4210_7", r"4210_{7}"),
    ("4210_7", "4210"),
    (r"2\sqrt{3}", r"\sqrt{12}"),
    ("(x+1)^2", "x^2+2x+1"),
    ("2x+3y=6", "4x+6y=12"),
    ("y=2x+3", "2x-y+3=0"),
    (r"\frac{1}{1-i}", r"\frac{1+i}{2}"),
    (r"\emptyset", r"\varnothing"),
    (r"\text{East}", "east"),
    ("5!", "120"),
]
DIFFERENT = [
    ("12345678901234567890", "12345678901234567891"),
    (r"\frac{1}{2^{99}}", r"\frac{1}{2^{98}}"),
    (r"\frac{\sqrt2}{2^{99}}", r"\frac{\sqrt2}{2^{98}}"),
    ("4210_7", "4210_5"),
    ("110_2", "6"),
    (r"\{x|-2\le x<1\}", r"\{x|-2<x<1\}"),
    ("[1,2)", "(1,2)"),
    ("(1,2)", "(2,1)"),
    ("(1,2)", r"\{1,2\}"),
    ("[1,2]", r"\{1,2\}"),
    ("x>2", "y>2"),
    (r"x<-4 \text{ and } x>0", r"x<-4 \text{ or } x>0"),
    ("1,2", "1,2,3"),
    ("1, 1, 2", "1, 2, 2"),
    ("5 cm", r"5 \text{ m}"),
    ("5 hours", "5 minutes"),
    ("12 million", "12"),
    ("3万", "3"),
    ("0.333333", r"\frac13"),
    ("3.141593", r"\pi"),
    ("tea", "eat"),
    ("on", "no"),
    ("E", "e"),
    ("5", "A"),
    ("AB", "ABD"),
    ("B. 5", "C. 5"),
    ("x=5", "y=5"),
    ("x=1,y=2", "x=2,y=1"),
    ("2x+3y=6", "4x+6y=11"),
    ("1:9", "9:1"),
    ("4:30", "2:15"),
    (r"\sqrt{x^2}", "x"),
    ("a^2+b^2", "(a+b)^2"),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{pmatrix}1&2\\3&5\end{pmatrix}"),
    ("20", "0.2"),
    ("第一象限", "第二象限"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_answer_written_differently_is_right_either_way(one: str, other: str):
    for a, b in ((one, other), (other, one)):
        verdict = judge(rf"\boxed{{{a}}}", b)

        assert verdict.right, verdict


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_different_answer_is_wrong_either_way(one: str, other: str):
    for a, b in ((one, other), (other, one)):
        verdict = judge(rf"\boxed{{{a}}}", b)

        assert verdict.judgement is Judgement.WRONG, verdict


def test_an_unfinished_thought_and_a_missing_answer_are_unparsed():
    assert judge(None, "4").judgement is Judgement.UNPARSED
    assert judge(None, "4").reason == "the thought never ended"
    for output in ("", " \n", r"\boxed{}", "<think> 4"):
        verdict = judge(output, "4")
        assert verdict.judgement is Judgement.UNPARSED
        assert verdict.reason == "no answer found"


@pytest.mark.parametrize("finish", ["error", "content_filter", "timeout"])
def test_what_broke_off_has_no_answer(finish: str):
    assert judge("The answer is 4.", "4", finish=finish).judgement is Judgement.UNPARSED
    assert judge("The answer is 4.", "4", finish="stop").right


def test_a_verdict_tells_what_was_found_how_and_why():
    verdict = judge(r"So it is \boxed{\frac{2}{4}}.", "0.75")

    assert verdict.judgement is Judgement.WRONG
    assert verdict.extracted == r"\frac{2}{4}"
    assert verdict.expected == "0.75"
    assert verdict.method == "number"
    assert verdict.reason == "found in a box; different numbers"


@pytest.mark.parametrize(
    ("output", "method"),
    [
        ("4", "exact"),
        (r"\boxed{4}", "exact"),
        (r"\boxed{x=4}", "normalised"),
        (r"\boxed{\frac{8}{2}}", "number"),
        (r"\boxed{\{4\}}", "parts"),
        (r"\boxed{\log_2 16}", "math-verify"),
    ],
)
def test_the_cheapest_method_that_decides_is_named(output: str, method: str):
    assert judge(output, "4").method == method


def test_no_expected_answer_is_an_error_and_never_right():
    assert judge("4", "").judgement is Judgement.ERROR
    assert judge("", "").judgement is Judgement.ERROR


def test_a_number_too_large_to_evaluate_is_an_error_with_a_reason():
    verdict = judge(r"\boxed{9^{9^{9^9}}}", "4")

    assert verdict.judgement is Judgement.ERROR
    assert verdict.reason.startswith("TooLarge")
    assert "\n" not in verdict.reason


@pytest.mark.skipif(os.name != "posix", reason="math-verify's own limit is an alarm")
def test_a_formula_that_takes_too_long_is_given_up_and_never_right():
    """In a process of its own: an alarm that strikes inside pytest's own hooks is lost."""
    code = (
        "from kimidesk.grading.judge import judge\n"
        "verdict = judge('\\\\boxed{' + '(' * 100 + 'x' + ')' * 100 + '}', 'x+y')\n"
        "print(verdict.judgement, '|', verdict.reason)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    judgement, _, reason = done.stdout.strip().partition(" | ")

    assert judgement in ("error", "wrong")  # a fast machine finishes it
    assert reason


def test_text_is_never_executed(tmp_path):
    trap = tmp_path / "trap"
    code = f"__import__('pathlib').Path('{trap}').touch()"
    for output in (rf"\boxed{{{code}}}", code, f"The answer is {code}.", rf"\boxed{{1+{code}}}"):
        judge(output, "4")
        judge("4", output)

    assert not trap.exists()


def test_an_expected_answer_may_be_a_whole_solution():
    assert judge("18", "16 - 3 = 13 …\n#### 18").right
    assert judge("18", r"Hence \boxed{18}.").right


SIGNS = list("0123456789xyiABC+-*/^_=<>(){}[],.:;|!%$& 个万①５")
COMMANDS = [r"\frac", r"\sqrt", r"\{", r"\}", r"\pi", r"\le", r"\cup", r"\text{cm}", r"\infty"]
COMMANDS += [r"\pm", r"\boxed{", r"\begin{pmatrix}", r"\end{pmatrix}", r"\\", " and ", "_{7}"]
LATEX = st.lists(st.sampled_from(SIGNS + COMMANDS), max_size=14).map("".join)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.text(min_size=1, max_size=40))
def test_any_text_gets_a_verdict(output: str, expected: str):
    assert "\n" not in judge(output, expected).reason


@settings(deadline=None, max_examples=60)
@given(LATEX, LATEX)
def test_the_order_of_the_two_never_matters(one: str, other: str):
    def outcome(a: str, b: str) -> object:
        try:
            return compare(a, b).equal
        except Exception as error:  # noqa: BLE001  # whatever sympy raises, it raises both ways
            return type(error)

    assert outcome(one, other) == outcome(other, one)


@settings(deadline=None)
@given(LATEX)
def test_an_answer_equals_itself(text: str):
    assert compare(text, f" {text} ").equal


@settings(deadline=None)
@given(st.integers(), st.integers(min_value=1))
def test_different_integers_are_never_equal(value: int, step: int):
    assert not compare(str(value), str(value + step)).equal
    assert not compare(rf"\frac{{{value}}}{{7}}", rf"\frac{{{value + step}}}{{7}}").equal


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("The final answer is 2 * 160 = 320 hours.", "320"),
        ("So the final answer is Toulouse + Charleston = 40.", "40"),
        ("The answer is $3+4=7$.", "7"),
        ("\\boxed{12 \\times 5 = 60}", "60"),
    ],
)
def test_a_calculation_is_an_answer_of_what_it_comes_to(output: str, expected: str):
    assert judge(output, expected).judgement is Judgement.RIGHT


@pytest.mark.parametrize(
    ("output", "expected"), [("\\boxed{x^2+y^2=4}", "4"), ("\\boxed{f(2) - 1 = 3}", "3")]
)
def test_an_equation_in_unknowns_is_not_its_right_side(output: str, expected: str):
    assert judge(output, expected).judgement is Judgement.WRONG


def test_words_about_the_box_are_no_answer():
    assert judge("It is 57.\n\nThe answer is within \\boxed{}.", "42").judgement is (
        Judgement.UNPARSED
    )
