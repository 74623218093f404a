"""Worker and grader behind one queue: nothing is lost when a worker is replaced."""

import json
from pathlib import Path

import pytest

from kimidesk.cli.backend import Backend, Stopping
from kimidesk.records import Judgement, Verdict
from kimidesk.wire.messages import Judged, OpenCheckpoint


@pytest.fixture
def opening(tmp_path: Path) -> OpenCheckpoint:
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"recitations": [{"text": "x"}]}))
    return OpenCheckpoint(f"scripted:{path}")


def test_verdicts_that_wait_survive_the_replacement_of_a_worker(opening: OpenCheckpoint):
    judged = Judged("t", Verdict(Judgement.RIGHT))
    with Stopping() as stopping, Backend(stopping, grading=False) as backend:
        backend.open(opening)
        backend._events.put(judged)

        backend.open(opening)

        assert backend.next_event(1.0) == judged


def test_opening_ends_when_it_is_asked_to_stop(opening: OpenCheckpoint):
    with Stopping() as stopping, Backend(stopping, grading=False) as backend:
        stopping.interrupts = 1

        with pytest.raises(KeyboardInterrupt):
            backend.open(opening)
