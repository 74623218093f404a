"""What a person asks for at a token, as a change of the line that is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from kimidesk.errors import UsageError
from kimidesk.flows import Solve
from kimidesk.flows.branching import Change, hint, replacement, token_at, without
from kimidesk.gui.solve.naming import Named, Naming

translate = QCoreApplication.translate
Make = Callable[[str], Change]


@dataclass(frozen=True, slots=True)
class Question:
    """What the editor asks, and what its text makes."""

    title: str
    make: Make
    text: str | None = ""  # None: none is asked for
    count: int = 1


def replace_here(solve: Solve, at: int) -> Question:
    """Another text instead of the token and all behind it."""
    begin, stood = _begin(solve, at), solve.transcript.token_text(at)
    lead = stood[: len(stood) - len(stood.lstrip(" "))]

    def make(text: str) -> Change:
        blank = lead if text and not text[0].isspace() else ""
        return replacement(solve, begin, blank + text)

    title = translate("Branches", "Instead of “{0}”, token {1}, it says:")
    return Question(title.format(stood.strip() or "⏎", f"{at + 1:,}"), make)


def edit_sentence(solve: Solve, naming: Naming, at: int) -> Question:
    """The sentence with a token, changed; kept is all before its first change."""
    named = _sentence(naming, at)
    stood = solve.transcript.text[named.start : named.end]
    begin = named.start + len(stood) - len(stood.lstrip())
    before = stood.strip()

    def make(text: str) -> Change:
        same = _common(before, text)
        if text == before:
            raise UsageError(translate("Branches", "the sentence is as it was"))
        rest = text[same:]
        if not rest:  # its end was taken away: it goes on from there
            return Change(token_at(solve, begin + same))
        return replacement(solve, begin + same, rest)

    return Question(translate("Branches", "The sentence, changed:"), make, before)


def insert_hint(solve: Solve, at: int) -> Question:
    """A text before a token."""
    title = translate("Branches", "Before token {0} it is told:")
    return Question(title.format(f"{at + 1:,}"), lambda text: hint(solve, at, text))


def several(at: int) -> Question:
    """Several branches that differ in their draws alone."""
    title = translate("Branches", "Several branches before token {0}, each with a seed of its own")
    return Question(title.format(f"{at + 1:,}"), lambda _text: Change(at), None, 8)


def leave_out(solve: Solve, naming: Naming, at: int) -> Change:
    """Without the sentence with a token: the one after it follows at once, and it goes on."""
    named = _sentence(naming, at)
    place = naming.items.index(named) + 1
    if place == len(naming.items):
        return Change(named.first)
    after = naming.items[place]
    return without(solve, named.first, (after.first, after.last + 1))


def _sentence(naming: Naming, at: int) -> Named:
    place = naming.at(at)
    if place < 0:
        raise UsageError(
            translate("Branches", "token {0} stands in no sentence that has a name").format(at + 1),
            hint=translate("Branches", "Choose a token of the thought."),
        )
    return naming.items[place]


def _begin(solve: Solve, at: int) -> int:
    return solve.transcript.ends[at - 1] if at else 0


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
