"""Times of the day and days: 4:30 p.m., 16:30, 下午3点半, March 5, 3月5日, 星期三."""

import re
from typing import NamedTuple

_CLOCK = re.compile(
    r"(?P<early>上午|早上|凌晨|中午|下午|晚上|傍晚)?\s*(?P<hour>\d{1,2})\s*"
    r"(?::\s*(?P<minute>\d{2})(?::\d{2})?|(?P<point>点钟?|时)(?:(?P<half>半)|(?P<after>\d{1,2})分?)?)?"
    r"\s*(?P<half_day>[ap]\.?\s?m\b\.?|o'?clock)?",
    re.IGNORECASE,
)
_NAMED = {"noon": 720, "midnight": 0, "中午": 720, "正午": 720, "午夜": 0}
_LATER = {"下午", "晚上", "傍晚"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_DAYS = {
    name: number
    for number, names in enumerate(
        [
            "monday mon 一",
            "tuesday tue 二",
            "wednesday wed 三",
            "thursday thu 四",
            "friday fri 五",
            "saturday sat 六",
            "sunday sun 日 天",
        ]
    )
    for name in names.split()
}
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>[A-Za-z]{3,9})\.?(?:,?\s*(?P<year>\d{4}))?",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]",
    )
)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])|([A-Za-z]{3,9})")


class Clock(NamedTuple):
    """Minutes after midnight; without a half of the day known, after noon or midnight."""

    minutes: int
    sure: bool  # which half of the day
    marked: bool  # said to be a time: without it, 4:30 may be a ratio


def same_moment(one: str, other: str) -> bool | None:
    """Whether two texts name the same time, day or date; None where not both are of one kind."""
    first, second = _clock(one), _clock(other)
    if first and second and (first.marked or second.marked):
        if first.sure and second.sure:
            return first.minutes == second.minutes
        return first.minutes % 720 == second.minutes % 720
    days = _weekday(one), _weekday(other)
    if None not in days:
        return days[0] == days[1]
    a, b = _date(one), _date(other)
    if a is None or b is None:
        return None
    return a[1:] == b[1:] and (a[0] == b[0] or 0 in (a[0], b[0]))


def _clock(text: str) -> Clock | None:
    word = text.strip().lower()
    if word in _NAMED:
        return Clock(_NAMED[word], sure=True, marked=True)
    found = _CLOCK.fullmatch(word)
    if not found or not (found["minute"] or found["point"] or found["half_day"]):
        return None
    hour = int(found["hour"])
    minute = int(found["minute"] or found["after"] or (30 if found["half"] else 0))
    if hour > 24 or minute > 59:
        return None
    half = (found["half_day"] or "").replace(".", "").replace(" ", "")
    early = found["early"]
    if hour < 12 and (half == "pm" or early in _LATER):
        hour += 12
    elif hour == 12 and (half == "am" or early in {"凌晨", "晚上"}):
        hour = 0
    known = bool(early) or half in {"am", "pm"} or hour > 12
    if found["point"] == "时" and not early and not found["after"]:
        return None  # 10时 may be ten hours
    return Clock(hour * 60 + minute, known, bool(early or half or found["point"]))


def _weekday(text: str) -> int | None:
    found = _WEEKDAY.fullmatch(text.strip())
    return _DAYS.get((found[1] or found[2]).lower()) if found else None


def _date(text: str) -> tuple[int, int, int] | None:
    for pattern in _DATES:
        if found := pattern.fullmatch(text.strip()):
            told = found.groupdict()
            month = _MONTHS.get((told.get("name") or "").lower()) or int(told.get("month") or 0)
            if 1 <= month <= 12 and 1 <= int(told["day"]) <= 31:
                return int(told.get("year") or 0), month, int(told["day"])
    return None
