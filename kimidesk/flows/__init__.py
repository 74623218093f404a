"""Journeys as state machines without input or output: an event in, commands out."""
