"""Journeys as state machines without input or output: an event in, commands out."""

from kimidesk.flows.analysis import Analyse, Analysis, text_of
from kimidesk.flows.belief import Belief
from kimidesk.flows.branches import Branches
from kimidesk.flows.hidden import Hidden
from kimidesk.flows.probe import Forced, Probe
from kimidesk.flows.sampled import sample_of
from kimidesk.flows.score import Progress, Score
from kimidesk.flows.solve import Phase, Solve
from kimidesk.flows.story import Branch, Story

__all__ = [
    "Analyse",
    "Analysis",
    "Belief",
    "Branch",
    "Branches",
    "Forced",
    "Hidden",
    "Phase",
    "Probe",
    "Progress",
    "Score",
    "Solve",
    "Story",
    "sample_of",
    "text_of",
]
