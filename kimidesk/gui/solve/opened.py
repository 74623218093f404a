"""A kept trace as a flow that is done, so that a page shows old and new alike."""

from kimidesk.client.reopening import reopened as behind_its_parents
from kimidesk.flows import Solve
from kimidesk.store import Kept


def reopened(kept: Kept) -> Solve:
    """The flow of a trace that was kept, at its end, with what it added alone."""
    return behind_its_parents((kept,))
