"""Every test runs offscreen, with its home in a temporary folder."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # Qt aborts the process without a display

import importlib.util
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from kimidesk.checkpoints.catalog import resolve
from kimidesk.errors import BadCheckpoint
from kimidesk.settings import HOME_VARIABLE

# New examples are for people at work; a landing must not hang on a throw of dice.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

collect_ignore = [] if importlib.util.find_spec("PySide6") else ["gui"]
if not all(map(importlib.util.find_spec, ("torch", "transformers"))):
    collect_ignore.append("engines/pytorch")
if not importlib.util.find_spec("gguf"):
    # They write projectors and checkpoints with it.
    collect_ignore += ["engines/test_images.py", "engines/test_towers.py"]
    collect_ignore += ["engines/test_memories.py"]
if importlib.util.find_spec("torch"):
    import torch

    if not torch.cuda.is_available():
        # Settled when triton is first imported, which any test of an engine may do.
        os.environ["TRITON_INTERPRET"] = "1"

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


@pytest.fixture
def write_gguf() -> Callable[..., Path]:
    """Writes small GGUF files; see `written`."""
    return written


ALIGNMENT = 32
_KINDS = {bool: (7, "?"), int: (4, "I"), float: (6, "f")}


def written(
    path: Path,
    metadata: Mapping[str, str | int | float | bool],
    tensors: Mapping[str, NDArray[np.float32]],
) -> Path:
    """Metadata and float32 tensors; a tensor's last axis is its first dimension, as GGUF has it."""
    tensors = {name: np.ascontiguousarray(tensor, "<f4") for name, tensor in tensors.items()}
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    for name, value in metadata.items():
        head += _text(name) + _value(value)
    offset = 0
    for name, tensor in tensors.items():
        head += _text(name) + struct.pack("<I", tensor.ndim)
        head += struct.pack(f"<{tensor.ndim}QIQ", *reversed(tensor.shape), 0, offset)
        offset += -(-tensor.nbytes // ALIGNMENT) * ALIGNMENT
    raw = head + bytes(-len(head) % ALIGNMENT)
    for tensor in tensors.values():
        data = tensor.tobytes()
        raw += data + bytes(-len(data) % ALIGNMENT)
    path.write_bytes(raw)
    return path


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value: str | int | float | bool) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    number, code = _KINDS[type(value)]
    return struct.pack(f"<I{code}", number, value)
