"""What outlives the program: the desk's database and the folders of runs."""

from kimidesk.store.desk import Desk, Kept
from kimidesk.store.rows import TraceRow
from kimidesk.store.spool import spooled_columns

__all__ = ["Desk", "Kept", "TraceRow", "spooled_columns"]
