"""Finds the final answer in an answer text, and says by which sign it was found.

Looked for from the surest sign to the weakest: a box, a statement ("the answer is"), bold type, an
answer that is the whole text, the last number of a short text. A placeholder copied from the
prompt (`\\boxed{}`) is no answer, nor is an error message, nor a thought that never ended.
"""

import re
from typing import NamedTuple

from kimidesk.grading.outputs import NEAR, answer_part, cut_off, thinks_aloud
from kimidesk.grading.phrase import clip, last_maths, plain, short

LONGEST = 60_000  # characters from the end that are looked at


class Found(NamedTuple):
    """An answer and the sign that gave it away."""

    answer: str
    how: (
        str  # reads after "found": in a box, stated, in bold, as the whole text, as the last number
    )


_BOX = re.compile(r"\\(?:boxed|fbox|framebox)(?![A-Za-z])\s*")
_PLACEHOLDER = re.compile(
    r"(?:\\text\{|\\mathrm\{)?\W*(?:(?:your|the|insert|final|numerical|correct|my)\s*)*"
    r"(?:answer|result|solution|value|number|choice|option|letter|ans|here|n/?a|x|答案|最终答案|你的答案|结果)?"
    r"(?:\s*here)?\W*\}?",
    re.IGNORECASE,
)
_GAP = r"(?:[ \t$]|\n(?!\n)|\\[\[\]()]|\\q?quad|\\[,;: ])*"
_BETWEEN_BOXES = re.compile(
    rf"{_GAP}(?:(?:\\text\{{\s*)?(?:,|、|，|;|；|,?\s*and|,?\s*or|和|或|与)(?:\s*\}})?{_GAP})?"
)
_BEGINNING = re.compile(
    r"(?i)(?:so|thus|hence|therefore|then|the|we|it|this|that|i|put|because|since|now|let|first|if)\b"
    r"|所以|因此|首先|设|由|解|则"
)
_HASHES = re.compile(r"^\s*####\s*(.+)$", re.MULTILINE)
_STATED = re.compile(
    r"\banswer(?:\s+to\s+(?:this|the)\s[^.\n:]{0,80}?)?\s*(?:\*\*)?\s*"
    r"(?::|：|\bis\b|\bare\b|\bwas\b|\bequals\b|=)\s*(?:\*\*)?\s*:?"
    r"|\bfinal\s+answer\s*(?:\*\*)?\s*\n|【\s*(?:答案|答)\s*】"
    r"|\b(?:correct|right|best)\s+(?:option|choice|answer|statement)\s+is\b"
    r"|(?:答案|最后结果|最终结果|计算结果|结果)\s*(?:\*\*)?\s*(?:应该|应|就|便)?(?:是|为|等于|选|：|:|=)\s*(?:\*\*)?\s*[：:]?"
    r"|(?:故|应|因此|所以|正确|本题)(?:答案|本题)?选(?:择|项)?(?:是|为)?\s*[：:]?"
    r"|(?:^|[\n。])\s*答\s*[：:]",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"\b(?i:option|choice|statement)\s+(\(?[A-J]\)?)\s+is\s+(?:the\s+)?(?:correct|right|answer)"
    r"|(?<![\w(])(\(?[A-J]\)?)\s+is\s+(?:the\s+)?(?:correct|right|best)\b"
)
_BOLD = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_HEADING = re.compile(
    r"(?i)(?:step|part|case|note|example|solution|步骤|第.步|解|注)\b.*|\d+\s*[.)、](?!\d).*|.*[:：]"
)
_RESULT = re.compile(r"[-−]?[$¥€£]?\s?[-−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?\s*(?:\\?%|[A-Za-z一-鿿]+)?")
_UNKNOWN = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])|[\^()]")  # a letter alone
TROUBLE = 1_000  # characters of a text that only tells what went wrong
_TROUBLE = re.compile(
    r"\W*(?:(?:internal|server|api|request|runtime|value|http|fatal|unexpected|openai|litellm)"
    r"[\s.:\w]{0,20}?)?"
    r"(?:error|exception|traceback|failed to|failure|rate ?limit|time(?:d)? ?out|too many requests|"
    r"(?:this|the) model'?s? maximum context|api\w*error|\w+error:|"
    r"http\s?[45]\d\d|[45]\d\d\s+[A-Z][a-z]+ [A-Z]|"
    r"bad gateway|service unavailable|connection (?:refused|reset|error|aborted)|context length|"
    r"out of memory|错误|请求失败|超时|服务器)"
    r"|\W*(?:none|null|nan|n/a|undefined)\W*$"
    r"|\s*\{\s*[\"']?(?:error|code|message|detail)",
    re.IGNORECASE,
)


def find(output: str, *, cut: bool = False, question: str = "") -> Found | None:
    """The final answer of an output; None if there is none.

    Of a text that was `cut` off, or looks so, only what it states near its end counts. The
    `question` is passed over where the output repeats it: it may show an empty box, or numbers.
    """
    part = answer_part(output)
    text = (part or "")[-LONGEST:].strip()
    if len(question.strip()) >= ECHO and question.strip() in text:
        text = _LABEL.sub("", text.rpartition(question.strip())[2].strip())
    if not text or (_TROUBLE.match(text) and len(text) < TROUBLE):
        return None
    if cut or cut_off(text):
        return _of_cut(text)
    if found := _stated_behind(text):
        return found
    for look in LOOKS:
        if found := look(text):
            return found
    return None


_FINAL = re.compile(r"(?:final\s+answer|\banswer)\s*(?:\*\*)?\s*(?:[:：]|is\b)", re.IGNORECASE)


def _stated_behind(text: str) -> Found | None:
    """What is called the answer behind the last box is the last word."""
    boxes = list(_BOX.finditer(text))
    rest = text[boxes[-1].end() :] if boxes else ""
    found = _stated(rest) if _FINAL.search(rest) else None
    return found if found is not None and len(found.answer) <= SHORT_TEXT // 10 else None


_DOUBTS = re.compile(
    r"\b(?:wait|but|hmm|check|verify|let me|alternatively|actually)\b|等等|不对|检查", re.I
)
ECHO = 15  # characters of a question that is not found in an answer by chance
_LABEL = re.compile(r"\A(?:A|Answer|答)\s*[:：]\s*")


def _of_cut(text: str) -> Found | None:
    """A box that closed or a statement that ended, near enough to the end to be the last word."""
    end = text[-NEAR:] if thinks_aloud(text) or len(text) > 10 * NEAR else text
    if (found := _boxed(end)) and not _DOUBTS.search(end[end.rfind(r"\boxed") :]):
        return found
    end = end.rpartition("\n")[2]
    stated = None if thinks_aloud(text) else _stated(end)
    if stated is None:
        return None
    return stated if end.rfind(stated.answer) + len(stated.answer) < len(end) else None


def result_of(answer: str) -> str:
    """What a calculation comes to: `2 * 160 = 320 hours` is an answer of 320 hours.

    An equation in unknowns (`x + y = 5`) stays whole.
    """
    left, equals, right = answer.rpartition("=")
    calculates = equals and re.search(r"[-+*/×÷!]|\\(?:times|div|cdot|frac)", left)
    if not calculates or not _RESULT.fullmatch(right.strip()) or _UNKNOWN.search(left):
        return answer
    return right.strip()


def is_placeholder(answer: str) -> bool:
    """Whether an answer only keeps the place of one: empty, dots, "answer"."""
    if answer.strip(" ()[]{}$\\.").lower() == "x" or not any(sign.isalpha() for sign in answer):
        return not re.search(r"\w|\\[a-z]*(?:infty|pi|emptyset|varnothing)", answer)
    return bool(_PLACEHOLDER.fullmatch(answer)) or answer.strip() in {
        r"\ldots",
        r"\cdots",
        r"\dots",
    }


def _boxed(text: str) -> Found | None:
    boxes = [box for box in (_box(text, mark) for mark in _BOX.finditer(text)) if box]
    boxes = [box for box in boxes if not is_placeholder(box[2])]
    if not boxes:
        return None
    start, _, answer = boxes[-1]
    for earlier_start, earlier_end, content in reversed(boxes[:-1]):
        if not _BETWEEN_BOXES.fullmatch(text[earlier_end:start]):
            break  # an answer before the final one
        if content != boxes[-1][2]:  # one that is only said again is no second answer
            answer = f"{content}, {answer}"
        start = earlier_start
    return Found(answer, "in a box")


def _box(text: str, mark: re.Match[str]) -> tuple[int, int, str] | None:
    """Start, end and content; None for a box that was cut off."""
    begin = mark.end()
    if text[begin : begin + 1] != "{":
        bare = re.compile(r"[^\s$.,;，。\\{}]+").match(text, begin)
        return (mark.start(), bare.end(), bare[0]) if bare else None
    depth = 0
    for place in range(begin, len(text)):
        if text[place] in "{}" and (text[place - 1] != "\\" or text[place - 2 : place] == "\\\\"):
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return mark.start(), place + 1, text[begin + 1 : place].strip()
    return None


def _stated(text: str) -> Found | None:
    """After `####` or "the answer is", the last one of them that says something."""
    marks = [(found.start(1), found.start(1)) for found in _HASHES.finditer(text)]
    marks += [(found.start(), found.end()) for found in _STATED.finditer(text)]
    marks += [
        (found.start(), found.start(found.lastindex or 0)) for found in _OPTION.finditer(text)
    ]
    for _, place in sorted(marks, reverse=True):
        answer = clip(text[place:])
        if answer and not is_placeholder(answer) and not _BOX.search(answer):
            return Found(answer, "stated")
    return None


def _bold(text: str) -> Found | None:
    for found in reversed(list(_BOLD.finditer(text))):
        content = found[1].strip()
        answer = clip(content)
        if answer and short(answer) and not _HEADING.fullmatch(content):
            return Found(answer, "in bold")
    return None


def _whole(text: str) -> Found | None:
    if (
        "\n" in text.strip("$ \n")
        or not short(text, words=2)
        or is_placeholder(text)
        or _DENIES.search(text)
    ):
        return None
    if _BOX.search(text) or _BEGINNING.match(text):
        return None  # a box that holds nothing or was cut off; the beginning of a sentence
    answer = plain(text)
    return Found(answer, "as the whole text") if answer else None


def _last_sentence(text: str) -> str:
    parts = re.split(r"\n+|(?<=[.。!！?？])\s+|(?<=[。！？])", text.rstrip())
    rest = [part for part in parts if part.strip() and not _HOPE.match(part)]
    return rest[-1] if rest else ""


_HOPE = re.compile(r"\s*I hope (?:it|this) is correct", re.IGNORECASE)


def _last_formula(text: str) -> Found | None:
    """The formula that a text ends with, unless a number outside of it stands behind."""
    if len(text) > SHORT_TEXT or _BOX.search(text) or not _FINISHED.search(text):
        return None
    sentence = _last_sentence(text)
    if _DENIES.search(sentence):
        return None
    found = last_maths(sentence)
    if not found or re.fullmatch(r"\s*(?:[A-Za-z]|\d+)\s*", found[0]):
        return None  # a name, or a number that the next look reads with its unit
    if re.search(r"\d", sentence[found[1] :]):
        return None
    return Found(found[0], "as the last formula")


_LAST_WORDS = re.compile(
    r".*(?:取值范围|解集|值域|定义域|长|值|面积|体积|概率|比|[根解])\s*(?:是|为|等于|[:：])\s*(?P<answer>[^是为，。]{1,60}?)\s*[。．.]?\s*"
)


def _last_words(text: str) -> Found | None:
    """What a Chinese sentence that ends the text says something is: 取值范围是[1,+∞)."""
    found = _LAST_WORDS.fullmatch(_last_sentence(text)) if len(text) <= SHORT_TEXT else None
    answer = plain(found["answer"]) if found else ""
    if not answer or _DENIES.search(answer) or re.search(r"[一-鿿]{3,}", answer):
        return None
    return Found(answer, "as the last words")


SHORT_TEXT = 600  # characters in which the last number may be the answer
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.\-–/^])(?P<sign>[-−–]\s?)?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?)"
    r"(?P<percent>\s?(?:\\?%|万|亿))?(?![\d]|[A-Za-z_]\w*\d|-\w|\.\d)"
)
_FINISHED = re.compile(r"[.。!！)$\]*]\s*$|\d\s*(?:[ckm]?m|kg|%|[一-鿿]{1,3})?\s*$")
_DENIES = re.compile(r"[?？]\s*$|\bnot\b|n't\b|\bcannot\b|不是|不能|无法|不知", re.IGNORECASE)
_UNFINISHED = re.compile(r"[-+*/×÷^]\s*$")


_YES = re.compile(r"\s*(yes|no)\s*[,.:;]", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?:\s*[ap]\.?m\b\.?)?", re.IGNORECASE)


def _yes_or_no(text: str) -> Found | None:
    """A short text that begins with it."""
    found = _YES.match(text) if len(text) <= SHORT_TEXT and "\n\n" not in text else None
    return Found(found[1], "as its first word") if found else None


def _last_number(text: str) -> Found | None:
    """A weak sign: only in a short text that came to its end, and in its last sentence."""
    if len(text) > SHORT_TEXT or not _FINISHED.search(text) or _BOX.search(text):
        return None
    sentence = _last_sentence(text)
    if times := _TIME.findall(sentence):
        return Found(times[-1].rstrip(". "), "as the last time")
    numbers = list(_NUMBER.finditer(sentence))
    if not numbers or _DENIES.search(sentence):
        return None
    found = numbers[-1]
    if _UNFINISHED.search(sentence[: found.start()]) and "=" not in sentence[found.end() :]:
        return None  # a calculation that was cut off
    return Found(
        (("-" if found["sign"] else "") + found["number"] + (found["percent"] or "")).strip(),
        "as the last number",
    )


LOOKS = (_boxed, _stated, _bold, _last_words, _whole, _yes_or_no, _last_formula, _last_number)
