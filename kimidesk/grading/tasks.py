"""Which judge judges which task."""

from kimidesk.grading.judge import judge
from kimidesk.records import Judgement, Task, Verdict
from kimidesk.wire.messages import Judge


def verdict_on(asked: Judge) -> Verdict:
    """The verdict of the judge of this task; never raises."""
    match asked.task:
        case Task.MATH | Task.CHOICE:
            return judge(
                asked.output,
                asked.expected,
                finish=asked.finish,
                question=asked.question,
                bare=asked.bare,
            )
        case Task.CODE | Task.GYM:
            reason = f"there is no judge of {asked.task} tasks here"
            return Verdict(Judgement.ERROR, "", asked.expected, "none", reason)
