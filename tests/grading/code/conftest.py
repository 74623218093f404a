"""Code is run for real where there is a sandbox."""

import pytest

from kimidesk.grading.code import sandbox


@pytest.fixture
def sandboxed() -> None:
    """Skip where bubblewrap is absent or namespaces are forbidden."""
    try:
        sandbox.check()
    except sandbox.NoSandbox as error:
        pytest.skip(error.what)
