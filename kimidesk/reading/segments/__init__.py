"""Naming what the sentences of a thought do."""

from kimidesk.reading.segments.naming import Growing, merged, segments

__all__ = ["Growing", "merged", "segments"]
