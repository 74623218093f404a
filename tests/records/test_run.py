"""What a sample tells of itself."""

import pytest

from kimidesk.records import Ended, Finish, Judgement, Sample, SampleStatus, Verdict


def sample(**how: object) -> Sample:
    usual: dict[str, object] = {"status": SampleStatus.DONE, "ended": Ended.ANSWERED, "answer": "4"}
    return Sample(3, 1, "", "2+2?", "4", seed=7, **(usual | how))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "finish"),
    [
        ({}, Finish.STOP),
        ({"ended": Ended.BUDGET}, Finish.LENGTH),
        ({"ended": Ended.CONTEXT_FULL}, Finish.LENGTH),
        ({"ended": Ended.BUDGET, "answer": None}, Finish.UNFINISHED_THOUGHT),
        ({"answer": None}, Finish.UNFINISHED_THOUGHT),
        ({"verdict": Verdict(Judgement.UNPARSED)}, Finish.NO_ANSWER),
        ({"verdict": Verdict(Judgement.WRONG)}, Finish.STOP),
        ({"ended": Ended.LOOP, "answer": None}, Finish.LOOP),
        ({"refused": True}, Finish.REFUSED),
        ({"status": SampleStatus.FAILED, "answer": None}, Finish.ERROR),
    ],
)
def test_every_sample_ended_in_one_way(how: dict[str, object], finish: Finish) -> None:
    assert sample(**how).finish is finish


def test_a_cut_of_a_thought_is_another_sample_at_the_same_place() -> None:
    whole, cut = sample(), sample(cut=0)

    assert whole.place == cut.place == (3, 1)
    assert whole.key != cut.key
