"""Answers that name an option: A, (B), C. 12, ABD."""

import re
from typing import NamedTuple

_ONE = re.compile(
    r"(?:\(([A-Ja-j])\)|([A-J]))(?:\s*[.:,)]\s*|\s+(?=[^A-Za-z+\-=/^_*]))?(.*)", re.DOTALL
)
_MANY = re.compile(r"\(?([A-H])(?:(?:\s|,|\\wedge)*\(?([A-H])\)?)+\)?")
_SAID = re.compile(
    r"(?:the\s+)?(?:option|choice|answer)\s*(?:is\s*)?:?\s*\(?([A-J])\)?"
    r"|(?:故|所以|因此|本题|正确)*(?:答案|选项|应?选择?)\s*(?:是|为)?\s*[:：]?\s*[(（【\[]?([A-J])[)）】\]]?(?:正确|对)?"
    r"|[(（【\[]?([A-J])[)）】\]]?\s*(?:选?项)(?:正确|对|是正确的)?|[【\[]([A-J])[】\]]",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\(?([a-d])\)?[.)]?")  # not e, which is a number
_LONE = re.compile(r"\(?[A-Za-z]\)?[.)]?")


class Choice(NamedTuple):
    """A letter and what the option says, if that is written too."""

    letters: frozenset[str]
    content: str = ""


def choice_of(text: str) -> Choice | None:
    """The option that tidy text names; None for anything else."""
    if said := _SAID.fullmatch(text):
        return Choice(frozenset(next(filter(None, said.groups())).upper()))
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


def small_choice(text: str) -> Choice | None:
    """The option that a small letter names: only beside a capital one is it sure to be one."""
    found = _SMALL.fullmatch(text)
    return Choice(frozenset(found[1].upper())) if found else None


def lone_letter(text: str) -> bool:
    """Whether text is one letter, bracketed or not."""
    return bool(_LONE.fullmatch(text))
