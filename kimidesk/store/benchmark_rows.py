"""Rows of published benchmarks: options, code with tests, lists of answers, conversations.

A row is known by its fields, not by its file's name. What is said here is what the rows of a
benchmark mean; the usual names of plain fields are in `suites`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kimidesk.records import Task

Row = Mapping[str, object]
LETTERS = "ABCDEFGHIJ"
SUBJECT = ("subject", "subfield", "category", "domain", "subset_for_metrics", "type", "topic")
LEVEL = ("level", "difficulty", "grade")

_OPTION = re.compile(r"(?:^|\s)\(?([A-J])[).．、:]\s*(.*?)(?=\s+\(?[A-J][).．、:]\s|\Z)", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row asks, and what is right; "" where the plain fields tell it."""

    text: str = ""
    answer: str = ""
    task: Task = Task.MATH
    check: str = ""


def reading_of(row: Row) -> Reading | None:
    """What a row of a known kind says; None for a plain one."""
    for read in (_human_eval, _mbpp, _choice, _lettered, _olympiad, _conversation, _passage):
        if found := read(row):
            return found
    return None


def placed(row: Row) -> tuple[str, str]:
    """Subject and level of a row, as words; "" where it has none."""
    subject, level = (_first(row, names) for names in (SUBJECT, LEVEL))
    return subject, level


def _human_eval(row: Row) -> Reading | None:
    prompt, tests, name = (row.get(field) for field in ("prompt", "test", "entry_point"))
    if not (isinstance(prompt, str) and isinstance(tests, str) and isinstance(name, str)):
        return None
    told = {"kind": "humaneval", "prompt": prompt, "tests": tests, "entry_point": name}
    return Reading(
        f"Complete this Python function.\n\n```python\n{prompt.rstrip()}\n```",
        _plain(row.get("canonical_solution")),
        Task.CODE,
        json.dumps(told),
    )


def _mbpp(row: Row) -> Reading | None:
    asked = row.get("prompt") or row.get("text")
    tests = row.get("test_list") or row.get("test")
    if not isinstance(asked, str) or not isinstance(tests, list) or not row.get("code"):
        return None
    asserts = [each for each in tests if isinstance(each, str)]
    imports = row.get("test_imports") or row.get("test_setup_code") or ""
    before = imports if isinstance(imports, list) else [imports]
    lines = [line for line in map(str, before) if line.strip()] + asserts
    told = {"kind": "mbpp", "prompt": asked, "tests": "\n".join(lines), "entry_point": ""}
    shown = "\n".join(asserts)
    return Reading(
        f"{asked.strip()}\n\nYour code should pass these tests:\n\n```python\n{shown}\n```",
        _plain(row.get("code")),
        Task.CODE,
        json.dumps(told),
    )


def _choice(row: Row) -> Reading | None:
    options = _options(row.get("options") or row.get("choices"))
    question = _first(row, ("question", "problem", "query"))
    gold = _first(row, ("answer", "label", "gold", "target", "correct"))
    if len(options) < 2 or not question or not gold:
        return None
    answer = _letter(gold, options)
    if not answer:
        return None
    context = _plain(row.get("passage") or row.get("context"))
    lines = [f"({letter}) {text}" for letter, text in zip(LETTERS, options, strict=False)]
    return Reading("\n".join(filter(None, (context, question, *lines))), answer, Task.CHOICE)


def _lettered(row: Row) -> Reading | None:
    """The options stand in the question, the letter beside the answer."""
    letter, question = _plain(row.get("choice_answer")), _first(row, ("question", "problem"))
    if not re.fullmatch(r"[A-J]+", letter) or not question:
        return None
    return Reading(question, letter, Task.CHOICE)


def _olympiad(row: Row) -> Reading | None:
    golds, question = row.get("final_answer"), _plain(row.get("question"))
    if not isinstance(golds, list) or not golds or not question or "answer_type" not in row:
        return None
    answers = [text for text in map(_plain, golds) if text]
    unit = _plain(row.get("unit"))
    answer = ", ".join(answers)
    if unit and len(answers) == 1:
        answer = f"{answer} {unit}"
    context = _plain(row.get("context"))
    return Reading("\n\n".join(filter(None, (context, question))), answer)


def _conversation(row: Row) -> Reading | None:
    turns = row.get("messages")
    if not isinstance(turns, list):
        return None
    asked = [
        _plain(turn.get("content"))
        for turn in turns
        if isinstance(turn, Mapping) and turn.get("role") == "user"
    ]
    return Reading(asked[-1], "") if asked and asked[-1] else None


def _passage(row: Row) -> Reading | None:
    passage, question = _plain(row.get("passage")), _plain(row.get("question"))
    return Reading(f"{passage}\n\n{question}") if passage and question else None


def _options(value: object) -> list[str]:
    """Of a table, a list, a list in a string, or a line `A) 1 B) 2`."""
    if isinstance(value, Mapping):
        letters = [letter for letter in LETTERS if _plain(value.get(letter))]
        if "text" in value:  # {"label": ["A", "B"], "text": ["1", "2"]}
            return _options(value["text"])
        return [_plain(value[letter]) for letter in letters]
    if isinstance(value, list):
        return [re.sub(r"^\(?[A-J][).．、:]\s*", "", _plain(each)) for each in value]
    if isinstance(value, str) and value.startswith("["):
        return [one or other for one, other in _QUOTED.findall(value)]
    if isinstance(value, str):
        found = _OPTION.findall(value)
        in_order = "".join(letter for letter, _ in found) == LETTERS[: len(found)]
        return [text.strip() for _, text in found] if in_order else []
    return []


def _letter(gold: str, options: list[str]) -> str:
    """The letter of the right option, also where its text or its number is told."""
    bare = re.sub(r"[\s,，、()（）.]", "", gold)
    if re.fullmatch(r"[A-J]+", bare):
        return bare if all(LETTERS.index(each) < len(options) for each in bare) else ""
    if gold.strip() in options:
        return LETTERS[options.index(gold.strip())]
    return ""


def _first(row: Row, names: tuple[str, ...]) -> str:
    lower = {str(name).lower(): value for name, value in row.items()}
    return next((text for text in (_plain(lower.get(name)) for name in names) if text), "")


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""
