"""Dialects that a person wrote, one TOML file each.

name = "my-model"              # a regular expression, looked for in the checkpoint's name
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
        if "" in self.ends + self.start:
            raise ValueError("a mark is empty")
        re.compile(self.name)


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
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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
