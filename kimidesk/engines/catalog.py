"""The one door to the engines, where an optional dependency is imported."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from kimidesk.checkpoints.catalog import SCRIPTED, TORCH, on_torch
from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.fit import automatic_slots
from kimidesk.checkpoints.remote import is_remote
from kimidesk.engines.protocol import Engine
from kimidesk.errors import MissingExtra
from kimidesk.settings import AUTO_SLOTS
from kimidesk.wire.messages import OpenCheckpoint


def open_engine(options: OpenCheckpoint, loading: Callable[[float], None]) -> Engine:
    """Load the checkpoint that `options.ref` names; `loading` is told fractions from 0 to 1.

    Raises ModelError (BadCheckpoint, TooLarge, MissingExtra) with what to do.
    """
    if options.slots == AUTO_SLOTS:
        options = msgspec.structs.replace(options, slots=_slots(options))
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


def _slots(options: OpenCheckpoint) -> int:
    """Recitals and servers take no memory here, and PyTorch counts its own once weights are in."""
    if options.ref.startswith(SCRIPTED) or is_remote(options.ref):
        return 2
    if on_torch(options.ref):
        return 1
    description = describe(Path(options.ref))
    context = options.context or description.info.trained_context
    return automatic_slots(description, context, options.kv_type)


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
