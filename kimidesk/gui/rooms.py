"""The rooms of the Solve page; each has a line here."""

from kimidesk.gui.belief.room import BeliefRoom
from kimidesk.gui.figures.room import Figures
from kimidesk.gui.solve.branches.room import BranchRoom
from kimidesk.gui.solve.budgeting import BudgetRoom
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.labelling import LabelRoom
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.solve.thought import ThoughtRoom
from kimidesk.gui.solve.weighing import WeightRoom
from kimidesk.gui.tracks.room import Tracks

ROOMS: tuple[type[Room], ...] = (
    Tracks,
    ThoughtRoom,
    LabelRoom,
    BeliefRoom,
    BranchRoom,
    WeightRoom,
    BudgetRoom,
    Figures,
)


def rooms_of(page: SolvePage, driver: Driver, naming: Naming) -> list[Room]:
    """Build them, in the order in which their tabs and tracks stand."""
    return [each(page, driver, naming) for each in ROOMS]
