"""Journeys as state machines without input or output: an event in, commands out."""

from kimidesk.flows.score import Progress, Score, sample_of
from kimidesk.flows.solve import Phase, Solve

__all__ = ["Phase", "Progress", "Score", "Solve", "sample_of"]
