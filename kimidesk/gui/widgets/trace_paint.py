"""Painting a scene: heat, sections, marks, selection and text of the visible paragraphs."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextCharFormat, QTextLayout

from kimidesk.gui.theme import Theme, ui_font
from kimidesk.gui.widgets.fold_lines import paint_fold
from kimidesk.gui.widgets.gutter import BAR_X, GutterPainter
from kimidesk.gui.widgets.heat import Heat, colours
from kimidesk.gui.widgets.inset_paint import InsetPainter
from kimidesk.gui.widgets.notes import SIGNS
from kimidesk.gui.widgets.paragraphs import Paragraph, utf16
from kimidesk.gui.widgets.scene import Scene, Section

NOTE_X, NOTE_PX = -64, 16  # where the signs of notes stand


class ScenePainter:
    """Paints paragraphs `first` … `last` of a scene; the painter's origin is the scene's."""

    def __init__(self, scene: Scene, theme: Theme, painter: QPainter) -> None:
        self.scene = scene
        self.theme = theme
        self.painter = painter
        self._heat = colours(theme.heat)
        self._noted = QColor(theme.warn)
        self._insets = InsetPainter(scene, theme, painter)
        self._forced = QPen(QColor(theme.warn), 1.4, Qt.PenStyle.DotLine)

    def paint(self, first: int, last: int) -> None:
        """Backgrounds first, so that no word is painted over by its neighbour's box."""
        gutter = GutterPainter(self.scene, self.painter)
        layouts = self.scene.layouts
        shown, folds = layouts.folds.shown(first, last), layouts.folds.among(first, last)
        for place in (*shown, *(fold.first for fold in folds)):
            self._paint_frame(place)
        for place in shown:
            self._paint_heat(place)
        gutter.paint(shown)
        gutter.paint_pointed(shown)
        self._paint_pointed()
        for place in shown:
            self._paint_text(place)
            self._insets.paint_formulas(place, self._selected(place))
        for fold in folds:
            paint_fold(self.scene, fold, self.theme, self.painter, gutter)
        self._paint_notes(first, last)
        self._insets.paint_source(self.scene.pinned)

    def _paint_notes(self, first: int, last: int) -> None:
        """A line before the token that a note concerns, and its sign in the margin."""
        scene, painter = self.scene, self.painter
        items = scene.paragraphs.items
        seen = range(items[first].first, items[last].last + 1)
        painter.setFont(ui_font(12))
        for note in scene.source.trace.notes if scene.source else ():
            rects = scene.rects_of(note.at) if note.at in seen else []
            if rects:
                top, height = rects[0].top(), rects[0].height()
                painter.fillRect(QRectF(rects[0].left() - 1, top, 2, height), self._noted)
                painter.setPen(self._noted)
                box = QRectF(NOTE_X, top, NOTE_PX, height)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, SIGNS[note.what])

    def _paint_frame(self, place: int) -> None:
        scene, painter = self.scene, self.painter
        item = scene.paragraphs.items[place]
        thinking = scene.section(item) is Section.THINKING
        top, under = scene.layouts.text_top(place), scene.layouts.top(place + 1)
        colour = QColor(self.theme.think if thinking else self.theme.answer)
        # Where segments are named, their bars tell more than that all of it is the thought.
        named = thinking and bool(scene.passages.items)
        stripe = QColor(self.theme.line) if named else colour
        painter.fillRect(QRectF(BAR_X, top, 2.5, under - top), stripe)
        if place in scene.layouts.heads:
            self._paint_head(scene.layouts.top(place), thinking, colour)

    def _paint_head(self, top: float, thinking: bool, colour: QColor) -> None:
        painter = self.painter
        name, count = self._head(thinking)
        font = ui_font(11)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colour)
        box = QRectF(BAR_X, top + 10, self.scene.layouts.width - BAR_X, 20)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, left, name)
        x = BAR_X + painter.fontMetrics().horizontalAdvance(name) + 9
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.faint))
        painter.drawText(QRectF(x, box.top(), 300, box.height()), left, count)
        x += painter.fontMetrics().horizontalAdvance(count) + 10
        painter.setPen(QColor(self.theme.line))
        painter.drawLine(QPointF(x, top + 20.5), QPointF(self.scene.layouts.width, top + 20.5))

    def _head(self, thinking: bool) -> tuple[str, str]:
        scene = self.scene
        items, cut = scene.paragraphs.items, scene.paragraphs.cut
        split = scene.tokens
        if cut >= 0 and scene.paragraphs.paragraph_at(cut) < len(items):
            split = items[scene.paragraphs.paragraph_at(cut)].first
        count = split if thinking else scene.tokens - (split if scene.thinks else 0)
        name = (
            QCoreApplication.translate("TraceView", "Thinking")
            if thinking
            else QCoreApplication.translate("TraceView", "Answer")
        )
        if count == 1:
            return name, QCoreApplication.translate("TraceView", "1 token")
        return name, QCoreApplication.translate("TraceView", "{0} tokens").format(f"{count:,}")

    def _paint_heat(self, place: int) -> None:
        scene, painter = self.scene, self.painter
        columns = scene.source.columns if scene.source else None
        item = scene.paragraphs.items[place]
        if columns is None or not item.ends:
            return
        top = scene.layouts.text_top(place)
        painter.translate(0, top)
        if scene.heat is not Heat.OFF:
            bins, first = scene.bins[item.first : item.last + 1].tolist(), item.first
            for token, rect in scene.layouts.boxes(place):
                if bin_ := bins[token - first]:
                    painter.fillRect(rect, self._heat[bin_])
            if item.hard and (bin_ := bins[-1]) > 3:  # a calm line break shows nothing
                rect = scene.layouts.break_box(place)
                painter.fillRect(rect.adjusted(0, 2, 0, -2), self._heat[bin_])
        forced = columns.forced
        if forced[item.first : item.last + 1].any():
            painter.setPen(self._forced)
            for token, rect in scene.layouts.boxes(place):
                if forced[token]:
                    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.translate(0, -top)
        self._insets.paint_strips(place, self._forced)

    def _paint_pointed(self) -> None:
        painter = self.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.scene.hovered >= 0 and self.scene.hovered != self.scene.pinned:
            painter.setPen(QPen(QColor(self.theme.faint), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self._outline(self.scene.hovered)
        if self.scene.pinned >= 0:
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.setBrush(QColor(self.theme.wash))
            self._outline(self.scene.pinned)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _outline(self, token: int) -> None:
        if (whole := self.scene.formula_rect(token)) is not None:
            self._insets.paint_outline(whole)
        for rect in self.scene.rects_of(token):
            self.painter.drawRoundedRect(rect.adjusted(-0.5, -1, 0.5, 1), 3, 3)

    def _paint_text(self, place: int) -> None:
        scene = self.scene
        item = scene.paragraphs.items[place]
        if not item.length:
            return
        thinking = scene.section(item) is Section.THINKING
        self.painter.setPen(QColor(self.theme.quiet if thinking else self.theme.text))
        ranges = [self._range(span, self.theme.faint) for span in scene.marks(item)]
        ranges += self._hits(item)
        if selected := self._selected(place):
            ranges.append(self._range(selected, self.theme.on_accent, self.theme.accent))
        scene.layouts.laid(place).layout.draw(
            self.painter, QPointF(0, scene.layouts.text_top(place)), ranges
        )

    def _hits(self, item: Paragraph) -> list[QTextLayout.FormatRange]:
        found = self.scene.hits.within(item.start, item.start + len(item.text))
        made: list[QTextLayout.FormatRange] = []
        for begin, end, current in found:
            before = utf16(item.text[: max(begin - item.start, 0)])
            span = (before, utf16(item.text[: end - item.start]))
            ground = self.theme.accent if current else self.theme.warn
            made.append(self._range(span, self.theme.on_accent, ground))
        return made

    def _selected(self, place: int) -> tuple[int, int] | None:
        span = self.scene.selected_span()
        if span is None or not span[0].paragraph <= place <= span[1].paragraph:
            return None
        begin = span[0].unit if place == span[0].paragraph else 0
        length = self.scene.paragraphs.items[place].length
        return (begin, min(span[1].unit, length) if place == span[1].paragraph else length)

    def _range(self, span: tuple[int, int], ink: str, ground: str = "") -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length = span[0], span[1] - span[0]
        style = QTextCharFormat()
        style.setForeground(QColor(ink))
        if ground:
            style.setBackground(QColor(ground))
        made.format = style
        return made
