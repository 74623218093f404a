"""The collection of cases: answers and whole outputs, each with the verdict that a person gives."""

import json
from pathlib import Path
from typing import Any

import pytest

from kimidesk.grading.judge import judge

LINES = Path(__file__).with_name("cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
KINDS = sorted({case["kind"] for case in CASES})


def verdict(case: dict[str, Any]) -> str:
    given = case.get("pred", case.get("output"))
    found = judge(
        given,
        case["gold"],
        finish=case.get("finish", ""),
        question=case.get("question", ""),
        bare="pred" in case,
    )
    return found.judgement.value


@pytest.mark.parametrize(
    "kind",
    # 621 of the 1,370 cases: 12 s.
    [
        pytest.param(kind, marks=[pytest.mark.slow] if kind == "cross-check" else [])
        for kind in KINDS
    ],
)
def test_every_case_of_a_kind_gets_its_verdict(kind: str):
    cases = [case for case in CASES if case["kind"] == kind]

    missed = [(case["id"], case["gold"], verdict(case)) for case in cases]

    assert [each for each, case in zip(missed, cases, strict=True) if each[2] != case["want"]] == []
