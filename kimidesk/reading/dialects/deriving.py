"""A dialect from a chat template: render it with marked thoughts and with its switches, look at
what differs.

The start of a thought is what stands between the head of an answer and the thought; its end is
what stands between the thought and the answer. A switch is a name that changes the prompt.
"""

from collections.abc import Callable
from dataclasses import replace

from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.closing import Marks, closes
from kimidesk.reading.dialects.history import turn_of
from kimidesk.reading.dialects.probing import ANSWER, REASON, TOOL, Probe, Switches
from kimidesk.reading.dialects.sheet import Form, Sheet, Source, Switch
from kimidesk.reading.dialects.switching import eager, switch_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Message

SHORT = 80  # characters; a longer difference is no mark but another wording of the head

Told = Callable[[bool], tuple[str, str] | None]
"""What others know of the marks of a template that shows none, given whether it has a switch."""


def _nobody(switched: bool) -> None:
    return None


def derive(template: ChatTemplate, told: Told = _nobody) -> Sheet:
    """The dialect of a template; `told` is asked for marks where it shows none.

    Raises Unbounded for a template that passes a bound, Refused for one that renders nothing.
    """
    probe = Probe(template)
    found, source = _marks(probe, eager(probe)), Source.DERIVED
    if found is None:
        found, source = _told(probe, told), Source.TABLE
    probe.check()
    if found is None:
        return Sheet()
    switch = switch_of(probe, found)
    asked = {} if switch is None or switch.kind != "kwarg" else {switch.name: switch.on}
    thinking = closes(probe.opening(asked), found)
    sheet = Sheet(
        name=marks.name_of(found.start),
        starts=(found.start,) if found.start else (),
        ends=(found.end,),
        prefilled=thinking is False,
        switch=switch,
        on=_default(probe, switch, found),
        source=source,
        answer=found.answer,
        form=_form(probe, found),
        fields=probe.fields,
    )
    earlier = turn_of(Message("assistant", ANSWER, thought=REASON), sheet)
    return replace(sheet, keeps=probe.keeps(earlier, asked))


def _told(probe: Probe, told: Told) -> Marks | None:
    """Marks from elsewhere. A flag that changes the prompt says that there are some."""
    switch = switch_of(probe, Marks("", ""))
    pair = told(switch is not None and (switch.on, switch.off) == (True, False))
    return None if pair is None else Marks(*pair)


def _marks(probe: Probe, most: Switches) -> Marks | None:
    for switches in (most, {}):
        for shown in probe.thoughtful(switches):
            before, _, after = shown.partition(REASON)
            start = _start(probe, before, switches)
            end, answer = _end(after, start)
            if end and (start or "/" in end):
                return Marks(start, end, answer)
    return _opened(probe, most) or _written(probe, most)


def _form(probe: Probe, found: Marks) -> Form:
    """In which form it takes an earlier thought: one that it shows, or one that it reads."""
    shown = probe.form(eager(probe), found.start) or probe.form({}, found.start)
    if shown is not None or probe.reads_thought:
        return shown or Form.FIELDS
    return Form.CONTENT if found.end.strip() in probe.handled else Form.NOWHERE


def _start(probe: Probe, before: str, switches: Switches) -> str:
    """What a thought begins with, given all that stands between the question and it."""
    last = marks.last(before)
    if marks.speaks_of_thought(last):
        return last
    for head in (probe.opening(switches), probe.opening({}), probe.answered(switches) or ""):
        if not head.strip():
            continue
        shared = _shared(before, head)
        if head[shared:].strip() and not before[shared:].strip():
            return marks.tidy(head[shared:])  # the prompt writes what history leaves out
        if before[shared:].strip() and not head[shared:].strip():
            return marks.tidy(before[shared:])
    return last


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _end(after: str, start: str) -> tuple[str, str]:
    """What a thought ends with, and what follows before the answer."""
    between, found, _ = after.partition(ANSWER)
    mark = marks.first(between, start)
    if not mark:  # it may be a sentence, as the start may be
        plain = bool(start and found) and len(between) <= SHORT and marks.is_sentence(between)
        return (marks.tidy(between), "") if plain else ("", "")
    rest = between[between.index(mark) + len(mark) :].strip()
    return mark, rest if found and len(rest) <= SHORT and TOOL not in rest else ""


def _opened(probe: Probe, most: Switches) -> Marks | None:
    """A mark that the prompt ends with, and its counterpart, which the template need not know."""
    for switches in (most, {}):
        start = marks.last(probe.opening(switches))
        end = marks.counterpart(start, probe.source) if marks.speaks_of_thought(start) else ""
        if end:
            return Marks(start, end)
    return None


def _written(probe: Probe, most: Switches) -> Marks | None:
    """Marks that the template only speaks of: in a prompt, as it looks through an answer, or as
    an empty thought that it writes somewhere."""
    for text in (probe.prompt(most) or "", probe.handled):
        for start, end in marks.pairs_in(text):
            return Marks(start, end)
    for start, end in marks.pairs_in(probe.source):
        if marks.empties(start, end, probe.source):
            return Marks(start, end)
    return None


def _default(probe: Probe, switch: Switch | None, found: Marks) -> bool:
    if switch is None or switch.kind != "kwarg":
        return closes(probe.opening({}), found) is not True
    plain = probe.prompt({})
    if plain == probe.prompt({switch.name: switch.on}):
        return True
    if switch.off is not None and plain == probe.prompt({switch.name: switch.off}):
        return False
    return closes(probe.opening({}), found) is not True
