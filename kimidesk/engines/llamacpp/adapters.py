"""LoRA adapters and control vectors: loaded once, laid over the weights in any mix.

llama.cpp holds one mix for a whole context, so traces with different mixes are evaluated in calls
of their own. What a context may hold of graph is settled when it is made, from the LoRA adapters
that are loaded by then: after another one it must be made anew (`grown`), and where it cannot be,
that one is unloaded (`forget`).
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as lib
from numpy.typing import NDArray

from kimidesk.checkpoints.describe import fingerprint
from kimidesk.checkpoints.gguf import Header, Tensor, read_header
from kimidesk.checkpoints.tensor_types import TENSOR_TYPES
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.steering import can_be_steered, loud
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.mix import Mix, Mixing
from kimidesk.errors import Refused

Vector = NDArray[np.float32]  # (layers - 1, width): what is added after each layer but the first
DIRECTION = "direction."  # a control vector's tensors; the number of a layer follows


@dataclass(frozen=True, slots=True)
class Laid:
    """A mix as llama.cpp takes it."""

    loras: tuple[tuple[Any, float], ...] = ()  # llama.cpp's adapters and their scales
    vector: Vector | None = None


class Adapters(Mixing):
    """All that were loaded for these weights. They are freed with the weights, by llama.cpp."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights
        self._loras: dict[str, Any] = {}
        self._vectors: dict[str, Vector] = {}
        self._steers: bool | None = None  # whether control vectors are applied; None: not tried
        self._new: list[str] = []  # LoRA adapters that no context has room for

    @property
    def grown(self) -> bool:
        """Whether a LoRA adapter was loaded since a context was made."""
        return bool(self._new)

    def settle(self) -> None:
        """A context was made with room for all that are loaded."""
        self._new.clear()

    def forget(self) -> None:
        """Unload those that came since the last context, which must have been closed."""
        for id_ in self._new:
            lib.llama_adapter_lora_free(self._loras.pop(id_))
        self._known = {stamp: id_ for stamp, id_ in self._known.items() if id_ not in self._new}
        self._new.clear()

    def laid(self, mix: Mix) -> Laid:
        """What to give a context; every part of the mix is loaded."""
        loras = tuple((self._loras[id_], scale) for id_, scale in mix if id_ in self._loras)
        vectors = [self._vectors[id_] * scale for id_, scale in mix if id_ in self._vectors]
        return Laid(loras, np.sum(vectors, axis=0, dtype=np.float32) if vectors else None)

    def _files(self, path: Path) -> tuple[Path, ...]:
        return (path,)

    def _read(self, path: Path) -> str:
        header, id_ = read_header(path), fingerprint(path)
        if id_ in self._loras or id_ in self._vectors:
            return id_
        if header.text("general.architecture") == "controlvector":
            vector = _vector(header, self._weights.layers, self._weights.width)
            self._try_steering()
            self._vectors[id_] = vector
        elif header.text("general.type") == "adapter":
            self._loras[id_] = self._lora(path)
            self._new.append(id_)
        else:
            raise Refused(
                f"{path} is neither a LoRA adapter nor a control vector",
                hint="An adapter of PEFT is converted by llama.cpp's convert_lora_to_gguf.py.",
            )
        return id_

    def _try_steering(self) -> None:
        """Raise Refused where no control vector changes what these weights say."""
        width = self._weights.width
        if self._steers is None:
            laid = Laid(vector=loud(self._weights.layers, width))
            self._steers = can_be_steered(self._weights, lambda made: lay(made, laid, width))
        if not self._steers:
            raise Refused(
                f"llama.cpp applies no control vector to the architecture "
                f"{self._weights.architecture}: it would change nothing",
                hint="Leave it out, or steer a checkpoint of another architecture.",
            )

    def _lora(self, path: Path) -> Any:
        log = start()
        log.clear()
        adapter = lib.llama_adapter_lora_init(self._weights.model, bytes(path))
        if not adapter:
            raise Refused(
                f"{path} cannot be laid over {self._weights.path.name}: {log.reason()}",
                hint="An adapter fits the checkpoint that it was trained on.",
            )
        return adapter


def lay(context: Any, laid: Laid, width: int) -> None:
    """Give a llama.cpp context a mix in place of the one that it has."""
    count = len(laid.loras)
    adapters = (lib.llama_adapter_lora_p_ctypes * max(count, 1))()
    scales = (ctypes.c_float * max(count, 1))()
    for place, (adapter, scale) in enumerate(laid.loras):
        adapters[place] = ctypes.cast(adapter, lib.llama_adapter_lora_p_ctypes)
        scales[place] = scale
    _told(lib.llama_set_adapters_lora, context, adapters, count, scales)
    if laid.vector is None:
        _told(lib.llama_set_adapter_cvec, context, None, 0, width, 0, 0)
        return
    vector = np.ascontiguousarray(laid.vector, np.float32)
    address = vector.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
    _told(lib.llama_set_adapter_cvec, context, address, vector.size, width, 1, len(vector))


def _told(function: Callable[..., int], *arguments: Any) -> None:
    if code := function(*arguments):
        raise Refused(f"llama.cpp does not take the adapters (code {code}): {start().reason()}")


def _vector(header: Header, layers: int, width: int) -> Vector:
    """The directions of a control vector; layers that it does not name get nothing."""
    vector = np.zeros((layers - 1, width), np.float32)
    named = [each for each in header.tensors if each.name.startswith(DIRECTION)]
    if not named:
        raise Refused(f"{header.path} is a control vector without a direction")
    for tensor in named:
        number = tensor.name.removeprefix(DIRECTION)
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) < layers):
            raise Refused(
                f"{header.path} steers layer {number[:20]!r}; "
                f"this checkpoint can be steered after its layers 1 to {layers - 1}"
            )
        vector[int(number) - 1] = _direction(header, tensor, width)
    return vector


def _direction(header: Header, tensor: Tensor, width: int) -> Vector:
    kind = TENSOR_TYPES[tensor.type].name if tensor.type in TENSOR_TYPES else str(tensor.type)
    if tensor.elements != width or kind != "F32":
        raise Refused(
            f"{header.path}: {tensor.name} holds {tensor.elements:,} numbers of type {kind}; "
            f"it must hold {width:,} of type F32",
            hint="A control vector fits the checkpoint that it was made for.",
        )
    values = np.fromfile(
        header.path, np.dtype("<f4"), width, offset=header.data_start + tensor.offset
    )
    if not np.isfinite(values).all():
        raise Refused(f"{header.path}: {tensor.name} holds numbers that are not finite")
    return values.astype(np.float32)
