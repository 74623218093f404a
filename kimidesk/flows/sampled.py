"""The record of a Solve that is done, as a run keeps it."""

import math

import numpy as np
from numpy.typing import NDArray

from kimidesk.flows.solve import Solve
from kimidesk.reading.refusing import refuses
from kimidesk.records import Ended, Sample, SampleStatus


def sample_of(solve: Solve, *, repeat: int, attempts: int, cut: int | None = None) -> Sample:
    """The record of a Solve that is done; with `cut`, of the answer to a thought ended there."""
    trace, columns, parts = solve.trace, solve.columns, solve.parts
    failed = trace.ended is Ended.FAILED
    drawn = ~columns.forced
    return Sample(
        number=trace.problem.number,
        repeat=repeat,
        name=trace.problem.name,
        problem=trace.problem.text,
        expected=trace.problem.answer,
        status=SampleStatus.FAILED if failed else SampleStatus.DONE,
        seed=trace.seed,
        trace=trace.id,
        ended=trace.ended,
        thinking=parts.thinking if cut is None else "",  # the run's own row has it
        answer=None if failed else parts.answer,
        verdict=solve.verdict,
        prompt_tokens=trace.prompt_length,
        thinking_tokens=solve.thinking_tokens if cut is None else cut,
        answer_tokens=solve.answer_tokens if cut is None else len(columns),
        mean_logprob=_mean(columns.logprob[drawn]),
        mean_entropy=_mean(columns.entropy[drawn]),
        seconds=float(columns.time_ms[-1]) / 1000 if len(columns) else 0.0,
        attempts=attempts,
        error=trace.reason,
        task=trace.problem.task,
        check=trace.problem.check,
        subject=trace.problem.subject,
        level=trace.problem.level,
        cut=cut,
        refused=not failed and refuses(parts.answer or ""),
    )


def _mean(values: NDArray[np.float32]) -> float | None:
    """None where there is nothing, or something that only a part of the vocabulary tells."""
    mean = float(values.mean()) if len(values) else math.nan
    return mean if math.isfinite(mean) else None
