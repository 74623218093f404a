"""The line that stands for a folded segment, or for the whole thought."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from kimidesk.gui import kinds
from kimidesk.gui.theme import Theme, ui_font
from kimidesk.gui.widgets.folds import Fold
from kimidesk.gui.widgets.gutter import BAR_PX, BAR_X, GutterPainter
from kimidesk.gui.widgets.passages import words_of
from kimidesk.gui.widgets.scene import Scene

translate = QCoreApplication.translate
SIGN = "▸"
INSET = 8


def paint_fold(
    scene: Scene, fold: Fold, theme: Theme, painter: QPainter, gutter: GutterPainter
) -> None:
    """Paint one; the painter's origin is the scene's."""
    place = scene.folding.passage_of(fold)
    passage = scene.passages.items[place] if place >= 0 else None
    shade = kinds.colour(passage.kind) if passage else QColor(theme.think)
    rect = scene.fold_rect(fold).adjusted(0, 2, 0, -2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    chosen = _chosen(scene, fold)
    painter.setPen(QColor(theme.accent if chosen else theme.line))
    painter.setBrush(QColor(theme.wash if chosen else theme.surface))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(BAR_X, rect.top() - 2, BAR_PX, rect.height() + 4), shade)
    if passage:
        painter.setFont(gutter.font)
        gutter.letter(passage.kind, 0, rect.center().y())
    _paint_words(scene, fold, painter, rect, (shade, QColor(theme.faint), QColor(theme.quiet)))


def title_of(scene: Scene, fold: Fold) -> tuple[str, str]:
    """What is folded, and how much of it."""
    place = scene.folding.passage_of(fold)
    if place >= 0:
        passage = scene.passages.items[place]
        return kinds.name(passage.kind).upper(), counts(passage.sentences, passage.tokens)
    items, named = scene.paragraphs.items, scene.passages.items
    tokens = items[fold.last].last - items[fold.first].first + 1
    sentences = named[-1].at + named[-1].sentences if named else 0
    return translate("TraceView", "Thinking").upper(), counts(sentences, tokens)


def counts(sentences: int, tokens: int) -> str:
    """How many sentences and tokens, in words; sentences only where some are known."""
    told = [
        translate("TraceView", "1 token")
        if tokens == 1
        else translate("TraceView", "{0} tokens").format(f"{tokens:,}")
    ]
    if sentences:
        told.insert(
            0,
            translate("TraceView", "1 sentence")
            if sentences == 1
            else translate("TraceView", "{0} sentences").format(f"{sentences:,}"),
        )
    return " · ".join(told)


def _paint_words(
    scene: Scene, fold: Fold, painter: QPainter, rect: QRectF, inks: tuple[QColor, QColor, QColor]
) -> None:
    title, told = title_of(scene, fold)
    place = scene.folding.passage_of(fold)
    words = ""
    if place >= 0 and scene.source is not None:
        words = words_of(scene.passages.items[place], scene.source.transcript, most=160)
    bold = ui_font(11)
    bold.setBold(True)
    x = rect.left() + INSET
    for text, font, ink in (
        (f"{SIGN} {title}", bold, inks[0]),
        (told, ui_font(11), inks[1]),
        (words, ui_font(12), inks[2]),
    ):
        painter.setFont(font)
        painter.setPen(ink)
        box = QRectF(x, rect.top(), max(rect.right() - INSET - x, 0), rect.height())
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        x += painter.fontMetrics().horizontalAdvance(shown) + 10


def _chosen(scene: Scene, fold: Fold) -> bool:
    """Whether the selection reaches into it."""
    span = scene.selected_span()
    return span is not None and (span[0].paragraph <= fold.last and span[1].paragraph >= fold.first)
