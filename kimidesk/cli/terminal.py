"""What may be written to a terminal."""

import re

from rich.console import Console

PIPE = 160  # columns where nobody looks: lines for grep must be whole
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """The text without control characters: a checkpoint must not steer the terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def wide() -> Console:
    """A console for tables of what a checkpoint or a file says: nothing in them is markup."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE)
    return console
