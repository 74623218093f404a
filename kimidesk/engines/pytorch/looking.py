"""Measuring rows of logits and drawing from them, where they are: on the CPU, or on the GPU."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kimidesk.engines.looks import drawn_or, one
from kimidesk.engines.looks import looks as looks_here
from kimidesk.engines.slot import Look, Slot
from kimikernels.draw import Drawn, draw
from kimikernels.token_stats import BatchStats, TokenStats, batch_token_stats


def looks(logits: Tensor, slots: Sequence[Slot], threads: int) -> list[Look]:
    """How each trace looks at its row of `logits`, float32 (B, V), measured in one batch."""
    if logits.is_cuda:
        return looks_there(logits, slots)
    return looks_here(logits.numpy(), slots, threads)


def looks_there(logits: Tensor, slots: Sequence[Slot]) -> list[Look]:
    """The same with kernels on the logits' own device; what comes back is a few numbers a row."""
    made = _drawn(logits, slots)
    host = _as_stats(Drawn(*(each.cpu() for each in made)))
    return [
        slot.look(logits[n].cpu().numpy())
        if slot.penalises
        else drawn_or(one(host, n), _named_there(logits, made, host, n))
        for n, slot in enumerate(slots)
    ]


def rated(logits: Tensor, targets: NDArray[np.int64], threads: int) -> BatchStats:
    """What rows of `logits`, float32 (N, V), say of the tokens that were given."""
    if not logits.is_cuda:
        return batch_token_stats(logits.numpy(), targets, threads=threads)
    return rated_there(logits, targets)


def rated_there(logits: Tensor, targets: NDArray[np.int64]) -> BatchStats:
    """The same on the logits' own device. Raises ValueError for a broken row."""
    still = torch.zeros(len(logits), dtype=torch.int64, device=logits.device)
    made = draw(logits, still, still, temperature=0.0)
    if bool((made.token < 0).any()):
        raise ValueError("a row of logits holds NaN or infinity")
    logprob, rank = _of(logits, made.log_z, torch.from_numpy(targets).to(logits.device))
    drawn = made._replace(logprob=logprob, rank=rank)
    return _as_stats(Drawn(*(each.cpu() for each in drawn)))._replace(token=targets)


def _drawn(logits: Tensor, slots: Sequence[Slot]) -> Drawn:
    def each(values: list[float], dtype: torch.dtype) -> Tensor:
        return torch.tensor(values, dtype=dtype).to(logits.device)

    ways = [slot.attempt.sampling for slot in slots]
    seeds = [slot.attempt.seed & (1 << 64) - 1 for slot in slots]
    return draw(
        logits,
        each([seed - (1 << 64) if seed >> 63 else seed for seed in seeds], torch.int64),
        each([len(slot.tokens) for slot in slots], torch.int64),
        temperature=each([way.temperature for way in ways], torch.float64),
        top_k=each([way.top_k for way in ways], torch.int64),
        top_p=each([way.top_p for way in ways], torch.float64),
        min_p=each([way.min_p for way in ways], torch.float64),
    )


def _of(logits: Tensor, log_z: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probability and rank of a token in each row; equals are ranked by id."""
    ids = torch.arange(logits.shape[1], device=logits.device)
    value = logits.gather(1, targets[:, None])
    before = (logits > value) | ((logits == value) & (ids < targets[:, None]))
    return value[:, 0] - log_z, before.sum(1) + 1


def _named_there(logits: Tensor, made: Drawn, host: BatchStats, n: int) -> Look:
    def look(token: int | None) -> TokenStats:
        if host.token[n] < 0:
            raise ValueError("the row of logits holds NaN or infinity")
        assert token is not None
        target = torch.tensor([token], device=logits.device)
        logprob, rank = _of(logits[n : n + 1], made.log_z[n : n + 1], target)
        return one(host, n)._replace(token=token, logprob=float(logprob), rank=int(rank))

    return look


def _as_stats(drawn: Drawn) -> BatchStats:
    return BatchStats(
        log_z=drawn.log_z.double().numpy(),
        entropy=drawn.entropy.double().numpy(),
        top_id=drawn.top_id.int().numpy(),
        top_logprob=drawn.top_logprob.numpy(),
        token=drawn.token.numpy(),
        logprob=drawn.logprob.double().numpy(),
        rank=drawn.rank.numpy(),
    )
