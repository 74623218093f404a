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
    check_k,
    check_row,
    check_rows,
    check_rule,
    check_token,
)

CPU_VARIABLE = "KIMIKERNELS_CPU"
LIBRARY_VARIABLE = "KIMIKERNELS_LIBRARY"
NAMES = ("portable", "avx2", "avx512")  # each has what those before it have
HIGHEST_TOP_K = 2**62  # more than any row has, and still an int64
NO_MEMORY = 2  # Status in entry.cpp; 0 is well and 1 not finite


class _Stats(ctypes.Structure):  # as in entry.cpp, field by field
    _fields_ = (
        ("log_z", ctypes.c_double),
        ("entropy", ctypes.c_double),
        ("logprob", ctypes.c_double),
        ("token", ctypes.c_int64),
        ("rank", ctypes.c_int64),
        ("status", ctypes.c_int32),
        ("unused", ctypes.c_int32),
    )


class _Rule(ctypes.Structure):  # as in draw.h
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
    k = check_k(k, logits.size)
    # ctypes' own memory: numpy takes three times as long to make an array and tell its address.
    top_id, top_logprob, stats = (ctypes.c_int32 * k)(), (ctypes.c_float * k)(), _Stats()
    loaded()[0](
        logits.ctypes.data,
        1,
        logits.size,
        logits.size,
        k,
        None if target is None else ctypes.byref(ctypes.c_int64(target)),
        None if rule is None else ctypes.byref(_rule(rule)),
        1,
        top_id,
        top_logprob,
        ctypes.byref(stats),
    )
    if stats.status:
        raise _failure(stats.status, logits)
    return TokenStats(
        stats.log_z,
        stats.entropy,
        np.frombuffer(memoryview(top_id), np.int32),
        np.frombuffer(memoryview(top_logprob), np.float32),
        stats.token,
        stats.logprob,
        stats.rank,
    )


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
    k = check_k(k, size)
    top_id, top_logprob = np.empty((count, k), np.int32), np.empty((count, k), np.float32)
    stats = np.empty(count, _Stats)
    wanted = None if targets is None else np.ascontiguousarray(targets, np.int64)
    loaded()[0](
        logits.ctypes.data,
        count,
        size,
        logits.strides[0] // 4 if count > 1 else size,
        k,
        None if wanted is None else wanted.ctypes.data,
        None if rules is None else (_Rule * count)(*map(_rule, rules)),
        threads,
        top_id.ctypes.data,
        top_logprob.ctypes.data,
        stats.ctypes.data,
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
    top_k = min(rule.top_k, HIGHEST_TOP_K)
    return _Rule(temperature, top_k, rule.top_p, rule.min_p, rule.uniform)


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
