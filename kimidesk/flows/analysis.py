"""What one sample of a run tells by its text alone: its course, its solutions, how much was needed.

A *solution* is a stretch of the trace that ends where an answer is stated (in a box, or after "the
answer is") or with the answer that was graded. Whether it is right is for the grader to say. A new
approach begins with a sentence that switches to one; Chen et al. have a large model cluster them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kimidesk.flows.stating import Stated, Stating
from kimidesk.reading.efficiency import (
    Solution,
    outcome_efficiency,
    process_efficiency,
    underthinking,
)
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.course import Course, course
from kimidesk.reading.segments.reasons import reasons
from kimidesk.records import Ended, Judgement, Sample, Segment
from kimidesk.wire.messages import AnyCommand, AnyEvent, Judge, Judged


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of the sample (number, repeat). What cannot be told is None."""

    number: int
    repeat: int
    name: str
    of: str  # fingerprint of all that it was made from
    right: bool | None
    loop: bool  # the engine saw it repeat itself
    thinking_tokens: int
    answer_tokens: int
    course: Course | None = None  # None: there is no text
    solutions: tuple[Stated, ...] = field(default=())
    outcome_efficiency: float | None = None
    process_efficiency: float | None = None
    underthinking: float | None = None  # of a wrong trace

    @property
    def key(self) -> tuple[int, int]:
        return (self.number, self.repeat)


class Analyse:
    """Asks for the verdict on each answer that a sample states; then the analysis is there.

    `named` are the sentences of `text_of(sample)`, and `stating` what they state, where that is
    known already.
    """

    def __init__(
        self,
        sample: Sample,
        of: str,
        named: list[Segment] | None = None,
        stating: Stating | None = None,
    ) -> None:
        self._sample, self._of = sample, of
        self._text = text_of(sample)
        self._named = segments(self._text) if named is None else named
        if stating is None:
            stating = Stating(self._text, self._named, sample)
            stating.step(len(self._named))
        self._stated, self._said = stating.found, stating.said
        self._verdicts: dict[str, Judgement] = {}
        self._asked: dict[str, str] = {}  # id of a judgement → the answer

    def start(self) -> list[AnyCommand]:
        """Equal answers are judged once, what the run's grader judged already not again."""
        sample = self._sample
        if not sample.expected:
            return []
        if sample.verdict is not None and sample.verdict.extracted:
            self._verdicts[sample.verdict.extracted] = sample.verdict.judgement
        answers = {each.answer for each in self._stated} - set(self._verdicts)
        self._asked = {
            f"{sample.trace}/{sample.number}.{sample.repeat}.{n}": answer
            for n, answer in enumerate(sorted(answers))
        }
        return [
            Judge(id_, f"\\boxed{{{answer}}}", sample.expected)
            for id_, answer in self._asked.items()
        ]

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take a verdict; other events are passed over."""
        if isinstance(event, Judged) and event.trace in self._asked:
            self._verdicts[self._asked.pop(event.trace)] = event.verdict.judgement
        return []

    @property
    def done(self) -> bool:
        return not self._asked

    def stop(self) -> list[AnyCommand]:
        """What was not judged yet stays so."""
        self._asked.clear()
        return []

    def places(self) -> dict[str, list[int]]:
        """Where in `text_of(sample)` each figure of the analysis has its reasons."""
        judged, seen = self._judged(), set[int]()
        right = [each.end - 1 for each in judged if each.judgement is Judgement.RIGHT][:1]
        again = []
        for each in judged:
            if each.approach in seen:
                again.append(each.end - 1)
            seen.add(each.approach)
        return {
            **reasons(self._said, self._named),
            "outcome_efficiency": right,
            "process_efficiency": again,
            "underthinking": right,
        }

    def analysis(self) -> Analysis:
        """Once all is judged."""
        sample, judged = self._sample, self._judged()
        made = _solutions(judged, self._named)
        right = _right(sample)
        known = bool(made) and right is not None
        return Analysis(
            number=sample.number,
            repeat=sample.repeat,
            name=sample.name,
            of=self._of,
            right=right,
            loop=sample.ended is Ended.LOOP,
            thinking_tokens=sample.thinking_tokens,
            answer_tokens=sample.answer_tokens,
            course=course(self._text, self._named, self._said) if self._named else None,
            solutions=tuple(judged),
            outcome_efficiency=outcome_efficiency(made) if known else None,
            process_efficiency=process_efficiency(made) if made else None,
            underthinking=underthinking(made) if known and not right else None,
        )

    def _judged(self) -> list[Stated]:
        return [
            Stated(each.end, each.answer, each.approach, self._verdicts.get(each.answer))
            for each in self._stated
        ]


def text_of(sample: Sample) -> str:
    """What is analysed: thought and answer with a blank line between."""
    return "\n\n".join(part for part in (sample.thinking, sample.answer) if part)


def _right(sample: Sample) -> bool | None:
    """None where nothing was expected, or the grader failed."""
    if sample.verdict is None or sample.verdict.judgement is Judgement.ERROR:
        return None
    return sample.verdict.right


def _solutions(stated: Sequence[Stated], named: Sequence[Segment]) -> list[Solution]:
    """Their sizes add up to the text; what follows the last answer is none, and in its approach."""
    if not stated:
        return []
    ends = [0, *(each.end for each in stated)]
    made = [
        Solution(each.end - begun, each.judgement is Judgement.RIGHT, each.approach)
        for each, begun in zip(stated, ends, strict=False)
    ]
    rest = named[-1].end - ends[-1]
    return [*made, Solution(rest, False, stated[-1].approach)] if rest > 0 else made
