"""What the model is shown of a sentence: its words, its place, and a little of its neighbours."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from kimidesk.reading.segments.cues import cues
from kimidesk.reading.segments.sentences import Sentence

_WORDS = re.compile(r"\\?[a-z]+(?:'[a-z]+)?|\d+|[\u4e00-\u9fff]|[^\s\w]")
MOST_WORDS = 200  # of a sentence; a long derivation says no more about itself


class Reader:
    """Gives the features of the sentences of one text; each sentence is taken apart once.

    `before` others stand before the first of them.
    """

    def __init__(self, text: str, sentences: Sequence[Sentence], before: int = 0) -> None:
        self._all, self._before = sentences, before
        self.lower = [plain(text[each.start : each.stop]) for each in sentences]
        self._words = [_words(each) for each in self.lower]
        self._cues = [cues(each) for each in self.lower]

    def place(self, at: int) -> Sentence:
        """Where the sentence at `at` is."""
        return self._all[at]

    def features(self, at: int) -> list[str]:
        """Of the sentence at `at`. What comes after it shows within its paragraph alone."""
        found = [*_own(self.lower[at], self._words[at]), *self._place(at)]
        found += [f"c:{kind}" for kind in self._cues[at]]
        if at:
            before = self._words[at - 1]
            found += [f"p1:{' '.join(before[:1])}", f"p2:{' '.join(before[:2])}"]
            found += [f"pe:{self.lower[at - 1][-1]}", f"p=:{min(self.lower[at - 1].count('='), 2)}"]
            found += [f"pw:{word}" for word in set(before)]
            found += [f"pc:{kind}" for kind in self._cues[at - 1]]
        if at + 1 < len(self._all) and not self._all[at + 1].first:
            found += [f"ns:{word}" for word in self._words[at + 1][:1]]
            found += [f"nc:{kind}" for kind in self._cues[at + 1]]
        return found

    def _place(self, at: int) -> list[str]:
        number = at + self._before
        found = [f"i:{min(number, 4)}", f"log:{min(int(math.log2(number + 1)), 7)}"]
        if self._all[at].first:
            found.append("first")
        if at + 1 == len(self._all) or self._all[at + 1].first:
            found.append("last")
        return found


def plain(sentence: str) -> str:
    """Lower case, with one kind of apostrophe."""
    return sentence.lower().replace("\u2019", "'")


def _words(sentence: str) -> list[str]:
    words = _WORDS.findall(sentence)[:MOST_WORDS]
    return ["0" if word[0].isdigit() else word for word in words]


def _own(sentence: str, words: list[str]) -> list[str]:
    found = [f"w:{word}" for word in set(words)]
    found += {f"b:{a} {b}" for a, b in pairwise(words)}
    found += [f"s{n}:{' '.join(words[:n])}" for n in (1, 2, 3) if len(words) >= n]
    signs = sum(not word[0].isalpha() for word in words) / max(len(words), 1)
    found.append(f"end:{sentence[-1]}")
    found.append(f"len:{min(int(math.log2(len(words) + 1) * 1.5), 12)}")
    found.append(f"sign:{int(signs * 5)}")
    found.append(f"=:{min(sentence.count('='), 3)}")
    return found
