"""The layer that makes logits, and its pieces for one tile."""

from collections.abc import Iterator
from typing import NamedTuple

from torch import Tensor

from kimikernels.linear_logprob.inputs import Lora, Transform
from kimikernels.linear_logprob.matmul import add_product, operand_dtype, product
from kimikernels.linear_logprob.tiles import Tiles


class Linear(NamedTuple):
    """A head over hidden states: logits = hidden headᵀ + scale · (hidden Aᵀ) Bᵀ."""

    hidden: Tensor  # (N, D)
    head: Tensor  # (V, D)
    target: Tensor  # (N,), int64
    lora: Lora | None
    transform: Transform
    tiles: Tiles


class Operands(NamedTuple):
    """One side of the products of a tile, in the dtype they are made in."""

    full: Tensor  # rows: hidden (R, D); columns: head (C, D)
    low: Tensor | None  # rows: x = scale · hidden Aᵀ (R, r); columns: B (C, r)


def spans(count: int, step: int) -> Iterator[slice]:
    """0 .. count in slices of `step`, the last one cut."""
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def rows_of(linear: Linear, rows: slice) -> Operands:
    """Hidden states of some rows."""
    dtype = operand_dtype(linear.hidden)
    full = linear.hidden[rows].to(dtype)
    if linear.lora is None:
        return Operands(full, None)
    x = product(full, linear.lora.a.to(dtype).T).mul_(linear.lora.scale)
    return Operands(full, x.to(dtype))


def columns_of(linear: Linear, columns: slice) -> Operands:
    """The head's rows for some of the vocabulary."""
    dtype = operand_dtype(linear.hidden)
    full = linear.head[columns].to(dtype)
    low = None if linear.lora is None else linear.lora.b[columns].to(dtype)
    return Operands(full, low)


def logits_of(rows: Operands, columns: Operands) -> Tensor:
    """The logits of a tile, (R, C), float32, contiguous."""
    logits = product(rows.full, columns.full.T)
    if rows.low is not None and columns.low is not None:
        add_product(logits, rows.low, columns.low.T)
    return logits
