"""What stands behind a number: centimetres, dollars, 个.

A unit that only one of two answers names does not make them differ; two known units that differ
do, because five metres are not five centimetres.
"""

import re

_KNOWN = {
    "nm": "nm nanometer nanometre 纳米",
    "um": "um μm µm micrometer micrometre micron 微米",
    "mm": "mm millimeter millimetre 毫米",
    "cm": "cm centimeter centimetre 厘米",
    "dm": "dm decimeter decimetre 分米",
    "m": "m meter metre 米",
    "km": "km kilometer kilometre 千米 公里",
    "inch": "in inch inches",
    "foot": "ft foot feet",
    "yard": "yd yard",
    "mile": "mi mile",
    "mg": "mg milligram 毫克",
    "g": "g gram 克",
    "kg": "kg kilogram 千克 公斤",
    "ton": "t ton tonne 吨",
    "pound": "lb lbs pound",
    "second": "s sec second 秒 秒钟",
    "minute": "min minute 分钟 分",
    "hour": "h hr hrs hour 小时",
    "day": "day 天",
    "week": "week 周 星期",
    "month": "month 个月 月",
    "year": "year 年",
    "litre": "L liter litre 升",
    "millilitre": "mL ml milliliter millilitre 毫升",
    "dollar": "dollar 美元",
    "cent": "cent 美分",
    "yuan": "yuan 元",
    "jiao": "jiao 角",
    "degree": "degree deg 度",
    "radian": "rad radian 弧度",
    "mph": "mph",
    "km/h": "km/h kph",
    "m/s": "m/s",
    "m/s^2": "m/s^2",
    "hertz": "Hz hertz 赫兹",
    "ohm": "ohm 欧姆",
    "m/min": "m/min",
    "newton": "N newton 牛顿 牛",
    "joule": "J joule 焦耳",
    "watt": "W watt 瓦特 瓦",
    "volt": "V volt 伏特 伏",
    "pascal": "Pa pascal 帕",
    "ev": "eV",
    "mole": "mol mole 摩尔",
    "kelvin": "kelvin",
    "celsius": "celsius 摄氏度",
    "fahrenheit": "fahrenheit 华氏度",
    "unit": "unit 单位",
}
_CANON = {
    spelling: unit
    for unit, spellings in _KNOWN.items()
    for word in spellings.split()
    for spelling in ((word, word + "s") if len(word) > 2 and word.isascii() else (word,))
}
_POWERS = {"square": "^2", "sq": "^2", "平方": "^2", "cubic": "^3", "cu": "^3", "立方": "^3"}

_VALUE_END = r"(?<=[\d)}\]%])|(?<=\\pi)"  # what a unit may follow
_POWER = r"\s*(?P<power>\^\s*\{?\s*[23]\s*\}?)?"
_ROMAN = re.compile(
    rf"(?:{_VALUE_END})(?:\s|\\[,;: ])*\\(?:text|mbox|mathrm|textrm|textbf|textit|textnormal)\s*\{{"
    rf"(?P<words>[^{{}}]*)\}}{_POWER}(?:\s|\.)*$"
)
_PLAIN = re.compile(
    rf"(?:{_VALUE_END})(?:\s|\\[,;: ])*(?P<words>[A-Za-z][A-Za-z/ ]*[A-Za-z]\.?|[一-鿿]{{1,5}})"
    rf"{_POWER}(?:\s|\.)*$"
)
_DEGREE = re.compile(r"\s*(?:\^\s*\{?\s*\\circ\s*\}?|\\degree)\s*$")
_OHM = re.compile(
    r"(?<=\d)(?:\s|\\[,;: ]|~)*(?:\\(?:text|mathrm)\s*\{\s*)?(?:\\Omega|Ω|Ω)\s*\}?\s*$"
)
_TEMPERATURE = re.compile(
    r"(?<=\d)\s*(?:\^\s*\{?\s*\\circ\s*\}?|\\degree)\s*(?:\\(?:text|mathrm)\s*\{\s*)?([CF])\s*\}?\s*$"
)
# A word that changes the number, or joins it to something, is no unit.
_NOT_UNITS = re.compile(
    r"\b(?:thousand|million|billion|trillion|hundred|dozen|half|more|less|than|to|or|and|if|for|"
    r"when|mod|over|under|below|above|percent|times|is|are|not|pi|e|i|am|pm|a\.m|p\.m|choose|"
    r"base|where|with|all|each|every|between|sqrt|sin|cos|tan|log|ln|st|nd|rd|th)\b",
    re.IGNORECASE,
)
_CHINESE_MULTIPLES = re.compile(r"[万亿百十半余多成折和或且与及到至分之是]|千(?![米克瓦])|倍|以|之")


def canonical(word: str) -> str:
    """The one name of a unit that is known; "" for any other word."""
    prefixed = next((each for each in ("平方", "立方") if word.startswith(each)), "")
    return "" if prefixed else _CANON.get(word, _CANON.get(word.lower(), ""))


def split_unit(text: str) -> tuple[str, str]:
    """A value and its unit, canonical where known; no unit where none is certain."""
    if found := _OHM.search(text):
        return text[: found.start()], "ohm"
    if found := _TEMPERATURE.search(text):
        return text[: found.start()], "celsius" if found[1] == "C" else "fahrenheit"
    if found := _DEGREE.search(text):
        return text[: found.start()], "degree" if found.start() else ""
    if found := _ROMAN.search(text):
        value, words = text[: found.start()], found["words"].strip().rstrip(".")
        roman = True
    elif found := _PLAIN.search(text):
        value, words = text[: found.start()], found["words"].strip().rstrip(".")
        roman = False
    else:
        return text, ""
    unit = _unit(words, found["power"] or "", roman=roman)
    return (value, unit) if unit and _counts(value) else (text, "")


def conflict(one: str, other: str) -> bool:
    """Whether two units are both known and differ."""
    return one != other and one in _COMPARABLE and other in _COMPARABLE


def _unit(words: str, power: str, *, roman: bool) -> str:
    if words in _CANON and (roman or len(words) > 1 or not words.isascii()):
        return _CANON[words] + re.sub(r"[\s{}]", "", power)
    for prefix, exponent in _POWERS.items():
        rest = words.removeprefix(prefix).strip()
        if rest != words and rest.rstrip(".") in _CANON:
            return _CANON[rest.rstrip(".")] + exponent
    if power or _NOT_UNITS.search(words) or _CHINESE_MULTIPLES.search(words):
        return ""
    if not words.isascii():
        return words if len(words) <= 3 else ""
    # Things that were counted: apples, different ways. Letters alone may be variables.
    parts = words.split()
    return words.lower() if len(parts) <= 3 and all(len(part) > 2 for part in parts) else ""


def _counts(value: str) -> bool:
    """Whether a value is one quantity: with letters or relations it may be a formula."""
    bare = re.sub(
        r"\\(?:d?frac|tfrac|sqrt|pi|cdot|times|left|right|text|dollars)(?![A-Za-z])", "", value
    )
    return not re.search(r"[A-Za-z<>=一-鿿]|\\[a-z]", re.sub(r"dollars|^\s*\w+\s*=", "", bare))


_COMPARABLE = {canon + power for canon in _KNOWN for power in ("", "^2", "^3")} - {"unit"}
