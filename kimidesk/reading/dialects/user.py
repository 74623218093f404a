"""Dialects that a person wrote, one TOML file each.

name = "my-model"              # a regular expression, looked for in the checkpoint's name; bounded
start = ["<reason>"]
ends = ["</reason>"]
prefilled = false              # whether the prompt already opens the thought
default = "on"
answer = ""                    # what stands between the end of the thought and the answer
[switch]
kwarg = "enable_thinking"      # or: text = "system", with words for on and off
on = true
off = false
"""

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from kimidesk.errors import BadSettings
from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.sheet import Sheet, Source, Switch

LARGEST = 64 << 10  # bytes of a file
LONGEST = 200  # characters of an expression or a mark
MOST_MARKS = 16
# What a search may try on a name of 300 characters, as a power of two beside the 300 places where
# it may begin: a repeat has 300 ways, an option or an alternative two. No bound on time can stop a
# search that has begun.
COSTLIEST = 18
_REPEAT, _CHOICE = re.compile(r"[*+{]"), re.compile(r"\||(?<!\()\?")
_ENDLESS = re.compile(r"\)[*+?{]|\\[1-9]|\(\?P=")  # a repeated group, a reference to one
_Setting = bool | int | str | None


class _Switch(msgspec.Struct, forbid_unknown_fields=True):
    on: _Setting = None
    off: _Setting = None
    kwarg: str = ""
    text: Literal["", "system", "user"] = ""

    def __post_init__(self) -> None:
        if bool(self.kwarg) == bool(self.text):
            raise ValueError("a switch has either kwarg or text")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    ends: list[str]
    start: list[str] = []
    prefilled: bool = False
    default: Literal["on", "off"] = "on"
    answer: str = ""
    switch: _Switch | None = None

    def __post_init__(self) -> None:
        marks_ = [*self.ends, *self.start]
        if "" in marks_:
            raise ValueError("a mark is empty")
        if len(marks_) > MOST_MARKS or max(map(len, (*marks_, self.answer))) > LONGEST:
            raise ValueError(f"at most {MOST_MARKS} marks of {LONGEST} characters are read")
        _check_expression(self.name)


def _check_expression(pattern: str) -> None:
    re.compile(pattern)
    if len(pattern) > LONGEST or _ENDLESS.search(pattern):
        raise ValueError(
            f"name must have at most {LONGEST} characters, and repeat no group: such an expression"
            " may search without end"
        )
    if 8 * len(_REPEAT.findall(pattern)) + len(_CHOICE.findall(pattern)) > COSTLIEST:
        raise ValueError("name may hold two of * + { at most, and few of ? and |")


def find(name: str, folder: Path) -> Sheet | None:
    """The dialect of the first file, by its name, that knows this checkpoint.

    Raises BadSettings for a file that cannot be understood.
    """
    for path in sorted(folder.glob("*.toml")):
        told = _read(path)
        if re.search(told.name, name, re.IGNORECASE):
            return _sheet(told)
    return None


def _read(path: Path) -> _File:
    try:
        if path.stat().st_size > LARGEST:
            raise BadSettings(f"{path} is larger than {LARGEST:,} bytes", hint="Mend or delete it.")
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (OSError, RecursionError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}", hint="Mend or delete it.") from error
    except (msgspec.ValidationError, re.error) as error:
        raise BadSettings(f"{path} is no dialect: {error}", hint="Mend or delete it.") from error


def _sheet(told: _File) -> Sheet:
    switch = told.switch
    return Sheet(
        name=marks.name_of("".join(told.start)),
        starts=tuple(told.start),
        ends=tuple(told.ends),
        prefilled=told.prefilled,
        switch=None
        if switch is None
        else Switch(
            "kwarg" if switch.kwarg else "text", switch.kwarg or switch.text, switch.on, switch.off
        ),
        on=told.default == "on",
        source=Source.USER,
        answer=told.answer,
    )
