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
    host = _as_stats(_told(made))
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
    return _as_stats(_told(drawn))._replace(token=targets)


def _drawn(logits: Tensor, slots: Sequence[Slot]) -> Drawn:
    """One copy takes all settings there, and nothing waits for it.

    Each setting begins at a multiple of 16 bytes: Triton compiles for that, and only once then.
    """
    ways = [slot.attempt.sampling for slot in slots]
    seeds = [slot.attempt.seed & (1 << 64) - 1 for slot in slots]
    whole = [
        [seed - (1 << 64) if seed >> 63 else seed for seed in seeds],
        [len(slot.tokens) for slot in slots],
        [way.top_k for way in ways],
    ]
    parts = [[way.temperature, way.top_p, way.min_p] for way in ways]
    bits = np.array(parts, np.float64).T.copy().view(np.int64)
    packed = np.zeros((6, len(slots) + len(slots) % 2), np.int64)
    packed[:, : len(slots)] = np.concatenate([np.array(whole, np.int64), bits])
    there = torch.from_numpy(packed).to(logits.device, non_blocking=True)
    seed, position, top_k, *settings = there[:, : len(slots)]
    temperature, top_p, min_p = (each.view(torch.float64) for each in settings)
    return draw(
        logits,
        seed,
        position,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        min_p=min_p,
    )


def _told(drawn: Drawn) -> Drawn:
    """The same on the CPU, in two copies: each waits for the device."""
    whole = torch.cat([drawn.token[:, None], drawn.rank[:, None], drawn.top_id], 1).cpu()
    parts = (drawn.logprob, drawn.entropy, drawn.log_z)
    real = torch.cat([*(each[:, None] for each in parts), drawn.top_logprob], 1).cpu()
    logprob, entropy, log_z = real[:, :3].T
    return Drawn(
        token=whole[:, 0],
        logprob=logprob,
        rank=whole[:, 1],
        entropy=entropy,
        log_z=log_z,
        top_id=whole[:, 2:],
        top_logprob=real[:, 3:],
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
