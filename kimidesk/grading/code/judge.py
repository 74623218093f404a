"""The judge of code tasks."""

import msgspec

from kimidesk.errors import KimiDeskError
from kimidesk.grading.code.extract import Check, program
from kimidesk.grading.code.running import Job, run
from kimidesk.records import Judgement, Verdict

METHOD = "tests"
KINDS = ("humaneval", "mbpp")
NOT_ALLOWED = "code is not run without --allow-code-exec"


def judge(output: str | None, expected: str, check: str, limit_s: float | None) -> Verdict:
    """Whether the program in an output passes its tests; never raises.

    `limit_s` is the permission to run it, and for how many seconds; None: it is not run.
    """
    if limit_s is None:
        return Verdict(Judgement.ERROR, "", expected, "none", NOT_ALLOWED)
    try:
        asked = msgspec.json.decode(check, type=Check)
    except msgspec.DecodeError as error:
        reason = f"the problem's tests cannot be read: {error}"
        return Verdict(Judgement.ERROR, "", expected, "none", reason)
    if asked.kind not in KINDS:
        reason = f"there are no tests of the kind {asked.kind!r}; there are {', '.join(KINDS)}"
        return Verdict(Judgement.ERROR, "", expected, "none", reason)
    if output is None:
        reason = "the thought never ended"
        return Verdict(Judgement.UNPARSED, "", expected, "none", reason)
    code = program(output, asked)
    if code is None:
        return Verdict(Judgement.UNPARSED, "", expected, "none", "there is no code in the answer")
    return verdict_on(code, asked, expected, limit_s)


def verdict_on(code: str, check: Check, expected: str, limit_s: float) -> Verdict:
    """Of a whole program."""
    try:
        found = run(
            Job(check.kind, code, check.tests, check.entry_point, check.names, check.before),
            limit_s,
        )
    except (KimiDeskError, OSError) as error:
        reason = " ".join(str(error).split())
        return Verdict(Judgement.ERROR, code, expected, "none", reason)
    return Verdict(found.judgement, code, expected, METHOD, found.reason)


def judge_completion(check: Check, completion: str, limit_s: float) -> Verdict:
    """Of what stands right behind the prompt, as HumanEval has it; without a prompt, as an answer.

    A prompt with its completion is taken as it is, without looking for fences.
    """
    code = check.beginning + completion if check.beginning else program(completion, check)
    return verdict_on(completion if code is None else code, check, "", limit_s)
