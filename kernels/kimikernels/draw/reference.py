"""What `draw` means: sort each row, in float64 and without haste. It is also the plain CPU's way.

With w(i) = exp((x(i) - max) / temperature), tokens sorted from the most to the least likely, ties
by id, and C(j) the sum of the first j weights:

    top-k  keeps the first k
    top-p  keeps up to the first j with C(j) >= top_p * C(k)
    min-p  keeps up to the last j with w(j) >= min_p * w(1)
    drawn  is the first j with C(j) > u * C(kept)

The statistics are at temperature 1 over the whole row, before any of it.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from kimikernels.draw.uniform import uniform

TINY = 1e-30  # a temperature below draws the same
RIVALS = 20  # the most likely tokens reported of each row
RANGES = {  # lowest, highest, whether the lowest itself is outside
    "temperature": (0.0, 1e30, False),  # -inf / temperature must stay -inf in float32
    "top_k": (0.0, 2.0**63, False),
    "top_p": (0.0, 1.0, True),
    "min_p": (0.0, 1.0, False),
}


class Settings(NamedTuple):
    """How each row is drawn: six tensors of (B,)."""

    temperature: Tensor  # floating
    top_k: Tensor  # integers, 0 = off
    top_p: Tensor  # floating, 1 = off
    min_p: Tensor  # floating, 0 = off
    seed: Tensor  # int64
    position: Tensor  # int64

    def sound(self) -> Tensor:
        """(B,) bool: whether every setting of the row is in its range."""
        return (
            (within("temperature", self.temperature) & within("top_k", self.top_k))
            & within("top_p", self.top_p)
            & within("min_p", self.min_p)
        )


def within(name: str, value: Tensor) -> Tensor:
    """Which of the values of a setting are in its range; NaN is not."""
    low, high, open_below = RANGES[name]
    exact = value.to(torch.float64)
    return ((exact > low) if open_below else (exact >= low)) & (exact <= high)


class Drawn(NamedTuple):
    """What was drawn from each row, and the row's statistics in nats."""

    token: Tensor  # (B,) int64; -1 where nothing could be drawn
    logprob: Tensor  # (B,) of the token
    rank: Tensor  # (B,) int64: 1 = most likely, ties by id; 0 where nothing could be drawn
    entropy: Tensor  # (B,)
    log_z: Tensor  # (B,): log of the sum of exp(logits)
    top_id: Tensor  # (B, min(20, V)) int64, most likely first, ties by id
    top_logprob: Tensor  # (B, min(20, V))


def draw(logits: Tensor, settings: Settings) -> Drawn:
    """Draw from each row of `logits` (B, V); statistics in float64."""
    x = logits.to(torch.float64)
    peak = x.amax(1, keepdim=True)
    broken = ~torch.isfinite(peak)[:, 0]
    x = torch.where(broken[:, None], 0.0, x)
    ordered, order = torch.sort(x, dim=1, descending=True, stable=True)
    gap = ordered - ordered[:, :1]
    log_sum = gap.exp()[:, 1:].sum(1).log1p()
    logprob = gap - log_sum[:, None]
    p = logprob.exp()
    entropy = -torch.where(p > 0, p * logprob, 0.0).sum(1)
    place = _place(gap, settings)[:, None]
    lost = broken | ~settings.sound()
    nan = torch.nan
    few = min(RIVALS, x.shape[1])
    return Drawn(
        token=order.gather(1, place)[:, 0].masked_fill(lost, -1),
        logprob=logprob.gather(1, place)[:, 0].masked_fill(lost, nan),
        rank=(place[:, 0] + 1).masked_fill(lost, 0),
        entropy=entropy.masked_fill(broken, nan),
        log_z=(ordered[:, 0] + log_sum).masked_fill(broken, nan),
        top_id=order[:, :few].masked_fill(broken[:, None], -1),
        top_logprob=logprob[:, :few].masked_fill(broken[:, None], nan),
    )


def _place(gap: Tensor, settings: Settings) -> Tensor:
    """(B,): which of the sorted tokens is drawn; `gap` (B, V) is their distance to the first."""
    columns = gap.shape[1]
    temperature = settings.temperature.to(torch.float64)
    weights = (gap / temperature.clamp(min=TINY)[:, None]).exp()
    cumulative = weights.cumsum(1)
    most = settings.top_k.to(torch.int64)
    keep = torch.where(most > 0, most.clamp(1, columns), columns)
    top_p = settings.top_p.to(torch.float64)
    enough = (top_p * _at(cumulative, keep - 1))[:, None]
    nucleus = torch.searchsorted(cumulative, enough)[:, 0] + 1
    keep = torch.where(top_p < 1, torch.minimum(keep, nucleus), keep)
    near = (weights >= settings.min_p.to(torch.float64)[:, None]).sum(1)
    keep = torch.minimum(keep, near).clamp(min=1)
    u = uniform(settings.seed, settings.position)
    target = (u * _at(cumulative, keep - 1))[:, None]
    place = torch.searchsorted(cumulative, target, right=True)[:, 0]
    # Rounding may put u * mass on the total: then the last kept token with any weight.
    last = torch.minimum(keep, (weights > 0).sum(1)) - 1
    return torch.where(temperature == 0, 0, torch.minimum(place, last).clamp(min=0))


def _at(rows: Tensor, place: Tensor) -> Tensor:
    return rows.gather(1, place[:, None])[:, 0]
