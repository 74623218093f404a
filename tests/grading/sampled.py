"""Samples as tests write them."""

from typing import Any

from kimidesk.records import Ended, Judgement, Sample, SampleStatus, Verdict


def sample(
    number: int,
    repeat: int = 0,
    *,
    right: bool | None = True,
    answer: str = "4",
    tokens: int = 100,
    **values: Any,
) -> Sample:
    """A finished one; `right` None: no answer was found. `tokens` are all of thought."""
    judgement = {True: Judgement.RIGHT, False: Judgement.WRONG, None: Judgement.UNPARSED}[right]
    usual = {
        "status": SampleStatus.DONE,
        "ended": Ended.ANSWERED,
        "thinking": "Hm.",
        "answer": "It is.",
        "verdict": Verdict(judgement, answer if right is not None else "", "4"),
        "thinking_tokens": tokens,
        "mean_logprob": -0.5,
    }
    return Sample(
        number, repeat, f"p{number}", f"What is problem {number}?", "4", seed=1,
        **{**usual, **values},
    )  # fmt: skip
