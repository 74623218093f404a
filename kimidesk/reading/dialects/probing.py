"""Rendering a chat template with marked messages and switches, to see what it makes of them.

A rendering that the template refuses is None: a template that cannot show an earlier answer may
still show how a new one begins. All of them share one allowance of time.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from kimidesk.errors import Refused
from kimidesk.reading.dialects.sheet import Form
from kimidesk.reading.names import asked_of, fields_of, handled_in, thought_fields
from kimidesk.reading.spending import Unbounded
from kimidesk.reading.template import ChatTemplate

ALLOWED_S = 2.0  # CPU seconds for all renderings together; 250 known templates take 0.7 at most
QUESTION, REASON, ANSWER = "Quinquireme7", "Reticulate3", "Antimacassar5"
TOOL = "Toxophilite2"
_ARGUMENTS: Mapping[str, object] = {"name": TOOL, "arguments": {"n": 1}}
_CALLED = {"id": "call00001", "type": "function", "function": _ARGUMENTS}

Turn = dict[str, Any]
Switches = Mapping[str, object]

# The names of what a template takes that have nothing to do with thinking.
_ORDINARY = {"messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token"}


class Probe:
    """One template under examination."""

    def __init__(self, template: ChatTemplate) -> None:
        self._template = template
        self._until = time.thread_time() + ALLOWED_S
        self._refused: Refused | None = None  # the first refusal
        self._made: dict[str, str | None] = {}

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """What it takes from outside, each with the texts it is compared with."""
        asked = asked_of(self._template.tree)
        return {name: texts for name, texts in asked.items() if name not in _ORDINARY}

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Where it may look for the thought of a message: what all know, and what it names so."""
        return thought_fields(self._template.tree)

    @property
    def handled(self) -> str:
        """The texts that it looks for in what it is given."""
        return handled_in(self._template.tree)

    @property
    def source(self) -> str:
        """Jinja."""
        return self._template.source

    def render(self, turns: Sequence[Turn], switches: Switches, *, prompt: bool) -> str | None:
        """What a template refuses by itself is None; raises Unbounded where it passes a bound."""
        key = repr((turns, sorted(switches.items()), prompt))
        if key not in self._made:
            left = self._until - time.thread_time()
            try:
                if left <= 0:
                    raise Unbounded("")
                made = self._template.render_turns(turns, switches, prompt=prompt, run_s=left)
            except Unbounded as error:
                if time.thread_time() < self._until:
                    raise
                raise Unbounded(
                    f"the checkpoint's chat template runs longer than {ALLOWED_S:g} s"
                ) from error
            except Refused as error:
                self._refused = self._refused or error
                made = None
            self._made[key] = made
        return self._made[key]

    def check(self) -> None:
        """Raise its first refusal where the template has refused everything."""
        if self._refused is not None and not any(one is not None for one in self._made.values()):
            raise self._refused

    def prompt(self, switches: Switches, question: str = QUESTION) -> str | None:
        """What precedes a new answer, from the first character."""
        for content in (question, [{"type": "text", "text": question}]):
            made = self.render([{"role": "user", "content": content}], switches, prompt=True)
            if made is not None and question in made:
                return made
        return None

    def opening(self, switches: Switches) -> str:
        """What stands between the question and a new answer."""
        return (self.prompt(switches) or "").rpartition(QUESTION)[2]

    def answered(self, switches: Switches) -> str | None:
        """What stands between the question and an answer that has no thought."""
        for content in (ANSWER, [{"type": "text", "text": ANSWER}]):
            made = self.render(
                [_asked(), {"role": "assistant", "content": content}], switches, prompt=False
            )
            if made is not None and ANSWER in made:
                return made.rpartition(ANSWER)[0].rpartition(QUESTION)[2]
        return None

    def thoughtful(self, switches: Switches) -> Iterator[str]:
        """From the question on: renderings that show an answer with its thought."""
        for _, turns in _thoughts(self.fields):
            made = self.render([_asked(), *turns], switches, prompt=False)
            if made is not None and REASON in made:
                yield made.rpartition(QUESTION)[2] or made

    def form(self, switches: Switches, start: str) -> Form | None:
        """In which form it shows a thought after this mark; None where it shows none."""
        for form, turns in _thoughts(self.fields):
            if _shows(self.render([_asked(), *turns], switches, prompt=False), start):
                return form
        return None

    def keeps(self, answer: Turn, switches: Switches) -> bool:
        """Whether the thought of this answer, marked, is shown again when a next turn is asked."""
        again = {"role": "user", "content": "Next"}
        return REASON in (self.render([_asked(), answer, again], switches, prompt=True) or "")

    @property
    def reads_thought(self) -> bool:
        """Whether it takes a thought from a field of a message at all."""
        return not set(self.fields).isdisjoint(fields_of(self._template.tree))


def _shows(made: str | None, start: str) -> bool:
    """Whether the thought stands behind its mark: some write an unknown content out as it is."""
    before, found, _ = (made or "").partition(REASON)
    return bool(found) and before.rstrip().endswith(start.strip())


def _asked() -> Turn:
    return {"role": "user", "content": QUESTION}


def _thoughts(names: Sequence[str]) -> Iterator[tuple[Form, list[Turn]]]:
    """An answer with its thought, in the forms that templates take."""
    fields = dict.fromkeys(names, REASON)
    answer: Turn = {"role": "assistant", "content": ANSWER}
    yield Form.FIELDS, [answer | fields]
    for name in fields:
        yield Form.FIELDS, [answer | {name: REASON}]
    text = {"type": "text", "text": ANSWER}
    yield Form.PARTS, [answer | {"content": [{"type": "thinking", "thinking": REASON}, text]}]
    blocks = [{"type": "thoughts", "text": REASON}, {"type": "response", "text": ANSWER}]
    yield Form.BLOCKS, [answer | {"content": {"blocks": blocks}}]
    called: Turn = {"role": "assistant", "content": ANSWER, "tool_calls": [_CALLED]}
    yield Form.FIELDS, [called | fields]
    result: Turn = {"role": "tool", "content": "1", "tool_call_id": _CALLED["id"], "name": TOOL}
    yield Form.FIELDS, [called | fields | {"content": ""}, result, answer]
