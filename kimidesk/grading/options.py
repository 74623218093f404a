"""The options of a question of choice, as they stand in its text."""

import re
from functools import lru_cache

_OPTION = re.compile(
    r"(?:^|(?<=[\s。；;，,、)?？:：]))[(（]?(?P<letter>[A-J])[)）.．、:：]\s*(?P<text>.*?)"
    r"(?=\s*(?:[\s。；;，,、)])[(（]?[A-J][)）.．、:：]|\n|\Z)",
)
_LETTER = re.compile(r"[(（]?([A-J])[)）.．]?")


@lru_cache(maxsize=64)
def options_of(question: str) -> tuple[tuple[str, str], ...]:
    """Letters with what they stand for; empty unless they are A, B and so on, in their order."""
    found = [
        (each["letter"], each["text"].strip(" 。；;，,、.")) for each in _OPTION.finditer(question)
    ]
    letters = "".join(letter for letter, _ in found)
    start = letters.rfind("A")
    if start < 0 or len(letters) - start < 2 or letters[start:] not in "ABCDEFGHIJ":
        return ()
    return tuple(each for each in found[start:] if each[1])


def said_option(answer: str, options: tuple[tuple[str, str], ...]) -> str:
    """What the option says that an answer names; "" where it names none."""
    letter = _LETTER.fullmatch(answer.strip().strip("$").strip())
    return dict(options).get(letter[1], "") if letter else ""
