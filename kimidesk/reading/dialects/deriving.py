"""A dialect from a chat template: render it with marked thoughts and with its switches, look at
what differs.

The start of a thought is what stands between the head of an answer and the thought; its end is
what stands between the thought and the answer. A switch is a name that changes the prompt.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.probing import ANSWER, QUESTION, REASON, TOOL, Probe, Switches
from kimidesk.reading.dialects.sheet import Setting, Sheet, Source, Switch
from kimidesk.reading.template import ChatTemplate

_THOUGHTFUL = re.compile(r"think|reason|thought|effort|deliberat", re.IGNORECASE)
_AGAINST = re.compile(r"clear|truncate|strip|drop|skip|disable|without|\bno_|hide|omit")
_OFF_WORDS = ("off", "none", "no", "no_think", "nothink", "disabled", "disable", "chat", "fast")
_MODES = ("on", "enabled", "enable", "think", "thinking", "adaptive")
_ON_WORDS = (*_MODES, "max", "maximum", "xhigh", "high", "medium")  # the most of an effort first
_EFFORTS = ("low", "medium", "high")
_TEXTS = (("/think", "/no_think"), ("/think", "/nothink"), ("thinking on", "thinking off"))
_GRADED = re.compile(r"effort|strength|level")
SHORT = 80  # characters; a longer difference is no mark but another wording of the head


class Marks(NamedTuple):
    """How a thought is opened and closed, and what stands between its end and the answer."""

    start: str
    end: str
    answer: str = ""


Told = Callable[[bool], tuple[str, str] | None]
"""What others know of the marks of a template that shows none, given whether it has a switch."""


def _nobody(switched: bool) -> None:
    return None


def derive(template: ChatTemplate, told: Told = _nobody) -> Sheet:
    """The dialect of a template; `told` is asked for marks where it shows none.

    Raises Unbounded for a template that passes a bound, Refused for one that renders nothing.
    """
    probe = Probe(template)
    found, source = _marks(probe, _eager(probe)), Source.DERIVED
    if found is None:
        found, source = _told(probe, told), Source.TABLE
    probe.check()
    if found is None:
        return Sheet()
    switch = _switch(probe, found)
    asked = {} if switch is None or switch.kind != "kwarg" else {switch.name: switch.on}
    thinking = closes(probe.opening(asked), found)
    return Sheet(
        name=marks.name_of(found.start),
        starts=(found.start,) if found.start else (),
        ends=(found.end,),
        prefilled=thinking is False,
        switch=switch,
        on=_default(probe, switch, found),
        source=source,
        answer=found.answer,
        keeps=probe.keeps(asked),
    )


def _told(probe: Probe, told: Told) -> Marks | None:
    """Marks from elsewhere. A flag that changes the prompt says that there are some."""
    switch = _switch(probe, Marks("", ""))
    pair = told(switch is not None and (switch.on, switch.off) == (True, False))
    return None if pair is None else Marks(*pair)


def _eager(probe: Probe) -> dict[str, object]:
    """Every name that speaks of thinking, set so that most is shown."""
    names = [name for name in probe.names if _THOUGHTFUL.search(name)]
    return {
        name: not _AGAINST.search(name)
        for name in names
        if not probe.names[name] and not _GRADED.search(name) and "budget" not in name
    }


def _marks(probe: Probe, eager: Switches) -> Marks | None:
    for switches in (eager, {}):
        for shown in probe.thoughtful(switches):
            before, _, after = shown.partition(REASON)
            start = _start(probe, before, switches)
            end, answer = _end(after, start)
            if end and (start or "/" in end):
                return Marks(start, end, answer)
    return _written(probe, eager)


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
    if not mark:
        return "", ""
    rest = between[between.index(mark) + len(mark) :].strip()
    return mark, rest if found and len(rest) <= SHORT and TOOL not in rest else ""


def _written(probe: Probe, eager: Switches) -> Marks | None:
    """Marks that the template only speaks of: in a prompt, or in its own source."""
    for text in (probe.prompt(eager) or "", probe.source):
        for start, end in marks.pairs_in(text):
            return Marks(start, end)
    return None


def closes(opening: str, found: Marks) -> bool | None:
    """Whether an opening closes the thought (True), opens it (False), or does neither.

    `opening` is what stands between the question and the answer. An empty thought closes it
    wherever it stands: a new turn may follow.
    """
    tail = opening.rstrip()
    start, end = found.start.strip(), found.end.strip()
    if start and tail.endswith(start):
        return False
    begun = opening.rfind(start) if start else -1
    inside = opening[begun + len(start) :] if begun >= 0 else ""
    emptied = begun >= 0 and inside.lstrip().startswith(end)
    ended = bool(end) and tail.endswith(end) and marks.speaks_of_thought(end)
    answering = bool(found.answer) and tail.endswith(found.answer)
    return True if emptied or ended or answering else None


def _state(prompt: str, found: Marks) -> bool | None:
    return closes(prompt.rpartition(QUESTION)[2], found)


class _Effect(NamedTuple):
    name: str
    on: Setting
    off: Setting
    rank: tuple[int, ...]  # the smallest is the switch


def _switch(probe: Probe, found: Marks) -> Switch | None:
    effects = [
        effect
        for order, (name, texts) in enumerate(probe.names.items())
        if _THOUGHTFUL.search(name)
        and (effect := _effect(probe, found, name, texts, order)) is not None
    ]
    if effects:
        best = min(effects, key=lambda effect: effect.rank)
        return Switch("kwarg", best.name, best.on, best.off)
    return _text_switch(probe, found)


def _effect(
    probe: Probe, found: Marks, name: str, texts: Sequence[str], order: int
) -> _Effect | None:
    """What a name changes in the prompt, if it changes anything."""
    made: dict[Setting, str | None] = {
        value: probe.prompt({name: value}) for value in _values(name, texts)
    }
    seen = {value: text for value, text in made.items() if text is not None}
    if len(set(seen.values())) < 2:
        return None
    off = _pick_off(seen, found)
    on = _pick_on(seen, found, off)
    if on is None:
        return None
    turns = off is not None and _state(seen[off], found) is not _state(seen[on], found)
    preferred = ("thinking", "enable_thinking")
    place = preferred.index(name) if name in preferred else len(preferred)
    return _Effect(name, on, off, (not turns, off is None, place, order))


def _values(name: str, texts: Sequence[str]) -> list[Setting]:
    if "budget" in name:
        return [-1, 0]
    if _GRADED.search(name):
        return [*dict.fromkeys((*texts, *_EFFORTS))]
    return [*texts] or [True, False]


def _pick_off(seen: Mapping[Setting, str], found: Marks) -> Setting:
    closed = [value for value, text in seen.items() if _state(text, found)]
    if len(closed) < len(seen) and closed:
        return closed[0]
    refusals = [value for value in seen if value is False or value == 0]
    if refusals:
        return refusals[0]
    words = [word for word in _OFF_WORDS if word in seen]
    return words[0] if words and _differs(seen, words[0]) else None


def _pick_on(seen: Mapping[Setting, str], found: Marks, off: Setting) -> Setting:
    others = [value for value in seen if value != off or value is not off]
    opened = [value for value in others if _state(seen[value], found) is False]
    if opened:
        others = opened
    for word in (True, -1, *_ON_WORDS):
        if word in others and (off is None or seen[word] != seen[off]):
            return word
    return next((value for value in others if off is None or seen[value] != seen[off]), None)


def _differs(seen: Mapping[Setting, str], value: Setting) -> bool:
    return any(text != seen[value] for text in seen.values())


def _text_switch(probe: Probe, found: Marks) -> Switch | None:
    """Words in a message that the template acts on."""
    for on, off in _TEXTS:
        if off not in probe.source:
            continue
        for role in ("system", "user"):
            spoken = [_spoken(probe, role, words) for words in (on, off)]
            states = [closes(one, found) for one in spoken if one is not None]
            if len(set(states)) == 2:
                return Switch("text", role, on, off)
    return None


def _spoken(probe: Probe, role: str, words: str) -> str | None:
    """What stands between the question and the answer when a message holds these words."""
    asked = {"role": "user", "content": f"{words} {QUESTION}" if role == "user" else QUESTION}
    turns = [asked] if role == "user" else [{"role": "system", "content": words}, asked]
    made = probe.render(turns, {}, prompt=True)
    return None if made is None else made.rpartition(QUESTION)[2]


def _default(probe: Probe, switch: Switch | None, found: Marks) -> bool:
    if switch is None or switch.kind != "kwarg":
        return closes(probe.opening({}), found) is not True
    plain = probe.prompt({})
    if plain == probe.prompt({switch.name: switch.on}):
        return True
    if switch.off is not None and plain == probe.prompt({switch.name: switch.off}):
        return False
    return closes(probe.opening({}), found) is not True
