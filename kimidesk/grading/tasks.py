"""Which judge judges which task."""

from kimidesk.grading.code.judge import judge as judge_code
from kimidesk.grading.gym.judge import judge as judge_gym
from kimidesk.grading.judge import judge
from kimidesk.records import Task, Verdict
from kimidesk.wire.messages import Judge


def verdict_on(asked: Judge, code_limit_s: float | None = None) -> Verdict:
    """The verdict of the judge of this task; never raises.

    `code_limit_s`: the permission to run code, for so many seconds; None: it is not run.
    """
    match asked.task:
        case Task.MATH | Task.CHOICE:
            return judge(
                asked.output,
                asked.expected,
                finish=asked.finish,
                question=asked.question,
                bare=asked.bare,
            )
        case Task.CODE:
            return judge_code(asked.output, asked.expected, asked.check, code_limit_s)
        case Task.GYM:
            return judge_gym(
                asked.output,
                asked.expected,
                asked.check,
                finish=asked.finish,
                question=asked.question,
            )
