"""What is known of a family's way of thinking, before any prompt is rendered."""

from dataclasses import dataclass
from enum import StrEnum

from kimidesk.reading.names import THOUGHT_FIELDS
from kimidesk.records import Dialect, Sampling


class Source(StrEnum):
    """Where the knowledge came from."""

    DERIVED = "derived"
    """From the checkpoint's own chat template and vocabulary."""
    TABLE = "table"
    """From the table of what cannot be derived."""
    USER = "user"
    """From a file of the person's."""


class Form(StrEnum):
    """How a template takes the thought of an earlier turn; whether it shows it is its own rule."""

    FIELDS = "fields"
    """In fields of the message, such as reasoning_content."""
    PARTS = "parts"
    """As a part of the content, of type "thinking"."""
    BLOCKS = "blocks"
    """As a block of the content, of type "thoughts"."""
    CONTENT = "content"
    """Between its marks, in the text of the content, which the template looks through."""
    NOWHERE = "nowhere"


Setting = bool | int | str | None
BREAK = "\n\n"  # between a thought and its answer, where a family writes nothing else there


@dataclass(frozen=True, slots=True)
class Switch:
    """How thinking is asked for: a name that the template takes, or words in a message."""

    kind: str  # kwarg, text
    name: str  # of the kwarg; for text the role of the message that holds the words
    on: Setting
    off: Setting  # None: it cannot be turned off


@dataclass(frozen=True, slots=True)
class Sheet:
    """One family's dialect; no ends means that it does not think."""

    name: str = "plain"
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    prefilled: bool = False  # thinking, the prompt opens the thought: only its end is generated
    switch: Switch | None = None
    on: bool = False  # whether it thinks when nothing is asked
    source: Source = Source.DERIVED
    answer: str = ""  # what stands between the end of the thought and the answer, as in a channel
    keeps: bool = False  # whether the thoughts of earlier turns stay in the prompt
    sampling: Sampling | None = None  # what its vendor recommends
    form: Form = Form.FIELDS
    fields: tuple[str, ...] = THOUGHT_FIELDS  # where it looks for the thought of a message

    @property
    def thinks(self) -> bool:
        return bool(self.ends)

    def dialect(self, *, opened: bool) -> Dialect:
        """As a trace is read; `opened`: its own prompt opened the thought."""
        if not self.thinks:
            return Dialect()
        start = self.starts[0].strip() if self.starts else ""
        ends = tuple(end.strip() for end in self.ends)
        return Dialect(self.name, start, ends, opened, self.answer.strip())

    def joined(self, thought: str, answer: str) -> str:
        """A thought and an answer that were kept apart, as this family writes them."""
        if not thought:
            return answer
        if not self.thinks:
            return f"{thought}{BREAK}{answer}"
        start = "" if self.prefilled or not self.starts else f"{self.starts[0].strip()}\n"
        return f"{start}{thought}\n{self.ends[0].strip()}{self.answer or BREAK}{answer}"

    def switches(self, thinking: bool | None) -> dict[str, Setting]:
        """What the template must be given to think, or not to; None leaves it to its default.

        The default is spelled out too: some templates close the thought when nothing is said.
        """
        if self.switch is None or self.switch.kind != "kwarg":
            return {}
        wanted = self.on if thinking is None else thinking
        value = self.switch.on if wanted else self.switch.off
        if thinking is None and not isinstance(value, bool):
            return {}  # efforts have a middle, which is the default
        return {} if value is None else {self.switch.name: value}
