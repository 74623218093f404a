"""A real llama-server is killed in the middle of a trace and started again."""

import time
from pathlib import Path

import pytest

from kimidesk.engines.protocol import Step
from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.patience import Patience
from kimidesk.records import Attempt, Budget, Ended, Message, Noted, Sampling
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.remote.llama import free_port, start_llama

pytestmark = [pytest.mark.model, pytest.mark.slow]

PATIENCE = Patience(connect_s=2, first_s=60, between_s=10, pause_s=0.1, tries=20, longest_s=1)
GREEDY = Sampling(temperature=0, top_p=1)
ASKED = (Message("user", "Write a long story about a whale."),)
TOKENS = 120


def test_a_trace_goes_on_as_a_fresh_server_goes_on_from_its_tokens(llama_binary: str, gguf: Path):
    """Not as if nothing had happened: what is read again at once has other low bits."""
    port = free_port()
    options = OpenCheckpoint(f"http://127.0.0.1:{port}", slots=2, context=0)
    process = start_llama(llama_binary, gguf, port)
    remote = Remote(options, PATIENCE)
    try:
        remote.add(Attempt("broken", ASKED, GREEDY, Budget(answer=TOKENS)))
        steps: list[Step] = []
        while len(steps) < 40:
            steps += remote.step()
        process.kill()
        process.wait()
        steps += [step for _ in range(10) for step in remote.step()]  # it is away for a while
        process = start_llama(llama_binary, gguf, port)
        steps += grown(remote)

        process.kill()
        process.wait()
        process = start_llama(llama_binary, gguf, port)
        [note] = [n for step in steps for n in step.notes if n.what is Noted.RESUMED]
        ids = [step.token.id for step in steps if step.token]
        kept, left = tuple(ids[: note.at]), Budget(answer=TOKENS - note.at)
        remote.add(Attempt("fork", ASKED, GREEDY, left, prefix=kept))
        fresh = [step.token.id for step in grown(remote) if step.token]
    finally:
        remote.close()
        process.kill()
        process.wait()

    assert steps[-1].ended is Ended.BUDGET
    assert len(ids) == TOKENS
    assert 40 <= note.at < TOKENS
    assert ids[note.at :] == fresh


def grown(remote: Remote) -> list[Step]:
    steps: list[Step] = []
    begun = time.monotonic()
    while remote.live:
        steps += remote.step()
        assert time.monotonic() - begun < 60
    return steps
