"""Numbers in words, English and Chinese, as digits: twenty-five, 三分之一, 百分之五, 负三."""

import re
from fractions import Fraction

_ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10**4, "亿": 10**8}
_HAN = "零〇一二两三四五六七八九十百千万亿"
_SHARE = re.compile(rf"([{_HAN}]+|\d+)分之([{_HAN}]+|\d+)")
_PERCENT = re.compile(rf"百分之([{_HAN}点]+|\d+(?:\.\d+)?)")
LONGEST = 60  # characters of a number in words


def in_digits(text: str) -> str | None:
    """A whole text that is a number in words, in digits; None for anything else."""
    word = text.strip()
    if not word or len(word) > LONGEST:
        return None
    if word[0] == "负":
        rest = in_digits(word[1:])
        return f"-{rest}" if rest is not None else None
    if word[0] in _HAN or "分之" in word:
        return _chinese(word)
    return _english(word.lower()) if word[0].isascii() and word[0].isalpha() else None


def _chinese(word: str) -> str | None:
    if found := _PERCENT.fullmatch(word):
        share = found[1] if found[1][0].isdigit() else _chinese_decimal(found[1])
        return f"{share}%" if share is not None else None
    if found := _SHARE.fullmatch(word):
        under, over = (int(each) if each.isdigit() else _whole(each) for each in found.groups())
        return f"{over}/{under}" if over is not None and under else None
    return _chinese_decimal(word)


def _chinese_decimal(word: str) -> str | None:
    whole, point, decimals = word.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if not point:
        return str(value)
    digits = [_DIGITS.get(sign) for sign in decimals]
    if not digits or None in digits:
        return None
    return f"{value}.{''.join(map(str, digits))}"


def _whole(word: str) -> int | None:
    """一百零五, 二十, 两千, 三万五千; 二〇二四 digit by digit."""
    if not word or any(sign not in _HAN for sign in word):
        return None
    if len(word) > 1 and all(sign in _DIGITS for sign in word):
        return int("".join(str(_DIGITS[sign]) for sign in word))
    total, section, digit, last = 0, 0, None, 0
    for sign in word:
        if sign in _DIGITS:
            if digit is not None and digit != 0:
                return None  # two digits side by side
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[sign]
            digit, last = None, _UNITS[sign]
        else:
            section += digit or 0
            total, section, digit, last = (total + section) * _LARGE[sign], 0, None, _LARGE[sign]
    tail = digit or 0
    if tail and last >= 100 and "零" not in word[-2:] and word[-2] != "〇":
        tail *= last // 10  # 一百五 is 150, 三万五 is 35,000
    return total + section + tail


def _english(word: str) -> str | None:
    words = re.split(r"[\s-]+(?:and[\s-]+)?", word)
    if words[-1].rstrip("s") in _FRACTIONS or words[-1] == "halves":
        under = _FRACTIONS.get(words[-1].rstrip("s"), 2)
        over = 1 if words[:-1] in ([], ["a"]) else _english_whole(words[:-1])
        return str(Fraction(over, under)) if over is not None else None
    value = _english_whole(words)
    return None if value is None else str(value)


def _english_whole(words: list[str]) -> int | None:
    total, part = 0, 0
    for word in words:
        if word in _ONES:
            part += _ONES[word]
        elif word in _TENS:
            part += _TENS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
        else:
            return None
    return total + part
