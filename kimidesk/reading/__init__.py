"""Understanding a trace: where the thought ends and the answer begins."""

from kimidesk.reading.pace import tokens_per_s
from kimidesk.reading.thought import Parts, spans, split
from kimidesk.reading.transcript import Transcript

__all__ = ["Parts", "Transcript", "spans", "split", "tokens_per_s"]
