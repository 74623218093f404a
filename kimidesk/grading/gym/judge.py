"""The judge of reasoning-gym's tasks: finds the answer, then compares it by its form."""

import re

import msgspec

from kimidesk.errors import BadData
from kimidesk.grading.extract import find
from kimidesk.grading.gym.allowed import Form, form_of
from kimidesk.grading.gym.forms import Entry, same
from kimidesk.grading.judge import CUT
from kimidesk.grading.judge import judge as judge_maths
from kimidesk.records import Judgement, Verdict

METHOD = "gym"
LONGEST = 20_000  # characters of an answer; the longest that is expected is a list of some hundred
_TAGGED = re.compile(r"<answer>(.*?)</answer>", re.DOTALL | re.IGNORECASE)


class Check(msgspec.Struct, frozen=True):
    """Which problem it is, and what an answer to it is held against."""

    dataset: str
    entry: Entry
    config: dict[str, object] = {}
    index: int = 0
    version: str = ""


def judge(
    output: str | None, expected: str, check: str, *, finish: str = "", question: str = ""
) -> Verdict:
    """Whether an output answers a generated problem; never raises.

    `check` is JSON, `{"dataset", "config", "index", "version", "entry"}`.
    """
    if output is None:
        return Verdict(Judgement.UNPARSED, "", expected, "none", "the thought never ended")
    try:
        asked = msgspec.json.decode(check, type=Check)
        form = form_of(asked.dataset)
    except (msgspec.DecodeError, BadData) as error:
        reason = f"the problem's check cannot be used: {str(error).splitlines()[0]}"
        return Verdict(Judgement.ERROR, "", expected, "none", reason)
    tags = _TAGGED.findall(output)
    if form is Form.NUMBER:
        return judge_maths(
            tags[-1] if tags else output,
            expected,
            finish="" if tags else finish,
            question=question,
            bare=bool(tags),
        )
    answer, how = _answer(output, tags, cut=finish.lower() in CUT, question=question)
    if not answer:
        return Verdict(Judgement.UNPARSED, "", expected, "none", "no answer found")
    if len(answer) > LONGEST:
        reason = f"an answer of {len(answer):,} characters is not looked at"
        return Verdict(Judgement.WRONG, answer[:LONGEST], expected, METHOD, reason)
    try:
        fits, reason = same(form, answer, asked.entry)
    except Exception as error:  # noqa: BLE001  # what a checkpoint wrote never ends the grader
        return Verdict(Judgement.WRONG, answer, expected, METHOD, f"{type(error).__name__}: {how}")
    told = "; ".join(filter(None, (how, reason)))
    return Verdict(Judgement.RIGHT if fits else Judgement.WRONG, answer, expected, METHOD, told)


def _answer(output: str, tags: list[str], *, cut: bool, question: str) -> tuple[str, str]:
    """The answer and how it was found; the last number of a text is none of these forms."""
    if tags:
        return tags[-1].strip("\r\n"), "found in a tag"
    found = find(output, cut=cut, question=question)
    if found and found.how != "as the last number":
        return found.answer, f"found {found.how}"
    whole = output.strip()
    return ("", "") if cut or "\n\n" in whole else (whole, "the whole output")
