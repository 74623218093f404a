"""Whether llama.cpp applies control vectors to an architecture: measured, since none of it says.

Each architecture has a graph of its own, and some forget them: the vector is taken, and changes
nothing.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as lib
from numpy.typing import NDArray

from kimidesk.engines.evaluating import default_threads
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.errors import Refused

_CELLS = 8  # tokens of memory; llama.cpp rounds up
_LOUD = 100.0  # of a number in the direction; those of a residual stream are seldom above 10
Steer = Callable[[Any], None]
"""Lays a control vector over a context."""


def loud(layers: int, width: int) -> NDArray[np.float32]:
    """A direction for every layer that can be steered, which no graph with it can hide."""
    values = np.random.default_rng(0).normal(0, _LOUD, (layers - 1, width))
    return values.astype(np.float32)


def can_be_steered(weights: Weights, steer: Steer) -> bool:
    """Whether a token's row of logits has another bit when a vector is laid.

    One token, twice, in a memory of its own that is freed again: nothing that grows is touched.
    Raises Refused where there is no room for it.
    """
    parameters = lib.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = _CELLS
    parameters.n_seq_max = 1
    parameters.n_threads = parameters.n_threads_batch = default_threads()
    log = start()
    log.clear()
    context = lib.llama_init_from_model(weights.model, parameters)
    if not context:
        raise Refused(f"no memory to try a control vector: {log.reason()}")
    try:
        plain = _row(context, weights.size)
        steer(context)
        lib.llama_memory_clear(lib.llama_get_memory(context), True)
        return _row(context, weights.size) != plain
    finally:
        lib.llama_free(context)


def _row(context: Any, size: int) -> bytes:
    """The logits after the vocabulary's first token, as they lie in memory."""
    token = (lib.llama_token * 1)(0)
    if code := lib.llama_decode(context, lib.llama_batch_get_one(token, 1)):
        raise Refused(f"a control vector could not be tried (code {code}): {start().reason()}")
    row = lib.llama_get_logits_ith(context, -1)
    return ctypes.string_at(row, size * ctypes.sizeof(ctypes.c_float))
