"""A tokenizer of transformers as the desk needs it: texts to ids, ids to bytes, control apart.

Text of a person is cut by a copy of the tokenizer that knows no control tokens at all, so that it
cannot become one, however it is spelled.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from tokenizers import Tokenizer

from kimidesk.errors import BadCheckpoint, Refused

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


class Vocabulary:
    """Of `size` ids, as many as there are logits. Raises BadCheckpoint."""

    def __init__(self, tokenizer: Any, ends: frozenset[int], size: int) -> None:
        self._tokenizer = tokenizer
        self.size = size
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise BadCheckpoint(
                "the tokenizer of this checkpoint cannot be read by the tokenizers library",
                hint="Convert it: a tokenizer.json is needed.",
            )
        self._backend = backend
        told = json.loads(backend.to_str())
        self._added = {each["id"]: each["content"] for each in told["added_tokens"]}
        self.ends = frozenset(id_ for id_ in ends if 0 <= id_ < size)
        self.bos, self.eos = (
            -1 if id_ is None else int(id_)
            for id_ in (tokenizer.bos_token_id, tokenizer.eos_token_id)
        )
        special = {each["id"] for each in told["added_tokens"] if each["special"]}
        self._control = frozenset(special | self.ends | {self.bos, self.eos} - {-1})
        told["added_tokens"] = [
            each for each in told["added_tokens"] if each["id"] not in self._control
        ]
        self._plain = Tokenizer.from_str(json.dumps(told))
        self._bytes_of = _byte_level() if "ByteLevel" in json.dumps(told["decoder"]) else {}
        self.piece = cache(self._piece)  # bounded by the vocabulary

    @property
    def chat_template(self) -> str:
        """Jinja source; "" where there is none. Of several, the one for plain chats."""
        template = self._tokenizer.chat_template
        if isinstance(template, dict):
            template = template.get("default", "")
        return template or ""

    @property
    def texts(self) -> Iterator[str]:
        """The texts of all tokens."""
        return (self.piece(id_).decode("utf-8", "replace") for id_ in range(self.size))

    @cached_property
    def control_texts(self) -> tuple[str, ...]:
        """Texts that tokenize into control tokens, longest first."""
        found = {self.piece(id_).decode("utf-8", "replace") for id_ in self._control}
        return tuple(sorted(found - {""}, key=len, reverse=True))

    @cached_property
    def wants_bos(self) -> bool:
        """Whether every text must begin with `bos`."""
        ids = self._backend.encode("a", add_special_tokens=True).ids
        return self.bos >= 0 and ids[:1] == [self.bos]

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Ids of a text; with `special` the texts of control tokens become those tokens."""
        text = text.encode("utf-8", "replace").decode()  # half characters have no bytes
        if special:
            return self._within(self._backend.encode(text, add_special_tokens=False).ids)
        return self._uncontrolled(text)

    def _uncontrolled(self, text: str) -> list[int]:
        ids = self._within(self._plain.encode(text, add_special_tokens=False).ids)
        if self._control.isdisjoint(ids) or not text:
            return ids
        # A vocabulary may hold a control token as a plain piece too; in halves it is none.
        if len(text) == 1:
            return []
        middle = len(text) // 2
        return self._uncontrolled(text[:middle]) + self._uncontrolled(text[middle:])

    def _within(self, ids: list[int]) -> list[int]:
        """The ids, each with a row in the embedding; a broken folder may hold others."""
        if max(ids, default=0) >= self.size:
            raise Refused(
                f"the tokenizer gives token {max(ids)}; the weights know {self.size:,}",
                hint="The folder mixes two checkpoints; fetch it again.",
            )
        return ids

    def _piece(self, token: int) -> bytes:
        """The bytes of one token, control tokens spelled out; b"" outside the vocabulary."""
        if not 0 <= token < self.size:
            return b""
        if token in self._added:
            return str(self._added[token]).encode()
        text = self._backend.id_to_token(token)
        if text is None:
            return b""
        if self._bytes_of:
            return b"".join(self._bytes_of.get(each, each.encode()) for each in text)
        if byte := _BYTE.fullmatch(text):
            return bytes([int(byte[1], 16)])
        return str(text).replace("\u2581", " ").encode()  # SentencePiece's blank


def _byte_level() -> dict[str, bytes]:
    """Which character stands for which byte in a byte-level vocabulary (GPT-2's table).

    Printable bytes stand for themselves, the others for the characters from 256 on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): bytes([byte]) for byte in printable}
    return table | {chr(256 + place): bytes([byte]) for place, byte in enumerate(others)}
