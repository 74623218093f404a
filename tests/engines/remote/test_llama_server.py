"""What a real llama-server writes is what the weights say."""

from pathlib import Path

import numpy as np
import pytest

from kimidesk.engines.catalog import open_engine
from kimidesk.engines.protocol import Engine
from kimidesk.records import Attempt, Budget, Ended, Message, Sampling, TokenColumns
from kimidesk.wire.messages import OpenCheckpoint

pytestmark = [pytest.mark.model, pytest.mark.slow]


def grown(engine: Engine, problem: str) -> tuple[str, TokenColumns, Ended | None]:
    columns, ended, closing = TokenColumns(), None, 0
    sampling, budget = Sampling(temperature=0, top_p=1), Budget(answer=64)
    engine.add(Attempt("t", (Message("user", problem),), sampling, budget))
    while engine.live:
        for step in engine.step():
            if step.token is not None:
                columns.append(step.token)
            ended, closing = step.ended or ended, step.closing or closing
    columns = columns.cut(0, len(columns) - closing)
    return b"".join(map(engine.piece, columns.id.tolist())).decode(), columns, ended


def test_a_greedy_answer_is_that_of_the_local_engine(llama_server: str, gguf: Path):
    remote = open_engine(OpenCheckpoint(llama_server, slots=2), lambda _: None)
    local = open_engine(OpenCheckpoint(str(gguf), context=1024, threads=1), lambda _: None)
    try:
        text, told, ended = grown(remote, "What is the capital of France?")
        same, known, local_end = grown(local, "What is the capital of France?")
    finally:
        remote.close()
        local.close()
    assert text == same
    assert ended is local_end
    assert np.abs(told.logprob - known.logprob).max() < 0.1
    assert remote.info.vocabulary == local.info.vocabulary
    assert (told.rank == known.rank).all()
    assert (told.id == known.id).all()


def test_a_split_character_comes_whole(llama_server: str):
    remote = open_engine(OpenCheckpoint(llama_server, slots=1), lambda _: None)
    try:
        text, columns, _ = grown(remote, "Repeat exactly: 🌱🌱🌱 日本語")
    finally:
        remote.close()
    assert "\ufffd" not in text
    assert len(columns)
