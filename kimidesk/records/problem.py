"""A problem, and a suite of them."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """How an output is judged: against an answer, or by what the problem brings to check it."""

    MATH = "math"
    CHOICE = "choice"  # the answer is a letter
    CODE = "code"  # tests are run
    GYM = "gym"  # a verifier of reasoning-gym


def is_whole(text: str) -> bool:
    """Whether a text can be written as UTF-8: a lone half of a surrogate pair cannot."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def mended(text: str) -> str:
    """The text without blanks around it, half characters replaced."""
    return text.encode("utf-8", "replace").decode().strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is asked, and what is expected."""

    text: str
    answer: str = ""  # the expected answer; empty when none is known
    images: tuple[str, ...] = ()  # paths
    name: str = ""  # its id in the data it came from; need not be unique
    number: int = 0  # its row in the data it came from, from 0
    task: Task = Task.MATH
    check: str = ""  # JSON that the judge of this task needs beside the answer
    subject: str = ""
    level: str = ""

    @property
    def id(self) -> str:
        """The same for the same question, whatever its answer or place: 16 hex digits."""
        joined = "\0".join((self.text, *self.images))
        return hashlib.blake2b(joined.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Suite:
    """Problems that are scored together."""

    name: str
    problems: tuple[Problem, ...]
    fingerprint: str  # of the problems and answers, 16 hex digits
    skipped: tuple[str, ...] = ()  # one sentence for each row that could not be read
