"""The verdict on an output: find the answer, then compare it with the expected one."""

import re

from kimidesk.grading.comparing import Comparison, compare
from kimidesk.grading.extract import find, result_of
from kimidesk.grading.normal import normalise
from kimidesk.grading.options import options_of, said_option
from kimidesk.records import Judgement, Verdict

CUT = frozenset({"length", "max_tokens", "max_length", "budget", "context full", "model_length"})
BROKEN = frozenset(
    {"error", "failed", "content_filter", "abort", "aborted", "timeout", "cancelled"}
)
SURE = ("in a box", "stated")  # signs that are believed in what is said to be an answer already


def judge(
    output: str | None, expected: str, *, finish: str = "", question: str = "", bare: bool = False
) -> Verdict:
    """Grade an output; never raises. None means that the thought never ended.

    `finish` is the reason for which the writing stopped: of what was cut off only a complete answer
    counts. `question` tells the options of a choice. With `bare` the output is an answer that
    somebody took out of it already.
    """
    if output is None:
        return Verdict(Judgement.UNPARSED, "", expected, "none", "the thought never ended")
    if finish.lower() in BROKEN:
        why = f"it was not finished: {finish}"
        return Verdict(Judgement.UNPARSED, "", expected, "none", why)
    gold = _gold(expected)
    if not gold:
        return Verdict(Judgement.ERROR, "", expected, "none", "there is no expected answer")
    answer, how = "", "none"
    try:
        if output.strip() == expected.strip():
            return _told(
                Comparison(True, "exact"), gold, gold, expected, "the output is the answer"
            )
        if bare:
            answer, how, comparison = _of_answer(output, gold, question)
        else:
            found = find(output, cut=finish.lower() in CUT, question=question)
            if found is None:
                return Verdict(Judgement.UNPARSED, "", expected, "none", "no answer found")
            answer, how = found.answer, f"found {found.how}"
            if "=" not in gold:
                answer = result_of(answer)
            comparison = _compare(answer, gold, question)
    except Exception as error:  # noqa: BLE001  # a grader must outlive whatever sympy raises
        return Verdict(Judgement.ERROR, answer, expected, "math-verify", _one_line(error))
    if not answer:
        return Verdict(Judgement.UNPARSED, "", expected, "none", "no answer was given")
    reason = "; ".join(filter(None, (how, comparison.reason)))
    return _told(comparison, answer, gold, expected, reason)


def _of_answer(given: str, gold: str, question: str) -> tuple[str, str, Comparison]:
    """As it stands, else what it states: `the answer is 5`, a box."""
    whole = given.strip()
    if not whole:
        return "", "", Comparison(False, "none")
    comparison = _compare(whole, gold, question)
    if not comparison.equal and _NOTHING.fullmatch(whole):
        return "", "", comparison
    found = None if comparison.equal else find(given)
    if found is None or found.how not in SURE or found.answer == whole:
        return whole, "as it was given", comparison
    answer = found.answer if "=" in gold else result_of(found.answer)
    return answer, f"found {found.how}", _compare(answer, gold, question)


def _compare(answer: str, gold: str, question: str) -> Comparison:
    comparison = compare(answer, gold)
    if comparison.equal or not question:
        return comparison
    options = options_of(question)
    for letter, other in ((answer, gold), (gold, answer)):
        said = said_option(letter, options)
        if said and not said_option(other, options) and compare(said, other).equal:
            return Comparison(True, "choice", "by what the option says")
    return comparison


def _told(comparison: Comparison, answer: str, gold: str, expected: str, reason: str) -> Verdict:
    judgement = Judgement.RIGHT if comparison.equal else Judgement.WRONG
    forms = [_form(each) for each in (answer, gold)]
    return Verdict(judgement, answer, expected, comparison.method, reason, *forms)


_NOTHING = re.compile(
    r"\$*\\boxed\{\s*\}\$*|none|null|nan|n/?a|-|\?|\[?(?:invalid|no answer|empty)\]?", re.IGNORECASE
)
FORM = 200  # characters of a normal form that are kept


def _form(text: str) -> str:
    return normalise(text).text[:FORM]


def _gold(expected: str) -> str:
    """The answer in an expected answer that is written as a solution."""
    if "####" in expected or r"\boxed" in expected:
        found = find(expected)
        return found.answer if found else expected.strip()
    return expected.strip()


def _one_line(error: Exception) -> str:
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:200]}".rstrip(": ")
