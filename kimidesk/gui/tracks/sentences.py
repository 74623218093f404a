"""The tracks as a table: one row a sentence of the ribbon."""

from bisect import bisect_right

import numpy as np
from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Solve
from kimidesk.gui import kinds
from kimidesk.gui.charts.table import Cell, Table
from kimidesk.gui.thought import stages
from kimidesk.gui.tracks.ribbon import Ribbon

translate = QCoreApplication.translate


def sentence_table(ribbon: Ribbon, solve: Solve) -> Table:
    """What each named sentence is, and what was measured of its tokens; tokens count from 1."""
    titles = (
        translate("Tracks", "first token"),
        translate("Tracks", "last token"),
        translate("Tracks", "kind"),
        translate("Tracks", "confidence"),
        translate("Tracks", "stage"),
        translate("Tracks", "mean entropy, nats"),
        translate("Tracks", "forking tokens"),
        translate("Tracks", "seconds"),
        translate("Tracks", "text"),
    )
    columns, said = solve.columns, solve.said
    known = ~columns.forced & ~np.isnan(columns.entropy)
    firsts = [each.first for each in ribbon.stages]
    rows: list[tuple[Cell, ...]] = []
    for item in ribbon.spans.items:
        tokens = slice(item.first, item.last + 1)
        drawn = columns.entropy[tokens][known[tokens]]
        began = columns.time_ms[max(item.first - 1, 0)]
        at = bisect_right(firsts, item.first) - 1
        rows.append(
            (
                item.first + 1,
                item.last + 1,
                kinds.name(item.kind),
                item.confidence,
                stages.name(ribbon.stages[at].stage) if at >= 0 else "",
                float(drawn.mean()) if len(drawn) else None,
                int(ribbon.forks[tokens].sum()) if len(ribbon.forks) else None,
                float(columns.time_ms[item.last] - began) / 1000,
                said[item.start : item.end].strip(),
            )
        )
    return Table(titles, tuple(rows))
