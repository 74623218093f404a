"""The three kernels in a row: scan every stretch, join and draw, search where that did not suffice.

All three are launched at every call: whether a row is settled is known on the GPU alone, and
descend.py leaves a settled row after one load. Between them lie 272 bytes for each 4 096 columns.
"""

from typing import NamedTuple

import torch
import triton
from torch import Tensor

from kimikernels.draw import descend
from kimikernels.draw.descend import descend_kernel
from kimikernels.draw.merge import merge_kernel
from kimikernels.draw.order import shift_for
from kimikernels.draw.reference import RIVALS, Drawn, Settings
from kimikernels.draw.scan import LOG_CANDIDATES, LOG_SPAN, WARPS, scan_kernel

# Lowest bits of a float32 that are the same in every value of the dtype.
SILENT_BITS = {torch.bfloat16: 16, torch.float16: 13, torch.float32: 0}
LOG_KEYS = 8  # keys a warp of the merge sorts: 8 of 64 bits a thread


class _Work(NamedTuple):
    """What the kernels leave for each other."""

    candidates: Tensor  # (B, stretches, each) int64: keys of each stretch, greatest first
    sums: Tensor  # (B, stretches, 4)
    peak: Tensor  # (B,)
    log_sum: Tensor  # (B,)


def draw(logits: Tensor, settings: Settings) -> Drawn:
    """Draw from each row of `logits` (B, V), any strides; the caller has checked it all."""
    rows, columns = logits.shape
    log_span = min(LOG_SPAN, max(LOG_CANDIDATES, (columns - 1).bit_length()))
    stretches = triton.cdiv(columns, 1 << log_span)
    drawn = _empty(rows, min(RIVALS, columns), logits.device)
    work = _Work(
        candidates=_new(torch.int64, logits.device, rows, stretches, 1 << LOG_CANDIDATES),
        sums=_new(torch.float32, logits.device, rows, stretches, 4),
        peak=torch.empty_like(drawn.log_z),
        log_sum=torch.empty_like(drawn.log_z),
    )
    if rows:
        with torch.cuda.device_of(logits):
            _scan(logits, settings, work, log_span)
            _merge(columns, settings, work, drawn)
            _descend(logits, settings, work, drawn, log_span)
    return drawn


def _scan(logits: Tensor, settings: Settings, work: _Work, log_span: int) -> None:
    rows, columns = logits.shape
    scan_kernel[(rows, work.sums.shape[1])](
        logits,
        settings.temperature,
        work.candidates,
        work.sums,
        columns,
        *logits.stride(),
        log_span=log_span,
        log_each=LOG_CANDIDATES,
        num_warps=WARPS,
    )


def _merge(columns: int, settings: Settings, work: _Work, drawn: Drawn) -> None:
    rows, stretches, _ = work.sums.shape
    log_held = (stretches - 1).bit_length()
    merge_kernel[(rows,)](
        work.candidates,
        work.sums,
        *settings,
        drawn.token,
        drawn.logprob,
        drawn.rank,
        drawn.entropy,
        drawn.log_z,
        work.peak,
        work.log_sum,
        drawn.top_id,
        drawn.top_logprob,
        columns,
        stretches,
        drawn.top_id.shape[1],
        log_held=log_held,
        log_each=LOG_CANDIDATES,
        shift=shift_for(columns),
        num_warps=1 << min(4, max(2, log_held + LOG_CANDIDATES - LOG_KEYS)),
    )


def _descend(logits: Tensor, settings: Settings, work: _Work, drawn: Drawn, log_span: int) -> None:
    rows, columns = logits.shape
    descend_kernel[(rows,)](
        logits,
        *settings,
        work.peak,
        work.log_sum,
        drawn.token,
        drawn.logprob,
        drawn.rank,
        columns,
        *logits.stride(),
        silent=SILENT_BITS[logits.dtype],
        shift=shift_for(columns),
        lanes=1 << log_span,
        num_warps=descend.WARPS,
    )


def _empty(rows: int, rivals: int, device: torch.device) -> Drawn:
    return Drawn(
        token=_new(torch.int64, device, rows),
        logprob=_new(torch.float32, device, rows),
        rank=_new(torch.int64, device, rows),
        entropy=_new(torch.float32, device, rows),
        log_z=_new(torch.float32, device, rows),
        top_id=_new(torch.int64, device, rows, rivals),
        top_logprob=_new(torch.float32, device, rows, rivals),
    )


def _new(dtype: torch.dtype, device: torch.device, *shape: int) -> Tensor:
    return torch.empty(shape, dtype=dtype, device=device)
