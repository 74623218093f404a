"""The suites that ship expect what enumeration, recurrences and coordinates give."""

import importlib.util
import json
import math
import re
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from kimidesk.flows.asking import is_chinese
from kimidesk.grading.gym.expression import value_of
from kimidesk.grading.judge import judge
from kimidesk.records import Problem
from kimidesk.settings import assets_folder
from kimidesk.store import suites

OWN = ("overthinking", "guessing", "geometry")
FACTS = {
    "week": 7, "months": 12, "triangle": 3, "square": 4, "minute": 60, "hour": 60, "dozen": 12,
    "bicycle": 2, "pair": 2, "after-nine": 9 + 1, "before-five": 5 - 1, "larger": max(3, 8),
    "smallest": min(4, 1, 7), "double": 2 * 4, "half": 6 // 2, "apple": 1 + 1, "zh-week": 7,
    "zh-year": 12, "zh-day": 24, "zh-hand": 5, "zh-square": 4, "zh-after": 5 + 1,
    "zh-larger": max(9, 2), "zh-half": 8 // 2, "zh-double": 2 * 3,
}  # fmt: skip


def beside(name: str) -> ModuleType:
    """A module of computations that lies beside this test."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(name: str) -> dict[str, Problem]:
    suite = suites.read(assets_folder() / "suites" / f"{name}.jsonl", strict=True)
    return {problem.name: problem for problem in suite.problems}


def measured(answer: str) -> float:
    r"""Of an integer, a\sqrt{b}, a\pi, or \frac of these."""
    if found := re.fullmatch(r"\\frac\{(.+)\}\{(\d+)\}", answer):
        return measured(found[1]) / int(found[2])
    found = re.fullmatch(r"(\d*)(?:\\sqrt\{(\d+)\}|(\\pi))?", answer)
    assert found, answer
    value = float(found[1] or 1) * math.sqrt(int(found[2] or 1))
    return value * (math.pi if found[3] else 1)


@pytest.mark.parametrize("name", OWN)
def test_a_suite_speaks_both_languages_and_repeats_nothing(name: str):
    lines = (assets_folder() / "suites" / f"{name}.jsonl").read_text("utf-8").splitlines()
    problems = rows(name).values()

    assert len(problems) == len(lines) == len({problem.id for problem in problems})
    assert len(problems) >= (60 if name == "overthinking" else 40)
    languages = [json.loads(line)["language"] for line in lines]
    assert languages.count("zh") >= 12
    assert ["zh" if is_chinese(problem.text) else "en" for problem in problems] == languages
    assert all(problem.subject for problem in problems)


@pytest.mark.parametrize("name", OWN)
def test_the_grader_knows_every_expected_answer(name: str):
    for problem in rows(name).values():
        assert judge(rf"\boxed{{{problem.answer}}}", problem.answer).right
        assert not judge(r"\boxed{987654321}", problem.answer).right


def test_trivial_sums_are_summed():
    for problem in rows("overthinking").values():
        if problem.subject == "arithmetic":
            expression = "".join(re.findall(r"[\d+\-*/×÷]", problem.text))
            assert value_of(expression) == int(problem.answer), problem.text
        else:
            assert FACTS[problem.name] == int(problem.answer), problem.text


def test_guessing_expects_what_counting_gives():
    golds, problems = beside("own_golds").GUESSING, rows("guessing")

    assert golds.keys() == problems.keys()
    for name, count in golds.items():
        found = re.fullmatch(r"\\frac\{(\d+)\}\{(\d+)\}|(\d+)", problems[name].answer)
        assert found, name
        said = Fraction(int(found[3])) if found[3] else Fraction(int(found[1]), int(found[2]))
        assert count() == said, name


def test_geometry_expects_what_coordinates_measure():
    golds, problems = beside("own_geometry").GEOMETRY, rows("geometry")

    assert golds.keys() == problems.keys()
    for name, measure in golds.items():
        assert measure() == pytest.approx(measured(problems[name].answer), rel=1e-7), name
