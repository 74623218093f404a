"""Runs one attempt on an engine and keeps what it said."""

from pathlib import Path

from kimidesk.engines.protocol import Engine
from kimidesk.records import Attempt, Lexicon, TokenColumns
from kimidesk.wire.columns import unpack
from kimidesk.wire.messages import OpenCheckpoint, TokensCame
from kimidesk.worker.outbox import Outbox


class Collected:
    """Columns and pieces of a trace."""

    def __init__(self) -> None:
        self.columns = TokenColumns()
        self.lexicon: Lexicon = {}

    @staticmethod
    def options(file: Path, slots: int = 1) -> OpenCheckpoint:
        return OpenCheckpoint(f"scripted:{file}", context=8192, slots=slots)

    def run(self, engine: Engine, attempt: Attempt) -> tuple[int, ...]:
        """Grow it to its end; the ids of its prompt."""
        outbox = Outbox(engine)
        prompt = engine.add(attempt).prompt
        outbox.begin(attempt.trace)
        while engine.live:
            for step in engine.step():
                for event in outbox.put(step):
                    if isinstance(event, TokensCame):
                        self.columns.extend(unpack(event.columns))
                        self.lexicon.update(event.pieces)
        return prompt
