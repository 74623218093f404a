"""A kept trace as it is compared: from its first token to its last."""

from kimidesk.client.reopening import reopened
from kimidesk.flows import Solve
from kimidesk.store import Desk, spooled_columns


def kept(desk: Desk, trace: str) -> Solve:
    """The flow of a trace of the desk, at its end. Raises NotFound and StoreError as `load`."""
    return reopened(desk.line(trace, spooled_columns))
