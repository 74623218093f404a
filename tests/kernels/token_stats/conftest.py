"""Every test of the statistics runs on each implementation that this machine has."""

from collections.abc import Iterator
from types import ModuleType

import pytest

from kimikernels.token_stats import compiled, plain


@pytest.fixture(params=["numpy", *compiled.NAMES])
def stats(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """numpy, or the compiled code for one instruction set."""
    if request.param == "numpy":
        yield plain
        return
    monkeypatch.setenv(compiled.CPU_VARIABLE, request.param)
    compiled.loaded.cache_clear()
    if reason := compiled.why_not():
        pytest.skip(reason)
    yield compiled
    monkeypatch.undo()
    compiled.loaded.cache_clear()
    compiled.why_not()
