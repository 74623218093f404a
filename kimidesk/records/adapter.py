"""What is laid over a checkpoint's weights without changing them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA adapter or a control vector, with its share: 0 is without it, below 0 against it."""

    path: str
    scale: float = 1.0
