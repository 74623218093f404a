"""A kept trace as it is compared: from its first token to its last."""

from kimidesk.flows import Solve
from kimidesk.gui.solve.opened import reopened
from kimidesk.store import Desk, spooled_columns


def kept(desk: Desk, trace: str) -> Solve:
    """The flow of a trace of the desk, at its end. Raises NotFound and StoreError as `load`."""
    return reopened(desk.load(trace, spooled_columns()))
