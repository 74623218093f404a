"""How a family of checkpoints thinks: which marks open and close the thought, and how it is asked.

What a person wrote comes first; else it is derived from the chat template, and the table adds
what no template tells.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from kimidesk.reading.dialects import user
from kimidesk.reading.dialects.asking import asking, opens_in
from kimidesk.reading.dialects.deriving import derive
from kimidesk.reading.dialects.history import turn_of
from kimidesk.reading.dialects.sheet import Form, Setting, Sheet, Source, Switch
from kimidesk.reading.dialects.table import complete, row_of, told_of
from kimidesk.reading.template import ChatTemplate

__all__ = [
    "Form",
    "Setting",
    "Sheet",
    "Source",
    "Switch",
    "asking",
    "opens_in",
    "sheet_of",
    "turn_of",
]


LONGEST_NAME = 300  # characters of a checkpoint's name in which families are looked for


def _none() -> Iterable[str]:
    return ()


def sheet_of(
    template: ChatTemplate,
    name: str = "",
    folder: Path | None = None,
    vocabulary: Callable[[], Iterable[str]] = _none,
) -> Sheet:
    """The dialect of a checkpoint; `folder` holds the dialects that a person wrote.

    Raises Refused for a template that passes a bound or renders nothing, BadSettings for a file
    of the person's that cannot be understood.
    """
    name = name[:LONGEST_NAME]
    if folder is not None and (written := user.find(name, folder)) is not None:
        return written
    row = row_of(name)
    return complete(derive(template, told_of(row, name, vocabulary)), row)
