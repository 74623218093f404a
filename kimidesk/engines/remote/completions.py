"""Raw completions as the tokens that they bring, and given texts as a server rates them.

Log-probabilities come in two forms: rows as of a chat, with ids (llama-server), and the columns
of OpenAI's first interface: tokens, token_logprobs, top_logprobs (vLLM, SGLang).
"""

import math
from typing import Any

from kimidesk.engines.remote.chunks import (
    Chunk,
    Told,
    bytes_of,
    counted,
    number_of,
    opened,
    rows_in,
    text_of,
)


class TextReader:
    """Implements `Reader` for raw completions."""

    def read(self, data: str) -> Chunk:
        table, choice = opened(data)
        text, logprobs = text_of(choice.get("text")), choice.get("logprobs")
        finish = text_of(choice.get("finish_reason"))
        if rows := rows_in(logprobs, "content"):
            told = tuple(_numbered(row) for row in rows)
        else:
            told = _columns(logprobs)
            if "".join(one.piece.decode("utf-8", "replace") for one in told) != text:
                told = (Told(text.encode(), False),) if text else ()
        return Chunk(told, finish, *counted(table))


class EchoReader:
    """Implements `Reader` for a given text that comes back rated, whole and at once.

    A token or more is written after it, as no server writes none: those are left out.
    """

    def read(self, data: str) -> Chunk:
        table, choice = opened(data)
        told = _columns(choice.get("logprobs"))
        prompt, written = counted(table)
        return Chunk(told[: len(told) - (written or 1)], "stop", prompt, written)


def _numbered(row: dict[str, Any]) -> Told:
    listed = rows_in(row, "top_logprobs")
    rivals = tuple((bytes_of(one), number_of(one.get("logprob"))) for one in listed)
    ids = tuple(_id(one) for one in listed)
    if any(id_ < 0 for id_ in ids) or any(math.isnan(logprob) for _, logprob in rivals):
        rivals = ids = ()
    return Told(bytes_of(row), False, number_of(row.get("logprob")), rivals, _id(row), ids)


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
    return tuple(sorted(known, key=lambda pair: -pair[1]))


def _id(row: dict[str, Any]) -> int:
    found = row.get("id")
    return found if type(found) is int and 0 <= found < 1 << 24 else -1
