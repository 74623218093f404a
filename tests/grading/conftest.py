"""math-verify is warm before the first verdict, as it is in the grading process."""

import pytest

from kimidesk.grading.symbolic import warm_up


@pytest.fixture(scope="session", autouse=True)
def warm() -> None:
    """Its import takes longer than a verdict may."""
    warm_up()
