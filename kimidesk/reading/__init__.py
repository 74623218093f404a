"""Understanding a trace: where the thought ends and the answer begins."""

from kimidesk.reading.pace import tokens_per_s
from kimidesk.reading.thought import Parts, split
from kimidesk.reading.transcript import Transcript

__all__ = ["Parts", "Transcript", "split", "tokens_per_s"]
