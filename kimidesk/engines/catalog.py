"""The one door to the engines, where an optional dependency is imported."""

from collections.abc import Callable
from pathlib import Path

from kimidesk.checkpoints.catalog import SCRIPTED, TORCH, on_torch
from kimidesk.checkpoints.remote import is_remote
from kimidesk.engines.protocol import Engine
from kimidesk.errors import MissingExtra
from kimidesk.wire.messages import OpenCheckpoint


def open_engine(options: OpenCheckpoint, loading: Callable[[float], None]) -> Engine:
    """Load the checkpoint that `options.ref` names; `loading` is told fractions from 0 to 1.

    Raises ModelError (BadCheckpoint, TooLarge, MissingExtra) with what to do.
    """
    if options.ref.startswith(SCRIPTED):
        from kimidesk.engines.scripted import Scripted

        return Scripted(Path(options.ref.removeprefix(SCRIPTED)), options)
    if is_remote(options.ref):
        from kimidesk.engines.remote import Remote

        return Remote(options)
    if on_torch(options.ref):
        return _open_torch(options, loading)
    try:
        from kimidesk.engines.llamacpp import LlamaCpp
    except ImportError as error:
        raise MissingExtra(
            f"cannot open {options.ref}: llama-cpp-python cannot be imported ({error})",
            hint="pip install llama-cpp-python==0.3.36",
        ) from error
    return LlamaCpp(Path(options.ref), options, loading)


def _open_torch(options: OpenCheckpoint, loading: Callable[[float], None]) -> Engine:
    path = Path(options.ref.removeprefix(TORCH))
    try:
        from kimidesk.engines.pytorch import PyTorch
    except ImportError as error:
        raise MissingExtra(
            f"cannot open {options.ref}: {error.name} cannot be imported ({error})",
            hint="pip install 'kimidesk[torch]'",
        ) from error
    return PyTorch(path, options, loading)
