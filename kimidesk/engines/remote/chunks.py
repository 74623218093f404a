"""One event of a stream as the tokens that it brings."""

import math
from typing import Any, NamedTuple

import msgspec

from kimidesk.errors import ModelError


class Told(NamedTuple):
    """A token, or, where the server tells no tokens, whatever text came at once."""

    piece: bytes
    thought: bool  # in a field for thoughts
    logprob: float = math.nan
    rivals: tuple[tuple[bytes, float], ...] = ()  # most likely first


class Chunk(NamedTuple):
    """What one event brought."""

    told: tuple[Told, ...] = ()
    finish: str = ""  # why it ended, in the server's word


class Reader:
    """Reads the events of one stream, in order."""

    def __init__(self) -> None:
        self._held: list[dict[str, Any]] = []  # rows whose text has not come: parts of a character

    def read(self, data: str) -> Chunk:
        """Raises ModelError for what is no chunk, and for an error that the server tells."""
        try:
            table = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            raise ModelError(f"the server sent what is no JSON: {data[:80]!r}") from error
        if not isinstance(table, dict):
            raise ModelError(f"the server sent what is no chunk of a completion: {data[:80]!r}")
        if table.get("error"):
            told = table["error"]
            raise ModelError(f"the server says: {_message(told)}")
        choices = table.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        if not isinstance(choice, dict):
            raise ModelError(f"the server sent what is no chunk of a completion: {data[:80]!r}")
        delta = choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        thought, answer = _thought(delta), _text(delta.get("content"))
        logprobs = choice.get("logprobs")
        rows = logprobs.get("content") if isinstance(logprobs, dict) else None
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return Chunk(self._told(thought, answer, rows), _text(choice.get("finish_reason")))

    def _told(self, thought: str, answer: str, rows: list[dict[str, Any]]) -> tuple[Told, ...]:
        self._held += rows
        if not thought and not answer:
            return ()
        rows, self._held = self._held, []
        first, both = thought.encode(), (thought + answer).encode()
        if b"".join(map(_bytes, rows)) != both:  # marks that the server has cut out, and the like
            parts = ((thought, True), (answer, False))
            return tuple(Told(text.encode(), kind) for text, kind in parts if text)
        made, at = [], 0
        for row in rows:
            piece = _bytes(row)
            if piece:
                made.append(_row(piece, at < len(first), row))
            at += len(piece)
        return tuple(made)


def _row(piece: bytes, thought: bool, row: dict[str, Any]) -> Told:
    listed = row.get("top_logprobs")
    rivals = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    same = [one for one in rivals if "id" in row and one.get("id") == row["id"]]
    if same and _bytes(same[0]) != piece:
        # llama-server joins the tokens of a split character and tells the last one's numbers.
        return Told(piece, thought)
    pairs = tuple((_bytes(one), _number(one.get("logprob"))) for one in rivals)
    known = tuple(pair for pair in pairs if not math.isnan(pair[1]))
    return Told(piece, thought, _number(row.get("logprob")), known)


def _thought(delta: dict[str, Any]) -> str:
    for name in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(delta.get(name), str) and delta[name]:
            return str(delta[name])
    details = delta.get("reasoning_details")
    if not isinstance(details, list):
        return ""
    told = [one for one in details if isinstance(one, dict)]
    return "".join(_text(one.get("text")) or _text(one.get("summary")) for one in told)


def _bytes(row: dict[str, Any]) -> bytes:
    raw = row.get("bytes")
    if isinstance(raw, list) and all(isinstance(one, int) and 0 <= one < 256 for one in raw):
        return bytes(raw)
    return _text(row.get("token")).encode("utf-8", "replace")


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return math.nan
    return min(float(value), 0.0)


def _text(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _message(told: Any) -> str:
    words = told.get("message", told) if isinstance(told, dict) else told
    return " ".join(str(words).split())[:300]
