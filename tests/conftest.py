"""Every test runs offscreen, with its home in a temporary folder."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # Qt aborts the process without a display

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from kimidesk.checkpoints.catalog import resolve
from kimidesk.errors import BadCheckpoint
from kimidesk.settings import HOME_VARIABLE

# New examples are for people at work; a landing must not hang on a throw of dice.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

collect_ignore = [] if importlib.util.find_spec("PySide6") else ["gui"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home, so that no test sees a person's traces and settings."""
    folder = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture
def shared() -> Path:
    """Benchmarks and traces that lie beside the project; absent, the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not at hand")
    return SHARED


@pytest.fixture(scope="session")
def gguf() -> Path:
    """A real checkpoint for the tests marked `model`; resolved before any test moves its home.

    `KIMIDESK_TEST_GGUF=FILE` takes another one; without it the catalog's smallest is taken from
    the person's cache, and where that has none the tests are skipped.
    """
    named = os.environ.get("KIMIDESK_TEST_GGUF")
    try:
        return Path(named) if named else resolve("smollm2-135m")
    except BadCheckpoint as error:
        pytest.skip(str(error))


def pytest_unconfigure() -> None:
    """llama-cpp-python leaves /dev/null open twice, and Python says so after pytest's summary."""
    silencers = sys.modules.get("llama_cpp._utils")
    if silencers is not None:
        silencers.outnull_file.close()
        silencers.errnull_file.close()
