"""One event of a stream as the tokens that it brings."""

import math
from typing import Any, NamedTuple, Protocol

import msgspec

from kimidesk.checkpoints.remote.talk import AGAIN
from kimidesk.engines.remote.patience import Broken
from kimidesk.errors import ModelError

MOST_HELD = 4 << 20  # bytes; some 2,000 tokens with 20 rivals
LEAST = -1e30  # nats; some servers write such a number for one that is not finite
MOST_RIVALS = 20  # so many are asked for; what comes beyond them is left out


class Told(NamedTuple):
    """A token, or, where the server tells no tokens, whatever text came at once."""

    piece: bytes
    thought: bool  # in a field for thoughts
    logprob: float = math.nan
    rivals: tuple[tuple[bytes, float], ...] = ()  # most likely first
    id: int = -1  # the server's own, where it tells it
    rival_ids: tuple[int, ...] = ()  # likewise, of each rival


class Chunk(NamedTuple):
    """What one event brought."""

    told: tuple[Told, ...] = ()
    finish: str = ""  # why it ended, in the server's word
    prompt: int = 0  # tokens of the prompt, where the server counts them
    written: int = 0  # tokens after it, likewise


class Reader(Protocol):
    """Reads the events of one stream, in order."""

    def read(self, data: str) -> Chunk:
        """Raises ModelError for what is no chunk, and for an error that the server tells."""
        ...


class ChatReader:
    """Implements `Reader` for chat completions.

    Rows may come before their text: parts of a character, or a thought that is not shown. They are
    held for so many bytes of events, then given up: text that comes after has no numbers.
    """

    def __init__(self) -> None:
        self._held: list[dict[str, Any]] = []
        self._size = 0  # of the events that they came in

    def read(self, data: str) -> Chunk:
        table, choice = opened(data)
        delta = choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        thought, answer = _thought(delta), text_of(delta.get("content"))
        rows = self._with_held(rows_in(choice.get("logprobs"), "content"), len(data))
        finish = text_of(choice.get("finish_reason"))
        return Chunk(self._told(thought, answer, rows), finish, *counted(table))

    def _with_held(self, rows: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
        self._size += size
        if self._size <= MOST_HELD:
            return self._held + rows
        self._held, self._size = [], size
        return rows

    def _told(self, thought: str, answer: str, rows: list[dict[str, Any]]) -> tuple[Told, ...]:
        if not thought and not answer:
            self._held = rows
            return ()
        self._held, self._size = [], 0
        first, both = thought.encode(), (thought + answer).encode()
        if b"".join(map(bytes_of, rows)) != both:  # marks that the server has cut out, and the like
            parts = ((thought, True), (answer, False))
            return tuple(Told(text.encode(), kind) for text, kind in parts if text)
        made, at = [], 0
        for row in rows:
            piece = bytes_of(row)
            if piece:
                made.append(_row(piece, at < len(first), row))
            at += len(piece)
        return tuple(made)


def opened(data: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An event, and the choice in it; raises ModelError as `Reader.read` does."""
    try:
        table = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise ModelError(f"the server sent what is no JSON: {data[:80]!r}") from error
    if not isinstance(table, dict):
        raise ModelError(f"the server sent what is no chunk of a completion: {data[:80]!r}")
    if told := table.get("error"):
        code = told.get("code") if isinstance(told, dict) else None
        passes = isinstance(code, int) and code in AGAIN
        raise (Broken if passes else ModelError)(f"the server says: {_message(told)}")
    choices = table.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise ModelError(f"the server sent what is no chunk of a completion: {data[:80]!r}")
    return table, choice


def counted(table: dict[str, Any]) -> tuple[int, int]:
    """Tokens of the prompt and after it, where an event counts them; 0 where it does not."""
    usage = table.get("usage")
    told = usage if isinstance(usage, dict) else {}
    counts = (told.get(name) for name in ("prompt_tokens", "completion_tokens"))
    prompt, written = (count if type(count) is int and count > 0 else 0 for count in counts)
    return prompt, written


def rows_in(logprobs: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a table of log-probabilities that are any."""
    rows = logprobs.get(name) if isinstance(logprobs, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _row(piece: bytes, thought: bool, row: dict[str, Any]) -> Told:
    listed = row.get("top_logprobs")
    rivals = (
        [one for one in listed[:MOST_RIVALS] if isinstance(one, dict)]
        if isinstance(listed, list)
        else []
    )
    same = [one for one in rivals if "id" in row and one.get("id") == row["id"]]
    if same and bytes_of(same[0]) != piece:
        # llama-server joins the tokens of a split character and tells the last one's numbers.
        return Told(piece, thought)
    pairs = tuple((bytes_of(one), number_of(one.get("logprob"))) for one in rivals)
    known = tuple(pair for pair in pairs if not math.isnan(pair[1]))
    return Told(piece, thought, number_of(row.get("logprob")), known)


def _thought(delta: dict[str, Any]) -> str:
    for name in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(delta.get(name), str) and delta[name]:
            return str(delta[name])
    details = delta.get("reasoning_details")
    if not isinstance(details, list):
        return ""
    told = [one for one in details if isinstance(one, dict)]
    return "".join(text_of(one.get("text")) or text_of(one.get("summary")) for one in told)


def bytes_of(row: dict[str, Any]) -> bytes:
    """A token's, which its text may not tell: it may be a part of a character."""
    raw = row.get("bytes")
    try:
        return bytes(raw) if isinstance(raw, list) else _plain(row)
    except (TypeError, ValueError):  # not all of them are bytes
        return _plain(row)


def _plain(row: dict[str, Any]) -> bytes:
    return text_of(row.get("token")).encode("utf-8", "replace")


def number_of(value: Any) -> float:
    """A log-probability; NaN for what is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or value < LEAST:
        return math.nan
    return 0.0 if value > 0 else float(value)


def text_of(value: Any) -> str:
    """A text that can be written; "" for what is none."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _message(told: Any) -> str:
    words = told.get("message", told) if isinstance(told, dict) else told
    return " ".join(str(words).split())[:300]
