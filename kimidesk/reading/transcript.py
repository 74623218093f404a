"""A transcript: the text of a trace, and where in it each token ends.

A token that holds only a part of a character is empty here; the token that completes the
character shows it.
"""

import codecs
from array import array
from collections.abc import Iterable

from kimidesk.records import Lexicon


class Transcript:
    """Grows with the trace; `ends[i]` is the character offset at which token i ends."""

    __slots__ = ("_decoder", "_parts", "_text", "ends")

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parts: list[str] = []
        self._text = ""
        self.ends: array[int] = array("I")  # 4 bytes a token, where a list of numbers takes 40

    def append(self, ids: Iterable[int], lexicon: Lexicon) -> str:
        """Add tokens; returns the new text. Raises KeyError for an id without a piece."""
        end = self.ends[-1] if self.ends else 0
        new: list[str] = []
        for id_ in ids:
            text = self._decoder.decode(lexicon[id_])
            end += len(text)
            new.append(text)
            self.ends.append(end)
        added = "".join(new)
        self._parts.append(added)
        return added

    @property
    def text(self) -> str:
        """All of it."""
        if self._parts:
            # Held by this name alone, a text grows where it stands: a long one is not copied.
            text, self._text = self._text, ""
            text += "".join(self._parts)
            self._text = text
            self._parts.clear()
        return self._text

    def upto(self, token: int) -> str:
        """The text of the tokens before `token`."""
        return self.text[: self.ends[token - 1]] if token > 0 else ""

    def token_text(self, token: int) -> str:
        """The text of one token."""
        start = self.ends[token - 1] if token else 0
        return self.text[start : self.ends[token]]
