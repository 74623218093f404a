"""Raw completions as the tokens that they bring, and given texts as a server rates them.

Log-probabilities come in two forms: rows as of a chat, with ids (llama-server), and the columns
of OpenAI's first interface: tokens, token_logprobs, top_logprobs (vLLM, SGLang).
"""

import math
from typing import Annotated, Any

import msgspec

from kimidesk.engines.remote.chunks import (
    MOST_RIVALS,
    Chunk,
    Told,
    counted,
    number_of,
    opened,
    text_of,
)
from kimidesk.engines.remote.pieces import FIRST

_Id = Annotated[int, msgspec.Meta(ge=0, lt=FIRST)]
_Byte = Annotated[int, msgspec.Meta(ge=0, lt=256)]


class _One(msgspec.Struct, gc=False):
    id: _Id
    bytes: list[_Byte]
    logprob: float


class _Row(_One, gc=False):
    top_logprobs: list[_One]


class _Rows(msgspec.Struct, gc=False):
    content: list[_Row]


class _Choice(msgspec.Struct, gc=False):
    logprobs: _Rows
    finish_reason: str | None = None


class _Event(msgspec.Struct, gc=False):
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1)]


# One comes with every token: what is decoded by its type costs a tenth of what is looked at.
_NUMBERED = msgspec.json.Decoder(_Event)


class TextReader:
    """Implements `Reader` for raw completions."""

    def read(self, data: str) -> Chunk:
        try:
            choice = _NUMBERED.decode(data).choices[0]
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return self._without_ids(data)
        told = tuple(map(_numbered, choice.logprobs.content))
        return Chunk(told, choice.finish_reason or "")

    def _without_ids(self, data: str) -> Chunk:
        table, choice = opened(data)
        text = text_of(choice.get("text"))
        told = _columns(choice.get("logprobs"))
        if "".join(one.piece.decode("utf-8", "replace") for one in told) != text:
            told = (Told(text.encode(), False),) if text else ()
        return Chunk(told, text_of(choice.get("finish_reason")), *counted(table))


class EchoReader:
    """Implements `Reader` for a given text that comes back rated, whole and at once.

    A token or more is written after it, as no server writes none: those are left out.
    """

    def read(self, data: str) -> Chunk:
        table, choice = opened(data)
        told = _columns(choice.get("logprobs"))
        prompt, written = counted(table)
        return Chunk(told[: len(told) - (written or 1)], "stop", prompt, written)


def _numbered(row: _Row) -> Told:
    listed = row.top_logprobs[:MOST_RIVALS]
    rivals = tuple([(bytes(one.bytes), min(one.logprob, 0.0)) for one in listed])
    ids = tuple([one.id for one in listed])
    return Told(bytes(row.bytes), False, min(row.logprob, 0.0), rivals, row.id, ids)


def _columns(logprobs: Any) -> tuple[Told, ...]:
    names = ("tokens", "token_logprobs", "top_logprobs")
    found = [logprobs.get(name) if isinstance(logprobs, dict) else None for name in names]
    tokens, numbers, tops = (column if isinstance(column, list) else [] for column in found)
    if len(numbers) != len(tokens):
        return ()
    tops = tops if len(tops) == len(tokens) else [None] * len(tokens)
    return tuple(
        Told(text_of(token).encode(), False, number_of(number), _rivals(top))
        for token, number, top in zip(tokens, numbers, tops, strict=True)
    )


def _rivals(top: Any) -> tuple[tuple[bytes, float], ...]:
    told = top.items() if isinstance(top, dict) else ()
    pairs = [(text_of(text).encode(), number_of(number)) for text, number in told]
    known = [pair for pair in pairs if not math.isnan(pair[1])]
    return tuple(sorted(known, key=lambda pair: -pair[1])[:MOST_RIVALS])
