"""Two views of one synthetic trace, for `trace_view.py`: ours, and Qt's own plain text."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from costs import Cost, cost
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QWidget
from synthetic import Synthetic

from kimidesk.gui import app, theme
from kimidesk.gui.solve.naming import Named, Naming
from kimidesk.gui.thought.minimap import Minimap
from kimidesk.gui.thought.rows import OutlineRows
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.heat import Heat, bins_of, colours
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.records import RIVALS, Token

SIZE = (900, 800)


def application() -> QApplication:
    """The program's own, with its fonts and theme."""
    made = app.application()
    theme.Themes(made, "light")
    return made


def loop(seconds: float) -> None:
    """Let the window live for a while."""
    waiting = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), waiting.quit)
    waiting.exec()


class Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() is QEvent.Type.Paint
        return False


class Shown(Protocol):
    """A view that does what is measured; each ends with the frame painted."""

    slices: list[Cost]  # of the event loop while it finished opening, and a resize

    def __init__(self, source: Synthetic) -> None: ...
    def open(self) -> None: ...
    def finish_opening(self) -> None: ...
    def rest(self) -> None: ...
    def scroll(self) -> None: ...
    def jump(self, share: float) -> None: ...
    def follow(self) -> None: ...
    def append(self, tokens: int) -> None: ...
    def resize(self, width: int) -> None: ...
    def recolour(self) -> None: ...
    def select_all(self) -> None: ...
    def search(self, words: str) -> int: ...
    def close(self) -> None: ...


class Growing:
    """A trace that tokens are appended to."""

    def __init__(self, source: Synthetic) -> None:
        self.source = source
        self.slices: list[Cost] = []
        self._at = 2

    def add(self, tokens: int) -> None:
        """More of the same text, repeated."""
        source, rivals = self.source, np.zeros(RIVALS, np.int32)
        for _ in range(tokens):
            id_ = int(source.columns.id[self._at])
            self._at += 1
            token = Token(id_, -0.5, 0.5, 1, rivals, rivals.astype(np.float32))
            source.columns.append(token)
            source.transcript.append([id_], source.lexicon)

    def close(self) -> None:
        """End what it started."""

    def run(self, until: Callable[[], bool]) -> None:
        """Run the event loop a slice at a time."""
        while not until():
            time.sleep(0.001)
            self.slices.append(cost(QApplication.processEvents))


class Ours(Growing):
    """The trace view."""

    def __init__(self, source: Synthetic) -> None:
        super().__init__(source)
        self.view = TraceView()
        self.minimap, self.outline = Minimap(self.view), OutlineRows()
        self.view.named.connect(self.outline.follow)
        self.beside = QWidget()  # the text and what stands beside it
        row = QHBoxLayout(self.beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.view, 1)
        row.addWidget(self.minimap)
        self.resize(SIZE[0])
        self.beside.show()
        self.named: list[Named] = []
        QApplication.processEvents()

    def open(self) -> None:
        """Show the trace; done when text has been painted."""
        self.view.show_trace(self.source)
        while not self.view.scene.tokens:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self._paint()

    def finish_opening(self) -> None:
        """Until every token has its place and every height is exact."""
        layouts = self.view.scene.layouts
        whole = len(self.source.columns)
        self.run(lambda: self.view.scene.tokens == whole and layouts.exact)
        self.outline.show(self.view.scene.passages, self.source.transcript)
        self.name(self.named)
        QApplication.processEvents()

    def name(self, named: list[Named]) -> None:
        """As the program does when the names have changed."""
        self.view.name(named)
        self.minimap.name(named)

    def name_all(self) -> list[Cost]:
        """Name every sentence, as the program does, in slices; what each took."""
        naming = Naming()
        naming.changed.connect(lambda: self.name(naming.items))
        naming.show_trace(self.source)
        costs: list[Cost] = []
        while not naming.whole:
            costs.append(cost(naming._slice))
            QApplication.processEvents()
        self.named = naming.items
        return costs

    def fold(self, *, folded: bool) -> list[Cost]:
        """Fold or unfold every segment; what each slice took."""
        costs = [cost(lambda: self.view.folder.fold_all(folded=folded))]
        while not self.view.scene.folding.settled:
            costs.append(cost(self.view.folder._slice))
        self._paint()
        return costs

    def rest(self) -> None:
        """What the view does between two acts is not the act's."""
        QApplication.processEvents()

    def scroll(self) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue((bar.value() + 120) % bar.maximum())
        self._paint()

    def jump(self, share: float) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(int(share * bar.maximum()))
        self._paint()

    def follow(self) -> None:
        self.source.trace = replace(self.source.trace, ended=None)
        self.view.follow()

    def grow(self, tokens: int) -> None:
        """As the program does for each token."""
        self.add(tokens)
        self.view.grow()

    def append(self, tokens: int) -> None:
        self.add(tokens)
        self.view._on_frame()
        self._paint()

    def resize(self, width: int) -> None:
        self.beside.resize(width + self.minimap.width(), SIZE[1])
        self._paint()

    def recolour(self) -> None:
        shown = self.view.scene.heat
        self.view.set_heat(Heat.PROBABILITY if shown is Heat.ENTROPY else Heat.ENTROPY)
        self._paint()

    def select_all(self) -> None:
        self.view.select_all()
        self._paint()

    def search(self, words: str) -> int:
        self.view.scene.search(words)
        self._paint()
        return len(self.view.scene.hits.starts)

    def _paint(self) -> None:
        self.view.viewport().repaint()
        self.minimap.repaint()


class OursTypeset(Ours):
    """The trace view with its formulas typeset, in a process of their own."""

    def __init__(self, source: Synthetic) -> None:
        super().__init__(source)
        self.typesetter = Typesetter(self.view)
        self.view.use_typesetter(self.typesetter)

    def finish_opening(self) -> None:
        """Until every formula has its size too."""
        super().finish_opening()
        layouts = self.view.scene.layouts
        self.run(lambda: self.typesetter.idle and layouts.exact)
        self.view.viewport().repaint()
        self.run(lambda: self.typesetter.idle)

    def close(self) -> None:
        """End the process."""
        self.typesetter.close()
        self.run(lambda: self.typesetter.over)


class Plain(Growing):
    """QPlainTextEdit, each token with the format of its heat."""

    def __init__(self, source: Synthetic) -> None:
        super().__init__(source)
        self.edit = QPlainTextEdit()
        self.edit.setReadOnly(True)
        self.edit.setUndoRedoEnabled(False)
        self.edit.setFont(theme.ui_font(theme.TEXT_PX))
        self.edit.resize(*SIZE)
        self.edit.show()
        self._heat = Heat.ENTROPY
        self._shown = 0  # tokens
        self._formats = []
        for place, colour in enumerate(colours(theme.current().heat)):
            made = QTextCharFormat()
            if place:
                made.setBackground(QColor(colour))
            self._formats.append(made)
        QApplication.processEvents()

    def open(self) -> None:
        self.edit.clear()
        self._shown = 0
        self._insert()
        self._paint()

    def finish_opening(self) -> None:
        for _ in range(3):
            self.slices.append(cost(QApplication.processEvents))

    def rest(self) -> None:
        QApplication.processEvents()

    def scroll(self) -> None:
        bar = self.edit.verticalScrollBar()
        bar.setValue((bar.value() + 5) % bar.maximum())
        self._paint()

    def jump(self, share: float) -> None:
        bar = self.edit.verticalScrollBar()
        bar.setValue(int(share * bar.maximum()))
        self._paint()

    def follow(self) -> None:
        self._to_end()

    def append(self, tokens: int) -> None:
        self.add(tokens)
        self._insert()
        self._to_end()
        self._paint()

    def resize(self, width: int) -> None:
        self.edit.resize(width, SIZE[1])
        self._paint()

    def recolour(self) -> None:
        self._heat = Heat.PROBABILITY if self._heat is Heat.ENTROPY else Heat.ENTROPY
        cursor = QTextCursor(self.edit.document())
        cursor.beginEditBlock()
        bins = bins_of(self.source.columns, self._heat)
        begin = 0
        for token, text in enumerate(self._texts(0)):
            end = begin + len(text.encode("utf-16-le", "replace")) // 2
            cursor.setPosition(begin)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(self._formats[bins[token]])
            begin = end
        cursor.endEditBlock()
        self._paint()

    def select_all(self) -> None:
        self.edit.selectAll()
        self._paint()

    def search(self, words: str) -> int:
        """As one would with Qt: find, and find again."""
        document, found = self.edit.document(), 0
        at = QTextCursor(document)
        while not (
            at := document.find(words, at, QTextDocument.FindFlag.FindCaseSensitively)
        ).isNull():
            found += 1
        self._paint()
        return found

    def _insert(self) -> None:
        cursor = QTextCursor(self.edit.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        bins = bins_of(self.source.columns, self._heat, self._shown)
        for place, text in enumerate(self._texts(self._shown)):
            cursor.insertText(text, self._formats[bins[place]])
        cursor.endEditBlock()
        self._shown = len(self.source.columns)

    def _texts(self, first: int) -> list[str]:
        text, ends = self.source.transcript.text, self.source.transcript.ends
        begin = ends[first - 1] if first else 0
        made = []
        for end in ends[first:]:
            made.append(text[begin:end])
            begin = end
        return made

    def _to_end(self) -> None:
        bar = self.edit.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _paint(self) -> None:
        self.edit.viewport().repaint()
