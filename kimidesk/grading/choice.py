"""Answers that name an option: A, (B), C. 12, ABD."""

import re
from typing import NamedTuple

_ONE = re.compile(
    r"(?:\(([A-Ja-j])\)|([A-J]))(?:\s*[.:,)]\s*|\s+(?=[^A-Za-z+\-=/^_*]))?(.*)", re.DOTALL
)
_MANY = re.compile(r"\(?([A-H])(?:(?:\s|,|\\wedge)*\(?([A-H])\)?)+\)?")
_LONE = re.compile(r"\(?[A-Za-z]\)?[.)]?")


class Choice(NamedTuple):
    """A letter and what the option says, if that is written too."""

    letters: frozenset[str]
    content: str = ""


def choice_of(text: str) -> Choice | None:
    """The option that tidy text names; None for anything else."""
    if _MANY.fullmatch(text):
        letters = re.findall("[A-H]", text)
        return Choice(frozenset(letters)) if len(set(letters)) == len(letters) else None
    if found := _ONE.fullmatch(text):
        parenthesised, bare, content = found.groups()
        separated = text[found.end(0) - len(content) - 1] if content else "."
        if content and bare and separated not in ".:,) ":
            return None  # ABC, Ax: the letter is part of a word or a formula
        return Choice(frozenset({(parenthesised or bare).upper()}), content.strip())
    return None


def lone_letter(text: str) -> bool:
    """Whether text is one letter, bracketed or not."""
    return bool(_LONE.fullmatch(text))
