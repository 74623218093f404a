"""The typesetting process: sets the formulas that a window asks for, until its stdin closes.

A checkpoint wrote them, and the code that reads them is not ours: what it breaks is this process,
which is killed and replaced when a formula takes too long, and not the window.
"""

import os
import sys

from kimidesk.gui.typeset.queue import LIMIT_S
from kimidesk.wire.messages import PROTOCOL, FormulaDrawn, Ready, Typeset
from kimidesk.wire.serving import claim_stdout, limit_memory, serve

ORPHAN_S = 2 * LIMIT_S  # a living window kills after one limit; after two there is none
MEMORY = 2**30  # bytes that formulas may take beside what the program itself takes


def main() -> int:
    """Draw; the exit code of the process."""
    events = claim_stdout()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication(["kimidesk-typeset"])  # Chinese characters need its fonts
    limit_memory(MEMORY)
    ready = Ready(PROTOCOL, os.getpid(), application.applicationName())
    return serve(events, ready, Typeset, drawn, ORPHAN_S)


def drawn(asked: Typeset) -> FormulaDrawn:
    """The answer to one command."""
    from kimidesk.gui.typeset.drawing import NotSet, ink, svg_of

    tex, display, em_px = asked.tex, asked.display, asked.em_px
    try:
        svg, size = svg_of(tex, display=display)
        if not em_px:
            return FormulaDrawn(tex, display, em_px, *size)
        extent, mask = ink(svg, size, em_px)
    except NotSet as error:
        return FormulaDrawn(tex, display, em_px, why=str(error))
    return FormulaDrawn(tex, display, em_px, *size, extent.columns, extent.rows, mask)


if __name__ == "__main__":
    sys.exit(main())
