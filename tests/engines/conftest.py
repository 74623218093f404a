"""Engines on the real checkpoint, for the tests marked `model`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kimidesk import settings
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.protocol import Step
from kimidesk.records import Attempt, Budget, Message, Sampling, Token
from kimidesk.wire.messages import OpenCheckpoint

GREEDY = Sampling(temperature=0)


@pytest.fixture
def opened(gguf: Path) -> Iterator[Callable[..., LlamaCpp]]:
    """Opens engines with one thread, and closes them after the test."""
    engines: list[LlamaCpp] = []

    def open_(**options: object) -> LlamaCpp:
        options = {"context": 1024, "threads": 1, **options}
        engines.append(LlamaCpp(gguf, OpenCheckpoint(str(gguf), **options)))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.close()


@pytest.fixture
def thinking(home: Path) -> None:
    """SmolLM2 does not think: a dialect of one's own says that it does, from the first token."""
    folder = settings.dialects_folder()
    folder.mkdir(parents=True)
    told = 'name = "smollm2"\nstart = ["<think>"]\nends = ["</think>"]\nprefilled = true\n'
    (folder / "mine.toml").write_text(told)


def asked(
    trace: str,
    text: str = "What is 2+2? Answer briefly.",
    *,
    tokens: int | None = 12,
    sampling: Sampling = GREEDY,
    **more: object,
) -> Attempt:
    """An attempt at one message, greedy and short."""
    budget = Budget(answer=tokens)
    return Attempt(trace, (Message("user", text),), sampling, budget, **more)


def grown(engine: LlamaCpp, *attempts: Attempt) -> dict[str, tuple[list[Token], Step]]:
    """The tokens of each trace and the step that ended it."""
    for attempt in attempts:
        engine.add(attempt)
    tokens: dict[str, list[Token]] = {attempt.trace: [] for attempt in attempts}
    last: dict[str, Step] = {}
    while engine.live:
        for step in engine.step():
            if step.token is not None:
                tokens[step.trace].append(step.token)
            if step.ended is not None:
                last[step.trace] = step
    return {trace: (tokens[trace], last[trace]) for trace in tokens}


@pytest.fixture
def ask() -> Callable[..., Attempt]:
    """Makes attempts; see `asked`."""
    return asked


@pytest.fixture
def grow() -> Callable[..., dict[str, tuple[list[Token], Step]]]:
    """Grows attempts to their ends; see `grown`."""
    return grown


LONG = {
    "test_images.py",
    "test_prefixes.py",
    "test_told.py",
    "test_towers.py",
    "test_architectures.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What draws the same traces in many ways takes long: once a landing is enough."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.name in LONG:
            item.add_marker(pytest.mark.slow)
