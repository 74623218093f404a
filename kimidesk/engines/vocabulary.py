"""What prompts and forced texts need of a checkpoint's vocabulary, whoever keeps it."""

from collections.abc import Iterator
from typing import Protocol


class Vocabulary(Protocol):
    """Texts to token ids and back."""

    @property
    def chat_template(self) -> str:
        """Jinja source; "" where the checkpoint holds none."""
        ...

    @property
    def texts(self) -> Iterator[str]:
        """The texts of all tokens."""
        ...

    @property
    def control_texts(self) -> tuple[str, ...]:
        """Texts that tokenize into control tokens, longest first."""
        ...

    @property
    def size(self) -> int:
        """How many ids there are."""
        ...

    @property
    def ends(self) -> frozenset[int]:
        """Ids that end a generation."""
        ...

    @property
    def bos(self) -> int:
        """The id that begins a text; -1 where there is none."""
        ...

    @property
    def eos(self) -> int:
        """The id that ends a text; -1 where there is none."""
        ...

    @property
    def wants_bos(self) -> bool:
        """Whether every text must begin with `bos`."""
        ...

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Ids of a text; with `special` the texts of control tokens become those tokens."""
        ...

    def piece(self, token: int, /) -> bytes:
        """The bytes of one token, control tokens spelled out; b"" outside the vocabulary."""
        ...


def continuing(vocabulary: Vocabulary, text: str) -> list[int]:
    """Ids of a text that continues another; control texts become control tokens.

    Some vocabularies put a blank before every text. A newline in front takes it, and is cut.
    """
    ids = vocabulary.tokens(text, special=True)
    if b"".join(map(vocabulary.piece, ids)) == text.encode("utf-8", "replace"):
        return ids
    before, after = (vocabulary.tokens(each, special=True) for each in ("\n", "\n" + text))
    return after[len(before) :] if after[: len(before)] == before else ids
