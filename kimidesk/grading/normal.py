"""One spelling for one answer: LaTeX, full-width and Chinese forms brought together as text.

Nothing here calculates. What a person would call the same formula typed differently becomes the
same string; `1/2` and `0.5` stay apart and are left to `kimidesk.grading.number`.
"""

import re
import unicodedata
from typing import NamedTuple

from kimidesk.grading.numerals import in_digits
from kimidesk.grading.units import split_unit

LONGEST = 4_000  # characters of an answer that are looked at; longer ones are compared as they are


class Form(NamedTuple):
    """An answer, taken apart."""

    text: str  # tidy LaTeX, single spaces, without name and unit
    name: str = ""  # what it is said to be the value of: the `x` of `x = 3`
    unit: str = ""  # canonical where it is known
    listed: str = ""  # the other reading of 58,500: a list of two numbers

    @property
    def key(self) -> str:
        """Equal keys are equal answers."""
        if _WORDS.fullmatch(self.text):
            return _ARTICLE.sub("", self.text).replace(" ", "").casefold()
        return _BLANK.sub("", self.text)


_BLANK = re.compile(r"(?<!\d) | (?!\d)")  # not between digits: 1 2 is not 12
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,])")  # 1 000
_ARTICLE = re.compile(r"^(?:an?|the)\s+(?=[A-Za-z]{3})", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z][A-Za-z.,'\- ]{2,}")  # not a lone letter: X is not x

# Full-width ASCII, then signs that have a plain or a LaTeX spelling.
_SIGNS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    ord(sign): plain
    for sign, plain in {
        "\u3000": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": "",
        "−": "-", "–": "-", "—": "-", "‐": "-", "﹣": "-", "。": ".", "、": ",", "【": "[",
        "】": "]",
        "×": r"\cdot ", "·": r"\cdot ", "⋅": r"\cdot ", "∙": r"\cdot ", "÷": "/", "∕": "/",
        "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ",
        "±": r"\pm ", "∞": r"\infty ", "π": r"\pi ", "°": r"\degree ", "√": r"\sqrt ",
        "∪": r"\cup ", "∩": r"\cap ", "∈": r"\in ", "∅": r"\emptyset ", "∨": r"\vee ",
        "∧": r"\wedge ", "∣": r"\mid ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "θ": r"\theta ",
        "α": r"\alpha ", "β": r"\beta ", "λ": r"\lambda ", "′": "'", "’": "'", "∶": ":",
        **{sign: f"^{{{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        "ₙ": "_n", "ᵢ": "_i", "ₖ": "_k",
        **{sign: f"_{{{digit}}}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
        **{chr(0x2460 + n): f"({n + 1})" for n in range(9)},  # ① … ⑨
    }.items()
}  # fmt: skip

_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\(?:displaystyle|textstyle|limits|bf|rm|it)(?![A-Za-z])", ""),
        (r"\\(?:left|right|[bB]igg?[lr]?|middle)(?![A-Za-z])\s*\.?(?=\s*[\[\](){}|\\/<>]|$)", ""),
        (r"\{,\}|,\\!|\\!", lambda m: "" if "," in m[0] else " "),  # 10{,}000 and 10,\!000
        (r"(?<!\\)\\(?:[,;:> ]|quad(?![A-Za-z])|qquad(?![A-Za-z])|hspace\{[^{}]*\})|~", " "),
        (r"\\textcircled\{(\d)\}", r"(\1)"),
        (r"\\[dtc]frac(?![A-Za-z])", r"\\frac"),
        (r"\\(?:leqslant|leq)(?![A-Za-z])", r"\\le "),
        (r"\\(?:geqslant|geq)(?![A-Za-z])", r"\\ge "),
        (r"\\lt(?![A-Za-z])", "<"),
        (r"\\gt(?![A-Za-z])", ">"),
        (r"<=", r"\\le "),
        (r">=", r"\\ge "),
        (r"\\neq(?![A-Za-z])|!=", r"\\ne "),
        (r"\\(?:times|cdotp)(?![A-Za-z])", r"\\cdot "),
        (r"\\div(?![A-Za-z])", "/"),
        (r"\{:\}", ":"),
        (r"\\log_\{?e\}?(?![A-Za-z])", r"\\ln "),
        (r"(?<![A-Za-z\\])C\((\d+),\s*(\d+)\)|(?<![A-Za-z\\])C_\{?(\d+)\}?\^\{?(\d+)\}?",
         lambda m: rf"\binom{{{m[1] or m[3]}}}{{{m[2] or m[4]}}}"),
        (r"\\langle(?![A-Za-z])", "("),
        (r"\\rangle(?![A-Za-z])", ")"),
        (r"\[\s*(\\begin\{array\}.*\\end\{array\})\s*\]", r"\1"),
        (r"\\(?:lbrace|rbrace)(?![A-Za-z])", lambda m: r"\{" if m[0][1] == "l" else r"\}"),
        (r"\\(?:vert|lvert|rvert)(?![A-Za-z])", "|"),
        (r"\\(?:varnothing)(?![A-Za-z])|\\\{\s*\\\}", r"\\emptyset "),
        (r"\\(?:lor)(?![A-Za-z])|(?<=[^A-Za-z])or(?=[^A-Za-z])|或者?", r" \\vee "),
        (r"\\(?:land)(?![A-Za-z])|(?<=[^A-Za-z])and(?=[^A-Za-z])|(?<=[^一-鿿])[和且与及](?=[^一-鿿])",
         r" \\wedge "),
        (r"(?<![A-Za-z])\\?(sin|cos|tan|cot|sec|csc)\s*([({]?)\s*(\d+)\s*(?:\^\s*\{?\s*)?"
         r"\\(?:circ|degree)\s*\}?", r"\\\1\2{\\frac{\3\\pi}{180}}"),
        (r"(?<![A-Za-z\\])exp\s*\(([^()]*)\)", r"e^{\1}"),
        (r"\\exp\s*\(([^()]*)\)", r"e^{\1}"),
        (r"\\lg(?![A-Za-z])", r"\\log_{10}"),
        (r"(\d*)\.(\d*)\s*\\(?:overline|dot|bar)\s*\{?(\d+)\}?", lambda m: _repeating(*m.groups())),
        (r"(?<=\d)又(?=\d)", " "),
        (r"\^\s*\{?\s*\\(?:circ|degree)\s*\}?", r"\\degree "),
        (r"\\%", "%"),
        (r"(?<![A-Za-z])(?:sqrt)\s*\(([^()]*)\)", r"\\sqrt{\1}"),
        (r"\\sqrt\s*\(([^()]*)\)", r"\\sqrt{\1}"),
        (r"\\sqrt\s*(\d|[A-Za-z])", r"\\sqrt{\1}"),
        (r"\\frac\s*(\d)\s*(\d)", r"\\frac{\1}{\2}"),
        (r"\\frac\s*(\d)\s*\{", r"\\frac{\1}{"),
        (r"\\frac\s*(\{[^{}]*\})\s*(\d|[A-Za-z])", r"\\frac\1{\2}"),
        (r"(\d(?:\.\d+)?)\s*万", r"\1\\cdot 10^4"),
        (r"(\d(?:\.\d+)?)\s*亿", r"\1\\cdot 10^8"),
        (r"\*\*", "^"),
        (r"\*", r"\\cdot "),
        (r"(?<![A-Za-z\\])pi(?![A-Za-z])", r"\\pi "),
        (r"(?<![A-Za-z\\])(?:infty|infinity|inf|oo)(?![A-Za-z])", r"\\infty "),
        (r"\+\s*(?=\\infty)", ""),
        (r"([\^_])\s*\{\s*([A-Za-z0-9])\s*\}", r"\1\2"),
        (r"\s+", " "),
        (r"\s*([-+=<>/^_(){}\[\],;:|!%])\s*", r"\1"),
    )
)  # fmt: skip


def _repeating(whole: str, before: str, again: str) -> str:
    """0.1666… as a fraction: all digits less those before, over nines and noughts."""
    under = (10 ** len(again) - 1) * 10 ** len(before)
    over = int(f"{whole}{before}{again}") - int(f"{whole}{before}" or "0")
    return rf"\frac{{{over}}}{{{under}}}"


_ROMAN = re.compile(
    r"\\(?:text|mbox|mathrm|textbf|mathbf|textit|textnormal|operatorname|textrm|hbox)"
    r"\s*\{([^{}]*)\}"
)
_DELIMITERS = re.compile(r"(?<!\\)\$|(?<!\\)\\[()\[\]]|(?<![*\w)}])\*\*|\*\*(?![*\w(\\{])")
_NAME = re.compile(
    r"((?:\\?[A-Za-z]+\d?|[^\W\d_])(?:_(?:\w|\{[^{}]*\}))?'?(?:\([A-Za-z](?:,[A-Za-z])*\))?)="
    r"(?=[^=<>]*$)"
)
_CURRENCY = re.compile(r"\\\$|[¥￥€£]")
_MONEY = re.compile(r"\\\$\s*\d")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?")


_ROOT = re.compile(r"√\s*(\d+(?:\.\d+)?)")  # of the whole number; LaTeX takes one digit
_PER = re.compile(  # m s^{-2}
    r"(?<=[\d\s~{])(k?m|c?m|rad)\s*(?:\\cdot|\\[,;]|·|~)?\s*(s|h)\s*\^\s*\{?\s*-\s*([12])\s*\}?"
)
_TRIG = re.compile(r"\\?(?:sin|cos|tan|cot|sec|csc)(?![A-Za-z])")


def normalise(answer: str) -> Form:
    """The tidy form of an answer; any text is accepted."""
    if len(answer) > LONGEST:
        return Form(answer.strip())
    answer = _ROOT.sub(r"\\sqrt{\1}", answer)
    text = "".join(filter(_shown, unicodedata.normalize("NFC", answer))).translate(_SIGNS)
    text = reworded(text)
    money = _MONEY.search(text)
    text = _bare(_DELIMITERS.sub("", _CURRENCY.sub("", text)))
    text = _PER.sub(lambda m: f"{m[1]}/{m[2]}" + ("^2" if m[3] == "2" else ""), text)
    text, unit = split_unit(text) if not _TRIG.search(text) else (text, "")
    unit = unit or ("dollar" if money else "")
    text = _SPACED.sub(lambda m: m[0].replace(" ", ""), tidy(text))
    name = ""
    if found := _NAME.match(text):
        name, text = found[1], text[found.end() :]
    if _THOUSANDS.fullmatch(text):
        return Form(text.replace(",", ""), name, unit, listed=text)
    return Form(_unwrapped(text), name, unit)


def _shown(sign: str) -> bool:
    """No control character, and none that only turns the direction of writing."""
    return sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf"}


# How an answer is led up to, and words for signs.
_ABOUT = re.compile(
    r"^\s*\$?\s*(?:约[为是]?|大约是?|近似[为等于]*|\\approx|≈|approximately|approx\.?|about|roughly|nearly)\s*"
    r"(?=[-$\\\d])"
)
_SUBJECT = re.compile(r"^[一-鿿]{1,10}(?:是|为|等于|[：:])\s*(?=[-$\\\d(])")
_KIND = re.compile(
    r"^(?:[开闭]?区间|集合|坐标|点|一?共有?|总共有?|有)\s*(?:是|为)?\s*(?=[\[({（\d$\\])"
)
_YES = re.compile(r"^(yes|no)\s*[,.，。;].{0,200}$", re.IGNORECASE | re.DOTALL)
_SPEED = re.compile(r"每(分钟|小时|秒钟?)\s*(\d+(?:\.\d+)?)\s*(千米|公里|米)")
_RATES = (
    (re.compile(r"(?:千米|公里)\s*(?:/|每)\s*(?:小时|时|h)"), "km/h"),
    (re.compile(r"米\s*(?:/|每)\s*(?:秒钟?|s)"), "m/s"),
    (re.compile(r"米\s*(?:/|每)\s*(?:分钟?|min)"), "m/min"),
)
_POWERS_OF = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s*({'|'.join(_POWERS_OF)})\b", re.IGNORECASE)
_ORDINAL = re.compile(r"^第\s*(\d+)\s*[一-鿿]?$")
_PERCENT = re.compile(
    r"(?<=[\d)}$])\s*(?:\\(?:text|mathrm|mbox)\s*\{\s*)?(?:per\s?cent(?:age)?|percentage|pct)\b\.?\s*\}?",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(?<=\d)\s*比\s*(?=\d)")
_MEASURED = re.compile(
    r"^(负?[零〇一二两三四五六七八九十百千万亿]+)(个|元|人|名|只|本|米|厘米|千克|公斤|小时|分钟|天|次|种|条|岁|度)$"
)
_SAYINGS = {  # whole answers: what people say in one way or another
    **dict.fromkeys(("no solution", "no solutions", "no real solution", "no real solutions", "none",
        "无解", "没有解", "没有实数解", "无实数解", "不存在", "does not exist", "dne", "空集",
        "empty set", "the empty set", "undefined"), r"\emptyset"),
    **dict.fromkeys(("正确", "对", "√", "✓", "true", "right", "correct"), "true"),
    **dict.fromkeys(("错误", "错", "×", "✗", "false", "incorrect"), "false"),
    **dict.fromkeys(("无数", "无数个", "无穷多", "无穷多个", "infinitely many", "无限多", "无数条"),
        "infinitely many"),
    "没有": "无", "充要条件": "充分必要条件", "充要": "充分必要", "一半": r"\frac{1}{2}",
    "大于": ">", "小于": "<", "等于": "=", "全体实数": r"\mathbb{R}", "一切实数": r"\mathbb{R}",
    "任意实数": r"\mathbb{R}", "所有实数": r"\mathbb{R}",
    "实数集": r"\mathbb{R}", "是": "yes", "否": "no",
}  # fmt: skip


def reworded(text: str) -> str:
    """Words of an answer brought to the signs that they stand for."""
    bare = _bare(_DELIMITERS.sub("", text))
    inner = _ROMAN.sub(r"\1", bare).strip()
    if inner.lower() in _SAYINGS:
        return _SAYINGS[inner.lower()]
    if (number := in_digits(inner)) is not None:
        return number
    if found := _MEASURED.match(inner):
        return f"{in_digits(found[1]) or found[1]}{found[2]}"
    if found := _YES.match(inner):
        return found[1].lower()
    text = _SPEED.sub(lambda m: f"{m[2]}{m[3]}/{m[1]}", text)
    for pattern, unit in _RATES:
        text = pattern.sub(unit, text)
    text = _SCALE.sub(lambda m: rf"{m[1]}\cdot 10^{{{_POWERS_OF[m[2].lower()]}}}", text)
    text = _KIND.sub("", _SUBJECT.sub("", _ABOUT.sub("", text)))
    if found := _ORDINAL.match(bare):
        return found[1]
    return _RATIO.sub(":", _PERCENT.sub("%", text))


def tidy(text: str) -> str:
    """Spellings only: no name, unit or delimiter is taken off."""
    text = _ROMAN.sub(lambda m: f" {m[1]} " if len(m[1].strip()) > 1 else m[1], text)
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return _leading_zeros(_bare(text))


def _bare(text: str) -> str:
    """Without the punctuation and the quotes that surround an answer in a sentence."""
    text = text.strip().strip('`"“”\u300c\u300d').strip()
    if text.endswith("\\") and not text.endswith("\\\\"):
        text = text[:-1].rstrip()
    while text[-1:] in {".", ",", ";", ":"} and not text.endswith((r"\,", r"\;", r"\:", "...")):
        text = text[:-1].rstrip()
    return text


def _leading_zeros(text: str) -> str:
    return re.sub(r"(?<![\d.A-Za-z])\.(?=\d)", "0.", text)


_BUILT = re.compile(r"\{\s*[A-Za-z]\s*(?:\||:|\\mid)")  # {x|x<1}


def _unwrapped(text: str) -> str:
    """`{…}` around the whole is LaTeX grouping, not a set."""
    while (
        text.startswith("{")
        and _closing(text) == len(text) - 1
        and "," not in text
        and not _BUILT.match(text)
    ):
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Where the bracket that opens `text` closes; -1 when it does not."""
    depth = 0
    for place, sign in enumerate(text):
        if sign in "{}" and not (place and text[place - 1] == "\\"):
            depth += 1 if sign == "{" else -1
            if depth == 0:
                return place
    return -1
