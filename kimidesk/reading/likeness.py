"""How alike two sentences are, by their words and numbers: no model is needed.

Thought Anchors compare embeddings of a sentence model; here it is the cosine of counts of words
and of pairs of neighbours, in which numbers and signs of a formula are words, and every Chinese
character is one. It knows no synonyms: two ways of saying the same count as different.
"""

import math
import re
from collections import Counter
from itertools import pairwise

_WORD = re.compile(r"\d+(?:\.\d+)?|\\?[A-Za-z]+|[\u4e00-\u9fff]|[^\s\w]")
PAIR = 0.5  # weight of a pair of neighbours beside a word's 1


def likeness(one: str, other: str) -> float:
    """Between 0 (no word in common) and 1 (the same words in the same order)."""
    a, b = _counts(one), _counts(other)
    if a == b:
        return 1.0
    dot = sum(count * b[word] for word, count in a.items() if word in b)
    size = math.sqrt(_square(a) * _square(b))
    return min(dot / size, 1.0) if size else 0.0


def _counts(text: str) -> dict[object, float]:
    words = [word.lower() for word in _WORD.findall(text)]
    pairs = Counter(pairwise(words))
    return {**Counter(words), **{pair: PAIR * count for pair, count in pairs.items()}}


def _square(counts: dict[object, float]) -> float:
    return sum(count * count for count in counts.values())
