"""What a server's tokens are, for prompts that are rendered here and sent raw.

`Ids`: a llama-server tells the ids of its tokens and takes them back, so a prompt is exactly what
another trace was made of. `Texts`: the others take text and cut it themselves; an id is then our
own, for a text of any length.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Protocol

import httpx2
import msgspec
import numpy as np

from kimidesk.checkpoints.remote import Server
from kimidesk.checkpoints.remote.talk import ask, refused
from kimidesk.engines.remote.chunks import Told
from kimidesk.engines.remote.pieces import FIRST, Pieces
from kimidesk.engines.vocabulary import Vocabulary, continuing
from kimidesk.errors import ModelError, Refused
from kimikernels.token_stats import TokenStats

NAN = float("nan")
_NO_IDS = np.empty(0, np.int32)
_NO_NUMBERS = np.empty(0, np.float32)
PART = 8192  # ids whose pieces are asked for at once
_MARK = re.compile(r"<.+>|\[.+\]")  # as every control token of a chat is written


class _Cut(msgspec.Struct, gc=False):
    """A token of a text."""

    id: Annotated[int, msgspec.Meta(ge=0, lt=FIRST)]
    piece: str | list[Annotated[int, msgspec.Meta(ge=0, lt=256)]]  # bytes: a part of a character

    @property
    def spelled(self) -> bytes:
        return self.piece.encode() if isinstance(self.piece, str) else bytes(self.piece)


class Tongue(Vocabulary, Protocol):
    """A vocabulary of a server's."""

    def prompt(self, ids: Sequence[int]) -> list[int] | str:
        """What is sent so that the server goes on after these; raises Refused where it cannot."""
        ...

    def rows(self, told: Told) -> list[TokenStats]:
        """The tokens that were told, measured as far as they were."""
        ...

    def end_with(self, token: int) -> None:
        """The server has ended a generation with this token."""
        ...


def unmeasured(token: int) -> TokenStats:
    """A token of which nothing is known but that it was said."""
    return TokenStats(NAN, NAN, _NO_IDS, _NO_NUMBERS, token, NAN, 0)


def _measured(token: int, told: Told, rivals: list[int]) -> TokenStats:
    if not rivals:
        return TokenStats(NAN, NAN, _NO_IDS, _NO_NUMBERS, token, told.logprob, 0)
    numbers = np.array([logprob for _, logprob in told.rivals], np.float32)
    rank = rivals.index(token) + 1 if token in rivals else 0
    return TokenStats(NAN, NAN, np.array(rivals, np.int32), numbers, token, told.logprob, rank)


class Texts:
    """Implements `Tongue` for a server that takes and tells texts."""

    bos = eos = -1
    wants_bos = False  # the server puts its own
    control_texts: tuple[str, ...] = ()
    ends: frozenset[int] = frozenset()
    size = 1 << 31

    def __init__(self, server: Server, pieces: Pieces) -> None:
        self.chat_template = server.chat_template
        self._name = server.info.name
        self._pieces = pieces

    @property
    def texts(self) -> Iterator[str]:
        return iter(())

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """One id of our own for the whole text; the server alone knows its control tokens."""
        return [self._pieces.id_of(text.encode("utf-8", "replace"))] if text else []

    def piece(self, token: int, /) -> bytes:
        return self._pieces.get(token)

    def prompt(self, ids: Sequence[int]) -> str:
        if any(id_ not in self._pieces for id_ in ids):
            raise Refused(
                f"{self._name} tells texts, not ids, and the texts of this trace are gone: it was "
                "made before the server was opened",
                hint="Fork and probe traces of the same session, or solve the problem once more.",
            )
        try:
            return b"".join(map(self.piece, ids)).decode()
        except UnicodeDecodeError as error:
            raise Refused(
                "the fork would cut a character in two, and this server takes whole text alone",
                hint="Fork one token earlier or later.",
            ) from error

    def rows(self, told: Told) -> list[TokenStats]:
        rivals = [self._pieces.id_of(piece) for piece, _ in told.rivals]
        return [_measured(self._pieces.id_of(told.piece), told, rivals)]

    def end_with(self, token: int) -> None:
        """Its ends are no tokens."""


class Ids:
    """Implements `Tongue` for a llama-server, which is asked for what is not known yet."""

    def __init__(self, server: Server, client: httpx2.Client, key: str) -> None:
        self._server, self._client, self._key = server, client, key
        self._pieces: dict[int, bytes] = {}
        self.chat_template = server.chat_template
        self.size = server.info.vocabulary
        self.ends: frozenset[int] = frozenset()
        self.bos, self.eos = self._mark(server.raw.bos), self._mark(server.raw.eos)
        first = self._cut("", add_special=True)
        self.wants_bos = self.bos >= 0 and first == [self.bos]
        self.control_texts = self._found_controls()

    @property
    def texts(self) -> Iterator[str]:
        """The texts of all tokens, asked for in parts."""
        self._learn(range(self.size))
        return (self.piece(id_).decode("utf-8", "replace") for id_ in range(self.size))

    def tokens(self, text: str, *, special: bool) -> list[int]:
        text = text.encode("utf-8", "replace").decode()
        return self._cut(text, parse_special=special) if text else []

    def piece(self, token: int, /) -> bytes:
        if token not in self._pieces and 0 <= token < self.size:
            self._learn([token])
        return self._pieces.get(token, b"")

    def prompt(self, ids: Sequence[int]) -> list[int]:
        return list(ids)

    def rows(self, told: Told) -> list[TokenStats]:
        """Of a split character the server tells the last token alone; the others are those that
        the character is cut into, and have no numbers."""
        if told.id < 0:
            return [unmeasured(id_) for id_ in self._spoken(told.piece)]
        for id_, (piece, _) in zip(told.rival_ids, told.rivals, strict=True):
            if piece:
                self._pieces.setdefault(id_, piece)
        if told.piece.isascii() and told.piece:  # no part of a split character
            self._pieces.setdefault(told.id, told.piece)
        self._learn((told.id, *told.rival_ids))
        row = _measured(told.id, told, list(told.rival_ids))
        if told.piece in (b"", self._pieces.get(told.id)):  # control tokens come without a text
            return [row]
        ids = self._spoken(told.piece)
        if ids[-1:] == [told.id]:
            return [*map(unmeasured, ids[:-1]), row]
        return [unmeasured(id_) for id_ in ids]

    def end_with(self, token: int) -> None:
        self.ends |= {token}

    def _found_controls(self) -> tuple[str, ...]:
        """Longest first: of the texts in brackets those that, taken for plain, are cut otherwise.

        All are cut at once. A plain one that is found too does no harm: it is fenced for nothing.
        """
        marks = [text for text in self.texts if _MARK.fullmatch(text)]
        whole = "\n".join(marks)
        special, plain = (set(self.tokens(whole, special=how)) for how in (True, False))
        controls = {self.piece(id_).decode("utf-8", "replace") for id_ in special - plain}
        return tuple(sorted(controls & set(marks), key=len, reverse=True))

    def _mark(self, text: str) -> int:
        ids = self._cut(text, parse_special=True) if text else []
        return ids[0] if len(ids) == 1 else -1

    def _spoken(self, piece: bytes) -> list[int]:
        return continuing(self, piece.decode("utf-8", "replace"))

    def _cut(self, text: str, **how: bool) -> list[int]:
        return [id_ for id_, _ in self._asked(text, **how)]

    def _learn(self, ids: Iterable[int]) -> None:
        new = [id_ for id_ in ids if id_ not in self._pieces]
        for first in range(0, len(new), PART):
            self._asked(new[first : first + PART])

    def _asked(self, content: str | list[int], **how: bool) -> list[tuple[int, bytes]]:
        """Ids and pieces; of ids that are given their pieces, as they are."""
        url = f"{self._server.address.root}/tokenize"
        said = ask(self._client, "POST", url, {"content": content, "with_pieces": True, **how})
        rows = said.table.get("tokens")
        if not said.ok or not isinstance(rows, list):
            about = "the server does not cut text into tokens: "
            raise refused(self._server.address, said, self._key, about)
        try:
            pairs = [(row.id, row.spelled) for row in msgspec.convert(rows, list[_Cut])]
        except msgspec.ValidationError as error:
            raise ModelError(f"the server cuts text into what are no tokens: {error}") from error
        self._pieces.update(pairs)
        return pairs
