"""How a chat template is asked to think: a name that it takes, or words in a message.

A name is a switch when it speaks of thinking and changes the prompt, or when it opens or closes the
thought, whatever it is called.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kimidesk.reading.dialects.closing import Marks, closes, state
from kimidesk.reading.dialects.probing import QUESTION, Probe
from kimidesk.reading.dialects.sheet import Setting, Switch

_THOUGHTFUL = re.compile(r"think|reason|thought|effort|deliberat", re.IGNORECASE)
_GRADED = re.compile(r"effort|strength|level")
_COUNTED = re.compile(r"budget|tokens")
_AGAINST = re.compile(r"clear|truncate|strip|drop|skip|disable|without|\bno_|hide|omit")
_OFF_WORDS = ("off", "none", "no", "no_think", "nothink", "disabled", "disable", "chat", "fast")
_MODES = ("on", "enabled", "enable", "think", "thinking", "adaptive")
_ON_WORDS = (*_MODES, "max", "maximum", "xhigh", "high", "medium")  # the most of an effort first
_EFFORTS = ("low", "medium", "high")
_PAIRS = (
    ("on", "off"),
    ("enabled", "disabled"),
    ("enable", "disable"),
    ("thinking", "chat"),
    ("think", "no_think"),
    ("think", "nothink"),
    ("yes", "no"),
)
_SPELLED = {"true", "false"}  # of a flag that is compared as a text
_OFF_SPOKEN = re.compile(r"/no[-_]?think(?:ing)?\b|/think[-_]off\b|(?:\b\w+ )?\bthinking off\b")
_NEGATION = re.compile(r"(?<=/)no[-_]?|(?<=[-_ ])off\b")
MOST_TRIED = 24  # names that do not speak of thinking; known templates take at most 15


class _Effect(NamedTuple):
    name: str
    on: Setting
    off: Setting
    turns: bool  # between a thought that is closed and one that is not
    rank: tuple[int, ...]  # the smallest is the switch


def eager(probe: Probe) -> dict[str, object]:
    """Every name that speaks of thinking, set so that most is shown."""
    names = [name for name in probe.names if _THOUGHTFUL.search(name)]
    return {
        name: not _AGAINST.search(name)
        for name in names
        if not probe.names[name] and not _GRADED.search(name) and not _COUNTED.search(name)
    }


def switch_of(probe: Probe, found: Marks) -> Switch | None:
    """The name, or the words, that turn thinking on and off; None where there are none."""
    speaking = [name for name in probe.names if _THOUGHTFUL.search(name)]
    effects = _effects(probe, found, speaking)
    if found.end and not any(effect.turns for effect in effects):
        others = [name for name in probe.names if name not in speaking][:MOST_TRIED]
        effects += [effect for effect in _effects(probe, found, others) if effect.turns]
    if effects:
        best = min(effects, key=lambda effect: effect.rank)
        return Switch("kwarg", best.name, best.on, best.off)
    return _text_switch(probe, found)


def _effects(probe: Probe, found: Marks, names: Iterable[str]) -> list[_Effect]:
    made = (_effect(probe, found, name, order) for order, name in enumerate(names))
    return [effect for effect in made if effect is not None]


def _effect(probe: Probe, found: Marks, name: str, order: int) -> _Effect | None:
    """What a name changes in the prompt, if it changes anything."""
    texts = probe.names[name]
    told = _tried(probe, found, name, order, _values(name, texts))
    paired = [word for pair in _PAIRS for word in pair if set(pair) & set(texts)]
    if not paired or (told is not None and told.off is not None):
        return told
    return _tried(probe, found, name, order, [*texts, *paired]) or told


def _tried(
    probe: Probe, found: Marks, name: str, order: int, values: Sequence[Setting]
) -> _Effect | None:
    made = {value: probe.prompt({name: value}) for value in values}
    seen = {value: text for value, text in made.items() if text is not None}
    if len(set(seen.values())) < 2:
        return None
    off = _pick_off(seen, found)
    on = _pick_on(seen, found, off)
    if on is None:
        return None
    turns = off is not None and state(seen[off], found) is not state(seen[on], found)
    preferred = ("thinking", "enable_thinking")
    place = preferred.index(name) if name in preferred else len(preferred)
    return _Effect(name, on, off, turns, (not turns, off is None, place, order))


def _values(name: str, texts: Sequence[str]) -> list[Setting]:
    if _COUNTED.search(name):
        return [-1, 0]
    if _GRADED.search(name):
        return [*dict.fromkeys((*texts, *_EFFORTS))]
    if set(texts) <= _SPELLED:
        return [True, False]
    return [*texts]


def _pick_off(seen: Mapping[Setting, str], found: Marks) -> Setting:
    closed = [value for value, text in seen.items() if state(text, found)]
    if len(closed) < len(seen) and closed:
        return closed[0]
    refusals = [value for value in seen if value is False or value == 0]
    if refusals:
        return refusals[0]
    words = [word for word in _OFF_WORDS if word in seen]
    return words[0] if words and _differs(seen, words[0]) else None


def _pick_on(seen: Mapping[Setting, str], found: Marks, off: Setting) -> Setting:
    others = [value for value in seen if value != off or value is not off]
    opened = [value for value in others if state(seen[value], found) is False]
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
    for off in dict.fromkeys(_OFF_SPOKEN.findall(probe.source)):
        on = _NEGATION.sub(lambda no: "on" if no[0] == "off" else "", off)
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
