"""Where the formulas of a growing text stand, and what merely looks like one.

Delimiters are those that models write: `$ $`, `$$ $$`, `\\( \\)`, `\\[ \\]`, the environments of
amsmath, and a bare `\\boxed{ }`. Code holds no formula, nor do prices (`$5 and $6`). A formula ends
before the next blank line, as in TeX, so one that was never closed swallows a paragraph at most.

What is found once stays: a delimiter is decided when its other end has come, or cannot come any
more, and until then nothing behind it is looked at.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 4_000  # characters of a formula
LONGEST_DOLLARS = 600  # likewise, between single dollar signs, which stand on one line
DEEPEST = 32  # braces, or environments of one name, inside each other
_ENVIRONMENTS = (
    "equation|align|alignat|aligned|gather|gathered|multline|eqnarray|split|cases|array|matrix"
    "|pmatrix|bmatrix|Bmatrix|vmatrix|Vmatrix|smallmatrix"
)
_OPENS = re.compile(
    r"\\\\|\\\$"  # a backslash or dollar sign that stands for itself
    r"|(?P<fence>^[ \t>]*(?:```+|~~~+))|(?P<ticks>`+)"
    rf"|\\begin\{{(?P<environment>(?:{_ENVIRONMENTS})\*?)\}}"
    r"|(?P<round>\\\()|(?P<square>\\\[)|(?P<boxed>\\boxed\{)|(?P<double>\$\$)|(?P<single>\$)",
    re.MULTILINE,
)
_BEGUN = re.compile(r"(?:\\[A-Za-z]*(?:\{[A-Za-z]*\*?)?|`+|\$+|^[ \t>]*(?:`+|~+)?)\Z", re.MULTILINE)
_BLANK = r"(?P<none>\n[ \t]*\n)"
_ROUND = re.compile(rf"\\\\|(?P<close>\\\))|(?P<again>\\[(\[])|{_BLANK}")
_SQUARE = re.compile(rf"\\\\|(?P<close>\\\])|(?P<again>\\\[)|{_BLANK}")
_DOUBLE = re.compile(rf"\\\\|\\\$|(?P<close>\$\$)|{_BLANK}")
_SINGLE = re.compile(r"\\[^\n]|(?P<close>\$)|(?P<none>\n)")
_BRACES = re.compile(r"\\[^\n]|(?P<deeper>\{)|(?P<close>\})|(?P<none>\n)")
_TICKS = re.compile(r"`+|(?P<none>\n)")
_MARKED = re.compile(r"[\\^_=<>+*/|]")
_SURE = re.compile(r"[\^_=]")  # nobody writes these about money
_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{3,}(?![A-Za-z])|[\u3400-\u9fff]")
_PRICE = re.compile(r"\s*\d[\d,.]*\s*(?:[A-Za-z]{2,}\b|[\u3400-\u9fff，。])")


class Formula(NamedTuple):
    """Characters start … stop - 1 of a text, delimiters included."""

    start: int
    stop: int
    begin: int  # the first character inside the delimiters
    end: int  # and the one behind the last
    display: bool  # stands in a line of its own

    def tex(self, text: str) -> str:
        """What stands between the delimiters, its blanks and line breaks single spaces."""
        return " ".join(text[self.begin : self.end].split())


class Formulas:
    """Grows with a text; `found` are its formulas in order, which do not overlap."""

    def __init__(self) -> None:
        self.found: list[Formula] = []
        self._starts: list[int] = []
        self._at = 0  # characters that are decided
        self._fence = ""  # what closes the block of code that is open at `_at`

    def grow(self, text: str, stop: int, *, ended: bool = False) -> list[Formula]:
        """The first `stop` characters of `text` are there now, and all of them if `ended`.

        Returns the formulas that are new.
        """
        known = len(self.found)
        for formula in self._scan(text, stop, ended):
            self.found.append(formula)
            self._starts.append(formula.start)
        return self.found[known:]

    def within(self, start: int, stop: int) -> list[Formula]:
        """Formulas that reach into characters start … stop - 1."""
        first = bisect_right(self._starts, start)
        if first and self.found[first - 1].stop > start:
            first -= 1
        return self.found[first : bisect_left(self._starts, stop)]

    def _scan(self, text: str, stop: int, ended: bool) -> Iterator[Formula]:
        while self._at < stop:
            if self._fence and not self._leave_fence(text, stop):
                return
            opens = _OPENS.search(text, self._at, stop)
            if opens is None:
                begun = None if ended else _BEGUN.search(text, self._at, stop)
                self._at = begun.start() if begun else stop
                return
            if not ended and opens.end() == stop:  # it may be the half of another
                self._at = opens.start()
                return
            if opens["fence"]:
                self._fence, self._at = opens[0].strip(" \t>")[:3], opens.end()
                continue
            end = self._closed(text, opens, stop, ended)
            if end is None:
                self._at = opens.start()
                return
            if isinstance(end, Formula):
                yield end
                end = end.stop
            self._at = end

    def _leave_fence(self, text: str, stop: int) -> bool:
        end = text.find(self._fence, self._at, stop)
        if end < 0:
            self._at = max(self._at, stop - len(self._fence) + 1)
            return False
        self._fence, self._at = "", end + 3
        return True

    def _closed(
        self, text: str, opens: re.Match[str], stop: int, ended: bool
    ) -> Formula | int | None:
        """A formula; or from where to go on, where it is none; None while that is open."""
        kind = opens.lastgroup
        if kind == "ticks":
            return _code(text, opens, stop, ended)
        if kind is None:
            return opens.end()
        if kind == "single":
            return _dollars(text, opens, stop, ended)
        return _bracketed(text, opens, kind, stop, ended)


def _code(text: str, opens: re.Match[str], stop: int, ended: bool) -> int | None:
    """Behind a span of code, which ends with as many ticks, in its line."""
    begin = opens.end()
    furthest = min(stop, begin + LONGEST)
    for found in _TICKS.finditer(text, begin, furthest):
        if found.end() == stop and not ended:
            return None
        if found["none"]:
            return begin
        if len(found[0]) == len(opens[0]):
            return found.end()
    return None if furthest == stop < begin + LONGEST and not ended else begin


def _bracketed(
    text: str, opens: re.Match[str], kind: str, stop: int, ended: bool
) -> Formula | int | None:
    pattern = {"round": _ROUND, "square": _SQUARE, "double": _DOUBLE, "boxed": _BRACES}.get(kind)
    if pattern is None:
        name = re.escape(opens["environment"])
        pattern = re.compile(
            rf"(?P<deeper>\\begin\{{{name}\}})|(?P<close>\\end\{{{name}\}})|{_BLANK}"
        )
    begin, depth = opens.end(), 1
    furthest = min(stop, begin + LONGEST)
    for found in pattern.finditer(text, begin, furthest):
        if found.lastgroup == "deeper":
            depth += 1
            if depth > DEEPEST:
                return found.end()  # nor is what stands in it looked at
        elif found.lastgroup == "close":
            depth -= 1
            if not depth:
                return _formula(text, opens, kind, found)
        elif found.lastgroup is not None:
            return begin
    return None if furthest == stop < begin + LONGEST and not ended else begin


def _formula(text: str, opens: re.Match[str], kind: str, closes: re.Match[str]) -> Formula | int:
    begin, end = opens.end(), closes.start()
    if not text[begin:end].strip():
        return closes.end()
    if kind in ("environment", "boxed"):
        begin, end = opens.start(), closes.end()
    display = kind in ("square", "double", "environment")
    return Formula(opens.start(), closes.end(), begin, end, display)


def _dollars(text: str, opens: re.Match[str], stop: int, ended: bool) -> Formula | int | None:
    """One between single dollar signs: prices and shell variables are none."""
    start, begin = opens.span()
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return begin
    furthest = min(stop, begin + LONGEST_DOLLARS)
    for found in _SINGLE.finditer(text, begin, furthest):
        if found.lastgroup is None:
            continue
        if found.lastgroup == "none":
            return begin
        if found.end() == stop and not ended:
            return None
        end = found.start()
        good = not text[found.end() : found.end() + 1].isdigit() and _is_math(text[begin:end])
        return Formula(start, found.end(), begin, end, display=False) if good else begin
    return None if furthest == stop < begin + LONGEST_DOLLARS and not ended else begin


def _is_math(body: str) -> bool:
    """Whether what stands between two dollar signs is mathematics, and not what two prices hold."""
    if not body.strip():
        return False
    if "\\" in body:
        return True
    words = len(_WORD.findall(body))
    if body[0].isspace() != body[-1].isspace() and not _SURE.search(body):
        return False
    if _PRICE.match(body) and not _MARKED.search(body):
        return False
    if body[0].isspace() or body.lstrip()[0].isdigit():
        return not words
    return words < 2 or (words < 4 and bool(_MARKED.search(body)))
