"""Every architecture that can be made tiny opens, and its traces are what they are alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, Sampling, Token
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.families import FAMILIES
from tests.engines.tiny import THOUGHTFUL, write_tiny

TEXTS = {"long": "how many whales are there in the sea " * 16, "short": "how many seas are there"}
NEAR = 0.01  # nats; what sums of another order came to: 0.0053 in gemma4, less than 0.003 elsewhere
ANSWER = 8
QUICK = ("deepseek2", "glm4moe", "rwkv7")

Open = Callable[..., LlamaCpp]


@pytest.fixture(
    params=[
        pytest.param(kind, marks=() if kind in QUICK else pytest.mark.slow) for kind in FAMILIES
    ]
)
def open_(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens a checkpoint of each kind, and closes it after the test."""
    kind, engines = request.param, []

    def opened(**options: object) -> LlamaCpp:
        path = tmp_path / f"{kind}.gguf"
        if not path.exists():
            write_tiny(path, kind, template=THOUGHTFUL, **FAMILIES[kind])
        options = {"context": 1024, "threads": 1, "gpu_layers": 0, **options}
        engines.append(LlamaCpp(path, OpenCheckpoint(str(path), **options)))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.close()


def grow(engine: LlamaCpp, *traces: str, **more: object) -> dict[str, list[Token]]:
    """The tokens of attempts at these texts, greedy."""
    budget = Budget(thinking=10, answer=ANSWER, closing="")
    for trace in traces:
        message = Message("user", TEXTS[trace])
        engine.add(Attempt(trace, (message,), Sampling(temperature=0), budget, **more))
    grown: dict[str, list[Token]] = {trace: [] for trace in traces}
    while engine.live:
        for step in engine.step():
            if step.token is not None:
                grown[step.trace].append(step.token)
    return grown


def bits(tokens: list[Token]) -> list[tuple[int, float, float]]:
    return [(token.id, token.logprob, token.entropy) for token in tokens]


def near(tokens: list[Token], like: list[Token]) -> bool:
    """Whether they begin with the same tokens, with about the same numbers."""
    pairs = list(zip(tokens, like, strict=False))[:5]
    return all(a.id == b.id and abs(a.logprob - b.logprob) < NEAR for a, b in pairs)


def test_traces_at_once_are_those_of_one_at_a_time(open_: Open):
    one = open_(reproducible=True)
    alone = {trace: grow(one, trace)[trace] for trace in TEXTS}

    together = grow(open_(slots=3, reproducible=True), *TEXTS)
    wide = open_(slots=3)
    side_by_side = grow(wide, *TEXTS)
    ids = tuple(token.id for token in alone["long"])
    fork = grow(wide, "long", prefix=ids[:4])["long"]

    for trace, tokens in alone.items():
        assert bits(together[trace]) == bits(tokens)
        assert near(side_by_side[trace], tokens)
        forced = [place for place, token in enumerate(tokens) if token.forced]
        thought = forced[0] if forced else next(n for n, t in enumerate(tokens) if t.id == 97)
        assert thought == 10 or (thought < 10 and not forced)
    assert near(fork, alone["long"][4:])
