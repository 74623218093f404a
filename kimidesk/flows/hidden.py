"""Hidden: what stands behind layers at each token of a given text."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import Attempt
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, HiddenCame, Reveal, Revealing

Dtype = Literal["float32", "float16"]


class Hidden:
    """Event in, commands out. `states` (tokens, layers, width) fills from the first token on."""

    def __init__(self, attempt: Attempt, layers: Sequence[int], dtype: Dtype = "float32") -> None:
        self._asked = Reveal(attempt, tuple(layers), dtype)
        self.ids: NDArray[np.int32] = np.zeros(0, np.int32)
        self.prompt = 0  # how many of them are the prompt
        self.layers: tuple[int, ...] = ()  # counted from the embedding
        self.states: NDArray[np.float32] | NDArray[np.float16] = np.zeros((0, 0, 0), dtype)
        self.come = 0  # tokens
        self.failed: Failed | None = None

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        return self.failed is not None or 0 < len(self.ids) == self.come

    def start(self) -> list[AnyCommand]:
        """What to ask first."""
        return [self._asked]

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take an event; nothing more is asked."""
        match event:
            case Revealing():
                self.ids = np.frombuffer(event.ids, "<i4")
                self.prompt, self.layers = event.prompt, event.layers
                shape = (len(self.ids), len(event.layers), event.width)
                self.states = np.zeros(shape, self.states.dtype)
            case HiddenCame():
                told = np.frombuffer(event.states, self.states.dtype.newbyteorder("<"))
                rows = told.reshape(-1, *self.states.shape[1:])
                self.states[event.first : event.first + len(rows)] = rows
                self.come += len(rows)
            case Failed():
                self.failed = event
        return []
