"""Stopping a true worker on the real checkpoint."""

import queue
import time
from pathlib import Path

import pytest

from kimidesk.client.pipe import Pipe
from kimidesk.records import Attempt, Ended, Message
from kimidesk.wire.messages import (
    AnyEvent,
    Cancel,
    Generate,
    Loaded,
    OpenCheckpoint,
    Started,
    TraceEnded,
)


@pytest.mark.model
def test_a_long_prompt_is_stopped_before_its_chunk_is_read(gguf: Path):
    """A chunk of this prompt takes one to two seconds on one core."""
    events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
    pipe = Pipe(events.put)
    pipe.send([OpenCheckpoint(str(gguf), context=8192, threads=1)])
    while not isinstance(events.get(timeout=60), Loaded):
        pass
    pipe.send([Generate(Attempt("t", (Message("user", "word " * 6000),)))])
    while not isinstance(events.get(timeout=60), Started):
        pass
    time.sleep(0.3)
    asked = time.monotonic()

    pipe.send([Cancel("t")])
    while not isinstance(event := events.get(timeout=60), TraceEnded):
        pass

    assert event.ended is Ended.STOPPED
    assert time.monotonic() - asked < 0.5
    pipe.close()
