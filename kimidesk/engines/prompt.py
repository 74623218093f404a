"""From messages to token ids, such that what a person wrote cannot become a control token."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from kimidesk import settings
from kimidesk.engines.seeing import Gallery, Seen
from kimidesk.engines.vocabulary import Vocabulary
from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.reading.dialects import Sheet, asking, opens_in, sheet_of, turn_of
from kimidesk.reading.placing import Placing, placing_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Dialect, Message

# Three of Unicode's noncharacters, which no text may exchange. Two fence in each control text of a
# message while the template is rendered; the third stands where a picture does.
_OPEN, _CLOSE, _PICTURE = "\ufdd0", "\ufdd1", "\ufdd2"
_FENCED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_FENCES = re.compile(f"[{_OPEN}{_CLOSE}{_PICTURE}]")


class Prompt(NamedTuple):
    """A rendered prompt."""

    ids: list[int]
    text: str
    dialect: Dialect  # of what is generated after it
    seen: Seen = Seen()


class Rendered(NamedTuple):
    """A conversation without its pictures, whose files may change."""

    parts: list[list[int] | str]  # ids, and paths where pictures stand
    text: str
    dialect: Dialect


class Prompter:
    """Renders and tokenizes for one checkpoint, called `name`.

    Without a gallery messages may hold no pictures. Raises BadCheckpoint for a broken template.
    """

    def __init__(
        self, vocabulary: Vocabulary, name: str = "", gallery: Gallery | None = None
    ) -> None:
        self._vocabulary = vocabulary
        self._gallery = gallery
        bos, eos = (_text(vocabulary, id_) for id_ in (vocabulary.bos, vocabulary.eos))
        self.template = ChatTemplate(vocabulary.chat_template, bos, eos)
        self.sheet = self._sheet(name)
        controls = "|".join(map(re.escape, vocabulary.control_texts))
        self._controls = re.compile(f"(?:{controls})+") if controls else None
        self._placing = Placing()
        if gallery is not None:
            self._placing = placing_of(self.template).around(*gallery.around)
        # Forks and repeats come with their parent's messages: 4,000 tokens take 30 ms to cut.
        self._rendered = lru_cache(maxsize=32)(self._render)

    def prompt(
        self, messages: Sequence[Message], thinking: bool | None, given: Sequence[int] = ()
    ) -> Prompt:
        """The ids and the text of a conversation; raises Refused as the template does.

        Given ids win over the messages. Without either a text begins as the vocabulary wants.
        """
        if given or not messages:
            paths = [path for message in messages for path in message.images]
            return self._said(list(given) or self._one_bos([]), paths)
        parts, text, dialect = self._rendered(tuple(messages), thinking)
        if self._gallery is None:
            return Prompt(
                [id_ for part in parts for id_ in part if isinstance(id_, int)], text, dialect
            )
        ids, seen = self._gallery.place(parts)
        return Prompt(ids, text, dialect, seen)

    def _render(self, messages: tuple[Message, ...], thinking: bool | None) -> Rendered:
        fenced = [
            replace(one, content=self._content(one), thought=self._fence(one.thought))
            for one in messages
        ]
        asked, switches = asking(self.sheet, fenced, thinking)
        turn = partial(turn_of, sheet=self.sheet, parts=self._placing.parts)
        rendered = self.template.render(asked, switches, turn)
        paths = [path for message in messages for path in message.images]
        if rendered.count(_PICTURE) != len(paths):
            raise Refused("the checkpoint's chat template does not show every picture")
        first, *rest = rendered.split(_PICTURE)
        parts: list[list[int] | str] = [self._one_bos(self._cut(first))]
        for path, part in zip(paths, rest, strict=True):
            parts += [path, self._cut(part)]
        text = _FENCES.sub("", rendered)
        return Rendered(parts, text, self.sheet.dialect(opened=opens_in(text, self.sheet)))

    def _content(self, message: Message) -> str:
        return self._placing.content(self._fence(message.content), len(message.images), _PICTURE)

    def _cut(self, rendered: str) -> list[int]:
        """The ids of a text with fences in it."""
        ids: list[int] = []
        # Odd parts stood between fences: they are tokenized as the plain text that they are.
        for number, part in enumerate(_FENCED.split(rendered)):
            text = _FENCES.sub("", part)
            if text:
                ids += self._vocabulary.tokens(text, special=number % 2 == 0)
        return ids

    def _said(self, ids: list[int], paths: Sequence[str]) -> Prompt:
        text = b"".join(map(self._vocabulary.piece, ids)).decode("utf-8", "replace")
        dialect = self.sheet.dialect(opened=opens_in(text, self.sheet))
        if self._gallery is None or min(ids, default=0) >= 0:
            return Prompt(ids, text, dialect)
        return Prompt(ids, text, dialect, self._gallery.find(ids, paths))

    def _sheet(self, name: str) -> Sheet:
        try:
            return sheet_of(
                self.template, name, settings.dialects_folder(), lambda: self._vocabulary.texts
            )
        except Refused as error:
            hint = "Use another conversion of this checkpoint."
            raise BadCheckpoint(error.what, hint=hint) from error

    def _fence(self, content: str) -> str:
        content = _FENCES.sub("\ufffd", content)
        if self._controls is None:
            return content
        return self._controls.sub(lambda match: f"{_OPEN}{match[0]}{_CLOSE}", content)

    def _one_bos(self, ids: list[int]) -> list[int]:
        """The vocabulary's first token exactly once, whether the template wrote it or not."""
        vocabulary = self._vocabulary
        if not vocabulary.wants_bos:
            return ids
        while ids[:1] == [vocabulary.bos]:
            ids = ids[1:]
        return [vocabulary.bos, *ids]


def _text(vocabulary: Vocabulary, token: int) -> str:
    return vocabulary.piece(token).decode("utf-8", "replace")
