"""Evaluating one token of each growing trace: at once on a CPU, by recorded graphs on a GPU.

A small batch keeps a GPU waiting for Python to launch some hundred kernels a token. Once the same
sequences have been evaluated a few times together, the launches are recorded as a CUDA graph and
replayed: ids, positions and rows are read from tensors that stay where they are, and the places
that are looked at are rounded up, so that one graph serves for many tokens.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from kimidesk.engines.pytorch.memory import Memory, Reading, reading_of
from kimidesk.engines.pytorch.weights import Weights

STEP = 256  # places; a graph looks at the next multiple of it
PATIENCE = 8  # evaluations of the same sequences before a graph is recorded for them
MOST_GRAPHS = 16
WARM_UPS = 2  # evaluations on a side stream before recording, as torch asks for


class Recorded(NamedTuple):
    """A graph and the tensors that it reads and writes."""

    graph: torch.cuda.CUDAGraph
    read: Tensor  # (3, B, 1) int64: ids, places and positions
    rows: Tensor  # (B,) int64; held because the graph reads it, and does not hold it
    logits: Tensor  # (B, V)


class Decoding:
    """Evaluates on `memory`. `why_not` says why nothing is recorded; empty where graphs are."""

    def __init__(self, weights: Weights, memory: Memory) -> None:
        self._weights, self._memory = weights, memory
        self.why_not = _why_no_graphs(weights)
        self._graphs: OrderedDict[tuple[tuple[int, ...], int], Recorded] = OrderedDict()
        self._same: tuple[int, ...] = ()
        self._times = 0

    def evaluate(
        self, tokens: Sequence[int], sequences: Sequence[int], starts: Sequence[int]
    ) -> Tensor:
        """The next token of each sequence, which are rising; logits, float32 (B, V).

        Valid until the next call. Raises Interrupted, TooLarge.
        """
        device = self._weights.device
        if not self.why_not and (recorded := self._recorded(tuple(sequences), starts)):
            told = torch.tensor([tokens, starts, self._positions(sequences, starts)])
            recorded.read.copy_(told[..., None], non_blocking=True)
            recorded.graph.replay()
            return recorded.logits
        reading = self._reading(sequences, starts)
        ids = torch.tensor(tokens)[:, None].to(device)
        return self._weights.evaluate(ids, self._memory, reading)[:, 0]

    def forget(self) -> None:
        """Drop all graphs: what they recorded of the weights has changed."""
        self._graphs.clear()
        self._same, self._times = (), 0

    def close(self) -> None:
        """Free what the graphs hold."""
        self.forget()

    def _positions(self, sequences: Sequence[int], starts: Sequence[int]) -> list[int]:
        at = self._memory.positions.at
        return [at(*pair) for pair in zip(sequences, starts, strict=True)]

    def _reading(self, sequences: Sequence[int], starts: Sequence[int]) -> Reading:
        positions = torch.tensor(self._positions(sequences, starts))[:, None]
        return reading_of(sequences, starts, 1, self._weights.device, positions)

    def _recorded(self, sequences: tuple[int, ...], starts: Sequence[int]) -> Recorded | None:
        self._times = self._times + 1 if sequences == self._same else 1
        self._same = sequences
        places = min(-(-(max(starts) + 1) // STEP) * STEP, self._memory.length)
        found = self._graphs.get((sequences, places))
        if found is not None:
            self._graphs.move_to_end((sequences, places))
            return found
        if self._times < PATIENCE:
            return None
        if len(self._graphs) >= MOST_GRAPHS:
            self._graphs.popitem(last=False)
        made = self._graphs[sequences, places] = self._record(sequences, starts, places)
        return made

    def _record(self, sequences: tuple[int, ...], starts: Sequence[int], places: int) -> Recorded:
        device = self._weights.device
        plain = self._reading(sequences, starts)
        # Evaluated for real while warming up: the token that is due is written over again.
        read = torch.stack([torch.zeros_like(plain.places), plain.places, plain.positions])
        ids, at, positions = read
        reading = replace(
            plain, length=places, even=False, fixed=True, places=at, positions=positions
        )
        side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(side):
            for _ in range(WARM_UPS):
                self._weights.evaluate(ids, self._memory, reading)
        torch.cuda.current_stream(device).wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            logits = self._weights.evaluate(ids, self._memory, reading)[:, 0]
        return Recorded(graph, read, reading.rows, logits)


def _why_no_graphs(weights: Weights) -> str:
    if weights.device.type != "cuda":
        return "there is no GPU"
    told = weights.model.config.get_text_config().to_dict()
    if any("expert" in name and value for name, value in told.items()):
        return "its experts are chosen on the CPU"
    scaling = told.get("rope_parameters") or told.get("rope_scaling") or {}
    if "dynamic" in str(scaling) or "longrope" in str(scaling):
        return "its positions are scaled by the length of the text"
    return ""
