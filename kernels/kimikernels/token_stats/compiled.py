"""The compiled statistics: a plain C interface, called without the interpreter's lock.

The library takes the widest instruction set that the processor has; the environment variable
KIMIKERNELS_CPU names a narrower one (avx512, avx2, portable), and KIMIKERNELS_LIBRARY another
file, such as one built with sanitizers.
"""

import ctypes
import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kimikernels.token_stats.shapes import (
    LOWEST_TEMPERATURE,
    RIVALS,
    BatchStats,
    Row,
    Rows,
    Rule,
    TokenStats,
    broken,
    check_row,
    check_rows,
    check_rule,
    check_token,
)

CPU_VARIABLE = "KIMIKERNELS_CPU"
LIBRARY_VARIABLE = "KIMIKERNELS_LIBRARY"
NAMES = ("portable", "avx2", "avx512")  # each has what those before it have
NO_MEMORY = 2  # Status in entry.cpp; 0 is well and 1 not finite

# Stats and Rule in entry.cpp and draw.h, field by field.
_STATS = np.dtype(
    [
        ("log_z", "f8"),
        ("entropy", "f8"),
        ("logprob", "f8"),
        ("token", "i8"),
        ("rank", "i8"),
        ("status", "i4"),
        ("unused", "i4"),
    ]
)


class _Rule(ctypes.Structure):
    _fields_ = (
        ("temperature", ctypes.c_double),
        ("top_k", ctypes.c_int64),
        ("top_p", ctypes.c_double),
        ("min_p", ctypes.c_double),
        ("uniform", ctypes.c_double),
    )


def why_not() -> str:
    """Why the compiled code cannot run; empty when it can."""
    try:
        code_name()
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def code_name() -> str:
    """The instruction set in use; raises OSError without a library, ValueError for a wrong wish."""
    return loaded()[1]


def token_stats(
    logits: Row, target: int | None = None, k: int = RIVALS, rule: Rule | None = None
) -> TokenStats:
    """See `kimikernels.token_stats.token_stats`."""
    check_row(logits)
    if target is not None:
        check_token(logits.size, target)
    k = min(k, logits.size)
    top_id, top_logprob = np.empty(k, np.int32), np.empty(k, np.float32)
    stats = np.empty(1, _STATS)
    loaded()[0](
        _address(logits),
        1,
        logits.size,
        logits.size,
        k,
        None if target is None else ctypes.byref(ctypes.c_int64(target)),
        None if rule is None else ctypes.byref(_rule(rule)),
        1,
        _address(top_id),
        _address(top_logprob),
        _address(stats),
    )
    log_z, entropy, logprob, token, rank, status, _ = stats.item()
    if status:
        raise _failure(status, logits)
    return TokenStats(log_z, entropy, top_id, top_logprob, token, logprob, rank)


def batch_token_stats(
    logits: Rows,
    targets: NDArray[np.int64] | None = None,
    k: int = RIVALS,
    rules: Sequence[Rule] | None = None,
    threads: int = 1,
) -> BatchStats:
    """See `kimikernels.token_stats.batch_token_stats`."""
    check_rows(logits)
    count, size = logits.shape
    for token in () if targets is None else targets:
        check_token(size, int(token))
    k = min(k, size)
    top_id, top_logprob = np.empty((count, k), np.int32), np.empty((count, k), np.float32)
    stats = np.empty(count, _STATS)
    wanted = None if targets is None else np.ascontiguousarray(targets, np.int64)
    loaded()[0](
        _address(logits),
        count,
        size,
        logits.strides[0] // 4,
        k,
        None if wanted is None else _address(wanted),
        None if rules is None else (_Rule * count)(*map(_rule, rules)),
        threads,
        _address(top_id),
        _address(top_logprob),
        _address(stats),
    )
    for row in np.flatnonzero(stats["status"])[:1]:
        error = _failure(int(stats["status"][row]), logits[row])
        raise type(error)(f"row {row}: {error}")
    return BatchStats(
        stats["log_z"],
        stats["entropy"],
        top_id,
        top_logprob,
        stats["token"],
        stats["logprob"],
        stats["rank"],
    )


def _failure(status: int, logits: Row) -> Exception:
    if status == NO_MEMORY:
        return MemoryError(f"no memory for the statistics of {logits.size} logits")
    return broken(logits)


def _rule(rule: Rule) -> _Rule:
    check_rule(rule)
    temperature = max(rule.temperature, LOWEST_TEMPERATURE) if rule.temperature else 0.0
    return _Rule(temperature, rule.top_k, rule.top_p, rule.min_p, rule.uniform)


def _address(array: NDArray[np.generic]) -> int:
    address: int = array.__array_interface__["data"][0]  # half the cost of array.ctypes
    return address


@cache
def loaded() -> tuple[Callable[..., None], str]:
    """The function, and the instruction set that it uses."""
    library = ctypes.CDLL(str(_file()))
    function = library.kimikernels_token_stats
    whole, address = ctypes.c_int64, ctypes.c_void_p
    function.argtypes = [address, *[whole] * 4, address, address, whole, *[address] * 3]
    function.restype = None
    library.kimikernels_best.restype = ctypes.c_char_p
    best = library.kimikernels_best().decode()
    name = os.environ.get(CPU_VARIABLE) or best
    if name not in NAMES[: NAMES.index(best) + 1]:
        raise ValueError(f"{CPU_VARIABLE} is {name}; this processor has {best} at most")
    library.kimikernels_use(name.encode())
    return function, name


def _file() -> Path:
    named = os.environ.get(LIBRARY_VARIABLE)
    if named:
        return Path(named)
    for suffix in EXTENSION_SUFFIXES:
        path = Path(__file__).with_name(f"native{suffix}")
        if path.exists():
            return path
    raise OSError("the package was built without a C++ compiler (g++ or clang++)")
