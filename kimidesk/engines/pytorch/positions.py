"""How many positions a checkpoint has: where it learned one vector for each, no more than those."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class Positions(TorchFunctionMode):
    """Watches a model read one token twice: only a table of positions is asked for two neighbours.

    `reach` is then how many tokens the table serves, or None where positions are computed. Asking
    for one beyond it raises IndexError on a CPU, and on a GPU ends all that the process does there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reach: int | None = None

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if function is functional.embedding:
            self._look(*args[:2])
        return function(*args, **(kwargs or {}))

    def _look(self, asked: torch.Tensor, table: torch.Tensor) -> None:
        places = asked.flatten().tolist()
        if len(places) == 2 and places[1] - places[0] == 1:
            reach = len(table) - places[0]
            self.reach = reach if self.reach is None else min(reach, self.reach)
