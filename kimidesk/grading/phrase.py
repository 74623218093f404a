"""Cuts an answer out of the sentence that states it."""

import re

SHORT = 60  # characters of an answer that may stand alone
MOST_WORDS = 4  # of an answer in words; more is a sentence

_MATHS = re.compile(
    r"\$\$(.+?)\$\$|(?<!\\)\$((?:\\\$|[^$\n])+)(?<!\\)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL
)
_END = re.compile(
    r"[。；！？\n]|(?<!\\)[.!;?](?=\s|$|\*)"
    r"|,?\s+(?:because|since|which|where|so that|as required|as shown)\b"
    r"|[，,]\s*(?:因为|所以|即|其中|这)|,\s+(?:so|and so|but|while|making)\b"
    r"|\(\s*(?:since|because)\b"
)
_LEAD = re.compile(
    r"(?:\s|```\w*|\*\*|:|：|>|"
    r"(?:therefore|thus|simply|exactly|equal to|just|also|indeed|option|choice|"
    r"approximately|about)(?![A-Za-z])|就是|等于|选项|选择|选)+",
    re.IGNORECASE,
)
_CHINESE_SENTENCE = re.compile(r"[一-鿿][^A-Za-z\\$]*\d")  # 一共有 31 个: it leads up to the number
_OPTION = re.compile(r"[(（]?([A-J])[)）]?\s*(?:选项|项|is\s+(?:the\s+)?(?:correct|right))")
_NEGATED = re.compile(r"(?:not|n't|不是|不)\b", re.IGNORECASE)
_NOT_BUT = re.compile(r"(?:not|不是)\s*.{1,40}?(?:,?\s+but\s+|[，,]?而是)(.+)", re.DOTALL)
_SUBJECT = re.compile(  # the largest $n$ is 34: what a sentence says that something is
    r"(?=[A-Za-z一-鿿]).{2,}?\s(?:is|are|equals|was)\s+(?:equal to\s+)?"
    r"(?P<answer>[-$\\\d(\[{√π].*)",
    re.DOTALL,
)
_AMOUNT = re.compile(r"[-−]?[$¥€£]?\s?[-−]?\d[\d,]*(?:\.\d+)?(?:\s?/\s?\d+)?(?:\s?(?:\\?%|万|亿))?")
_JOINED = re.compile(r"\s*(?:,|、|，|;|；|,?\s*and|,?\s*or|和|或|与)\s*$")


def clip(rest: str) -> str:
    """The answer at the beginning of what follows "the answer is"; empty if there is none."""
    rest = _LEAD.sub("", rest, count=1) if _LEAD.match(rest) else rest
    if option := _OPTION.match(rest):
        return option[1]
    if _NEGATED.match(rest):
        other = _NOT_BUT.match(rest)
        return clip(other[1]) if other else ""
    if maths := _MATHS.match(rest):
        return _in_maths(rest, maths)
    end = _sentence_end(rest)
    sentence = plain(rest[:end])
    if told := _SUBJECT.fullmatch(sentence):
        return clip(told["answer"])
    if short(sentence):
        return sentence
    return _from_prose(sentence)


_FULL_STOP = re.compile(r"(?<!\\)[.．。,，；;！]$|(?<=[A-Za-z一-鿿])!$")  # 5! is a factorial


def plain(text: str) -> str:
    """Without markup and the full stop."""
    text = text.strip().strip("*`_").strip()
    while _FULL_STOP.search(text):
        text = text[:-1].rstrip().rstrip("*")
    return text


def short(text: str, words: int = MOST_WORDS) -> bool:
    """Whether a text is an answer rather than a sentence."""
    if _CHINESE_SENTENCE.search(text):
        return False
    found = re.findall(r"(?<!\\)\b[A-Za-z]{2,}\b", _MATHS.sub("", text))
    return (0 < len(text) <= SHORT and len(found) <= words and text.count("=") <= 1) or (
        _formula(text) and len(text) <= 5 * SHORT
    )


def _formula(text: str) -> bool:
    """LaTeX or signs only, no sentence."""
    return not re.search(r"[一-鿿]|(?<![\\A-Za-z{])[A-Za-z]{2,}\s+[A-Za-z]{2,}", text) and bool(
        re.search(r"[\d\\=]", text)
    )


def _in_maths(rest: str, maths: re.Match[str]) -> str:
    """`$1$ and $2$`, or `$5$ cm`: the formulas side by side, or one with its unit."""
    answer, end = _content(maths), maths.end()
    following = _MATHS.search(rest, end)
    while following and _JOINED.fullmatch(rest[end : following.start()]):
        answer, end = f"{answer}, {_content(following)}", following.end()
        following = _MATHS.search(rest, end)
    unit = re.match(r"\s?(?:\\?%|[A-Za-z]{1,12}|[一-鿿]{1,4})(?=\s*(?:[.。,，*]|$))", rest[end:])
    return plain(answer) + (f" {unit[0].strip()}" if unit else "")


def last_maths(sentence: str) -> tuple[str, int] | None:
    """The last formula of a sentence, with those joined to it by "and", and where it ends."""
    spans = list(_MATHS.finditer(sentence))
    if not spans:
        return None
    first = len(spans) - 1
    while first and _JOINED.fullmatch(sentence[spans[first - 1].end() : spans[first].start()]):
        first -= 1
    return ", ".join(_content(each) for each in spans[first:]), spans[-1].end()


def _content(maths: re.Match[str]) -> str:
    return next(group for group in maths.groups() if group is not None).strip()


def _sentence_end(rest: str) -> int:
    depth = 0
    for found in re.finditer(r"[{}]|" + _END.pattern, rest):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth <= 0 and found.start() > 0:
            return found.start()
    return len(rest)


def _from_prose(sentence: str) -> str:
    """The last formula or amount of a sentence that states the answer in words."""
    if formulas := list(_MATHS.finditer(sentence)):
        return _content(formulas[-1])
    amounts = _AMOUNT.findall(sentence)
    if amounts:
        return str(amounts[-1]).strip()
    return sentence if len(sentence) <= 2 * SHORT else ""
