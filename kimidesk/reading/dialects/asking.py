"""Asking a checkpoint to think or not, and seeing whether its prompt already opens the thought."""

from collections.abc import Sequence
from dataclasses import replace

from kimidesk.reading.dialects.sheet import Setting, Sheet, Source
from kimidesk.records import Message


def asking(
    sheet: Sheet, messages: Sequence[Message], thinking: bool | None
) -> tuple[tuple[Message, ...], dict[str, Setting]]:
    """The messages and the switches that ask for a thought (True), for none, or for neither."""
    switch = sheet.switch
    if switch is None or switch.kind == "kwarg" or thinking is None:
        return tuple(messages), sheet.switches(thinking)
    words = switch.on if thinking else switch.off
    if words is None:  # it cannot be turned off
        return tuple(messages), {}
    places = [place for place, one in enumerate(messages) if one.role == switch.name]
    if not places:
        return (Message("system", str(words)), *messages), {}
    place = places[0] if switch.name == "system" else places[-1]
    told = replace(messages[place], content=f"{messages[place].content} {words}")
    return (*messages[:place], told, *messages[place + 1 :]), {}


def opens_in(prompt: str, sheet: Sheet) -> bool:
    """Whether this very prompt, rendered, leaves the thought open; a person's word goes first."""
    if sheet.source is Source.USER and sheet.prefilled:
        return True
    tail = prompt.rstrip()
    return any(tail.endswith(start.strip()) for start in sheet.starts)
