"""From messages to token ids, such that what a person wrote cannot become a control token."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.template import ChatTemplate
from kimidesk.records import Message

# Two of Unicode's noncharacters, which no text may exchange. They fence in each control text of a
# message while the template is rendered.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_FENCED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_FENCES = re.compile(f"[{_OPEN}{_CLOSE}]")


class Prompt(NamedTuple):
    """A rendered prompt."""

    ids: list[int]
    text: str


class Prompter:
    """Renders and tokenizes for one checkpoint; raises ModelError for a broken template."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        bos, eos = (_text(weights, id_) for id_ in (weights.bos, weights.eos))
        self.template = ChatTemplate(weights.chat_template, bos, eos)

    def prompt(self, messages: Sequence[Message], thinking: bool | None) -> Prompt:
        """The ids and the text of a conversation; raises Refused as the template does."""
        fenced = [replace(one, content=self._fence(one.content)) for one in messages]
        rendered = self.template.render(fenced, thinking)
        ids: list[int] = []
        # Odd parts stood between fences: they are tokenized as the plain text that they are.
        for number, part in enumerate(_FENCED.split(rendered)):
            text = _FENCES.sub("", part)
            if text:
                ids += self._weights.tokens(text, special=number % 2 == 0)
        return Prompt(self._one_bos(ids), _FENCES.sub("", rendered))

    def _fence(self, content: str) -> str:
        content = _FENCES.sub("\ufffd", content)
        plain = self._weights.tokens(content, special=False)
        if plain == self._weights.tokens(content, special=True):
            return content
        controls = "|".join(map(re.escape, self._weights.control_texts))
        return re.sub(controls, lambda match: f"{_OPEN}{match[0]}{_CLOSE}", content)

    def _one_bos(self, ids: list[int]) -> list[int]:
        """The vocabulary's first token exactly once, whether the template wrote it or not."""
        weights = self._weights
        if not weights.wants_bos:
            return ids
        while ids[:1] == [weights.bos]:
            ids = ids[1:]
        return [weights.bos, *ids]


def _text(weights: Weights, token: int) -> str:
    return weights.piece(token).decode("utf-8", "replace")
