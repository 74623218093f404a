"""The answer is found by its surest sign, and nothing is found where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.grading.extract import find, is_placeholder


def answer(text: str) -> str | None:
    found = find(text)
    return found.answer if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"First \boxed{3}, then \boxed{4}.", "4"),
        (r"\boxed{\frac{1}{\sqrt{2}}}", r"\frac{1}{\sqrt{2}}"),
        (r"so \boxed{\{1, 2\}}", r"\{1, 2\}"),
        (r"\boxed 5", "5"),
        (r"\fbox{7}", "7"),
        (r"\boxed{5} in the form \boxed{}", "5"),
        (r"$x=\boxed{1}$ or $\boxed{-1}$", "1, -1"),
        (r"$\boxed{1}$ and $\boxed{2}$", "1, 2"),
        (r"the answer is 3, that is \boxed{4}", "4"),
    ],
)
def test_the_last_box_that_holds_something_wins(text: str, expected: str):
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is 72.", "72"),
        ("The final answer is: **73**", "73"),
        ("**Answer:** $\\frac{3}{4}$", "\\frac{3}{4}"),
        ("### Final Answer\n\n$$x = 3$$", "x = 3"),
        ("She has 4 left.\n#### 1,234", "1,234"),
        ("The answer is 12, because 3*4=12.", "12"),
        ("The answer is $1$ and $2$.", "1, 2"),
        ("The answer is (B).", "(B)"),
        ("Option B is correct.", "B"),
        ("The answer is that the train arrives at 5 o'clock.", "5"),
    ],
)
def test_a_stated_answer_is_cut_out_of_its_sentence(text: str, expected: str):
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("因此答案是18元。", "18元"),
        ("答案为：3/4", "3/4"),
        ("最终答案：**18元**", "18元"),
        ("故选：B", "B"),
        ("故选 D．", "D"),
        ("所以，正确答案是B选项。", "B"),
        ("本题的正确答案是选项C。", "C"),
        ("经过计算，结果是 -7。", "-7"),
        ("答：小明还有3个苹果。", "3"),
        ("因此，小明还剩 15 个苹果。", "15"),
        ("一共有3万个。", "3万"),
    ],
)
def test_chinese_answers_are_found(text: str, expected: str):
    assert answer(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        r"Put your answer in \boxed{}.",
        r"\boxed{answer}",
        r"\boxed{\text{your answer}}",
        r"\boxed{答案}",
        r"\boxed{\frac{1}{2",
        "Error: Failed to get response from openai/gpt-oss-120b",
        "The answer is not 5.",
        "I don't know.",
        "So 3x = 12 and",
        "So 12 + 5 * 3",
        "Is it 12?",
        "<think>so 5",
        "◁think▷ \\boxed{5}",
    ],
)
def test_nothing_is_found_where_there_is_no_answer(text: str):
    assert find(text) is None


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (r"\boxed{5}", "in a box"),
        ("The answer is 5", "stated"),
        ("That makes **5** in all, as we saw.", "in bold"),
        ("5", "as the whole text"),
        ("She sells 16 eggs and makes $18 a day.", "as the last number"),
    ],
)
def test_the_sign_is_told(text: str, how: str):
    found = find(text)

    assert found is not None
    assert found.how == how


def test_the_last_number_counts_in_short_texts_only():
    story = "They walked on and on. " * 60

    assert answer("They walked 5 miles.") == "5"
    assert find(f"{story} They walked 5 miles.") is None


def test_real_short_answers_are_no_placeholders():
    assert not any(map(is_placeholder, ["5", "A", "y", r"\pi", r"\infty", r"\emptyset", "no"]))


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str):
    found = find(text)

    assert found is None or found.answer.strip()


@given(st.text(alphabet=r"\boxed{}$*答案是 5.,=#an swe:", max_size=120))
def test_any_text_made_of_marks_can_be_looked_at(text: str):
    find(text)
