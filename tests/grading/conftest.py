"""math-verify is warm before the first verdict, as it is in the grading process."""

from collections.abc import Iterator

import pytest

from kimidesk.grading import symbolic


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[None]:
    """Its import takes longer than a verdict may, and a busy machine's second is short.

    That a verdict takes no longer than it may is tested on processes of their own.
    """
    limits = symbolic.PARSING_LIMIT_S, symbolic.COMPARING_LIMIT_S
    symbolic.PARSING_LIMIT_S = symbolic.COMPARING_LIMIT_S = 20
    symbolic.warm_up()
    yield
    symbolic.PARSING_LIMIT_S, symbolic.COMPARING_LIMIT_S = limits
