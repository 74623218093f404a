"""Where a chat template puts a picture: found by rendering one between two marks.

Nobody writes a family's own placeholder: whoever evaluates a picture tells what is put around it.
What stays are the blanks around the placeholder.
"""

from dataclasses import dataclass, replace

from kimidesk.errors import Refused
from kimidesk.reading.template import ChatTemplate

_BEFORE, _AFTER, _INSIDE = "\ufdd3", "\ufdd4", "\ufdd5"  # noncharacters, which no template writes


@dataclass(frozen=True, slots=True)
class Placing:
    """How a message with pictures is written: they come first, in their order."""

    before: str = ""  # stands before each picture
    after: str = "\n"
    parts: bool = False  # the template shows no content but a list of parts
    placeholder: str = ""  # what the family writes for a picture; "" where it knows none

    def around(self, before: str, after: str) -> "Placing":
        """With these texts between each picture and the blanks."""
        return replace(self, before=self.before + before, after=after + self.after)

    def content(self, text: str, pictures: int, mark: str) -> str:
        """A message's text with a mark in place of each picture."""
        return (self.before + mark + self.after) * pictures + text


def placing_of(template: ChatTemplate) -> Placing:
    """Derived from the template; for one that knows no pictures each gets a line of its own."""
    plain = _rendered(template, _BEFORE)
    text = {"type": "text"}
    image = {"type": "image", "told": _INSIDE}
    whole = [text | {"text": _BEFORE}, image, text | {"text": _AFTER}]
    shown = _rendered(template, whole)
    parts = _BEFORE not in plain and _BEFORE in shown
    _, _, behind = shown.partition(_BEFORE)
    placeholder, found, _ = behind.partition(_AFTER)
    listed = _INSIDE in placeholder  # a template that knows no parts may print the list of them
    if not found or listed or not placeholder.strip():
        return Placing(parts=parts)
    before = placeholder[: len(placeholder) - len(placeholder.lstrip())]
    after = placeholder[len(placeholder.rstrip()) :]
    return Placing(before, after, parts, placeholder.strip())


def _rendered(template: ChatTemplate, content: object) -> str:
    if not template.source.strip():
        return ""
    try:
        return template.render_turns([{"role": "user", "content": content}], {})
    except Refused:
        return ""  # it takes no such content
