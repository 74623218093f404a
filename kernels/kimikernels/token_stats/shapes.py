"""What goes in and what comes out, whichever implementation does it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float32]  # (V,)
Rows = NDArray[np.float32]  # (N, V)
RIVALS = 20  # how many of the most likely are told when nobody says otherwise


class Rule(NamedTuple):
    """How a token is drawn, with the number that draws it.

    Temperature, top-k, top-p, min-p, in this order; then the inverse of the cumulative
    distribution over the kept tokens from the most to the least likely, ties by id.
    """

    uniform: float  # in [0, 1)
    temperature: float = 1.0  # 0 takes the most likely
    top_k: int = 0  # 0 keeps all
    top_p: float = 1.0  # in (0, 1]; 1 keeps all
    min_p: float = 0.0  # 0 keeps all; a share of the most likely one's probability


class TokenStats(NamedTuple):
    """What is known of one row, temperature 1, before any truncation."""

    log_z: float  # log of the sum of exp(logits)
    entropy: float  # nats, over the full vocabulary
    top_id: NDArray[np.int32]  # (k,), most likely first, ties by id
    top_logprob: NDArray[np.float32]  # (k,), nats
    token: int = -1  # the target or the one drawn; -1 without either
    logprob: float = float("nan")  # of that token, nats
    rank: int = 0  # of that token, 1 = most likely


class BatchStats(NamedTuple):
    """The same for N rows."""

    log_z: NDArray[np.float64]  # (N,)
    entropy: NDArray[np.float64]  # (N,)
    top_id: NDArray[np.int32]  # (N, k)
    top_logprob: NDArray[np.float32]  # (N, k)
    token: NDArray[np.int64]  # (N,)
    logprob: NDArray[np.float64]  # (N,)
    rank: NDArray[np.int64]  # (N,)


HIGHEST_TEMPERATURE = 1e30  # float32 has no room for much more
LOWEST_TEMPERATURE = 1e-30  # one below draws the same: the most likely token, or one of equals


def check_row(logits: Row) -> None:
    """Raises ValueError unless it is a float32 row of shape (V,) without gaps."""
    _check_array(logits)
    if logits.ndim != 1 or logits.dtype != np.float32 or logits.size == 0:
        raise ValueError(
            f"logits are {logits.dtype} of shape {logits.shape}; they must be float32 of shape (V,)"
        )
    if not logits.flags.c_contiguous:
        raise ValueError(f"logits of shape {logits.shape} have gaps; they must be contiguous")


def check_rows(logits: Rows) -> None:
    """Raises ValueError unless they are float32 of shape (N, V), each row without gaps."""
    _check_array(logits)
    if logits.ndim != 2 or logits.dtype != np.float32 or logits.shape[1] == 0:
        raise ValueError(
            f"logits are {logits.dtype} of shape {logits.shape}; "
            "they must be float32 of shape (N, V)"
        )
    if logits.size == 0:
        return
    # The stride of an axis of one says nothing.
    rows = logits.strides[0] if logits.shape[0] > 1 else 0
    columns = logits.strides[1] if logits.shape[1] > 1 else 4
    if columns != 4 or rows % 4 or rows < 0:
        raise ValueError(f"rows of logits have strides {logits.strides}; columns must lie together")


def check_token(size: int, token: int) -> None:
    """Raises ValueError for a token that a row of `size` logits does not have."""
    check_whole("token", token)
    if not 0 <= token < size:
        raise ValueError(f"token {token} is outside the row of {size}")


def check_k(k: int, size: int) -> int:
    """How many rivals a row of `size` logits gives when k are asked for; ValueError below 0."""
    check_whole("k", k)
    if k < 0:
        raise ValueError(f"k is {k}; it must be 0 or more")
    return min(k, size)


def check_rule(rule: Rule) -> None:
    """Raises ValueError for numbers that are no rule."""
    u, temperature, top_k, top_p, min_p = rule
    check_whole("top_k", top_k)
    warm = 0 <= temperature <= HIGHEST_TEMPERATURE
    if not (0 <= u < 1 and warm and top_k >= 0 and 0 < top_p <= 1 and 0 <= min_p <= 1):
        raise ValueError(
            f"{rule}: uniform must be in [0, 1), temperature from 0 to {HIGHEST_TEMPERATURE:g}, "
            "top_k 0 or more, top_p above 0 to 1, min_p from 0 to 1"
        )


def check_whole(name: str, value: object) -> None:
    """Raises ValueError for what is no whole number; True and 1.0 are none."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}; it must be a whole number")


def _check_array(logits: object) -> None:
    if not isinstance(logits, np.ndarray) or isinstance(logits, np.ma.MaskedArray):
        raise ValueError(f"logits are a {type(logits).__name__}; they must be a plain numpy array")


def broken(logits: Row) -> ValueError:
    """The error for a row that has no statistics; says where it is broken."""
    bad = np.flatnonzero(~(logits < np.inf))  # NaN and +inf
    if bad.size:
        return ValueError(f"logit {bad[0]} of {logits.size} is {logits[bad[0]]}; it must be finite")
    return ValueError(f"all {logits.size} logits are -inf; one at least must be finite")
