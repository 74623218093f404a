"""A picture in a window of its own: zoomed by wheel and keys, moved by dragging and arrows."""

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from kimidesk.errors import KimiDeskError
from kimidesk.gui import theme
from kimidesk.gui.aside import Aside
from kimidesk.gui.pictures.looking import BadPicture, whole
from kimidesk.gui.widgets.panel import label

translate = QCoreApplication.translate
STEP = 1.25
LEAST, MOST = 0.01, 32.0  # pixels of the screen for one of the picture
SMALL_PX = 2048  # the longer edge of the copy that is drawn zoomed out
PAN_PX = 60


def read(path: str) -> tuple[QImage, QImage]:
    """A picture, and a smaller one that is quicker to draw zoomed out. Raises BadPicture."""
    image = whole(path)
    if max(image.width(), image.height()) <= SMALL_PX:
        return image, image
    return image, whole(path, SMALL_PX)


class Canvas(QWidget):
    """Draws the part that is in sight; `middle` is the picture's point in the middle of it."""

    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image, self.small = QImage(), QImage()
        self.zoom = 1.0
        self.fitted = True  # follows the window's size
        self._middle = QPointF()
        self._dragged: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)

    def show_images(self, image: QImage, small: QImage) -> None:
        """Show another picture, all of it."""
        self.image, self.small = image, small
        self.fit()

    def fit(self) -> None:
        """All of it, as large as it goes, but not larger than it is."""
        self.fitted = True
        if not self.image.isNull():
            ratio = self.devicePixelRatioF()
            across = self.width() * ratio / self.image.width()
            down = self.height() * ratio / self.image.height()
            self.zoom = max(min(across, down, 1.0), LEAST)
            self._middle = QPointF(self.image.width() / 2, self.image.height() / 2)
        self.update()
        self.zoomed.emit()

    def set_zoom(self, zoom: float, about: QPointF | None = None) -> None:
        """Another zoom; what lies below `about` (pixels of the widget) stays there."""
        if self.image.isNull():
            return
        about = about if about is not None else QPointF(self.width() / 2, self.height() / 2)
        held = self.picture_point(about)
        self.zoom = min(max(zoom, LEAST), MOST)
        self.fitted = False
        self._move_to(self._middle + held - self.picture_point(about))
        self.zoomed.emit()

    def pan(self, x: float, y: float) -> None:
        """Move the sight by pixels of the widget."""
        self.fitted = False
        self._move_to(self._middle + QPointF(x, y) / self._scale)

    def picture_point(self, at: QPointF) -> QPointF:
        """Which pixel of the picture a point of the widget shows."""
        centre = QPointF(self.width() / 2, self.height() / 2)
        return self._middle + (at - centre) / self._scale

    @property
    def _scale(self) -> float:
        """Pixels of the widget for one of the picture: the screen's are finer on some."""
        return self.zoom / self.devicePixelRatioF()

    def _move_to(self, middle: QPointF) -> None:
        """Some of the picture stays in sight."""
        self._middle = QPointF(
            min(max(middle.x(), 0.0), float(self.image.width())),
            min(max(middle.y(), 0.0), float(self.image.height())),
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().ground))
        if self.image.isNull():
            return
        seen = QRectF(
            self.picture_point(QPointF(0, 0)),
            self.picture_point(QPointF(self.width(), self.height())),
        ).intersected(QRectF(self.image.rect()))
        corner = QPointF(self.width() / 2, self.height() / 2)
        corner += (seen.topLeft() - self._middle) * self._scale
        target = QRectF(corner, seen.size() * self._scale)
        smaller = self.small.width() / self.image.width()
        # Above twice its size pixels are to be seen as what they are.
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, self.zoom < 2)
        if self.zoom <= smaller:
            part = QRectF(seen.topLeft() * smaller, seen.size() * smaller)
            painter.drawImage(target, self.small, part)
        else:
            painter.drawImage(target, self.image, seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self.set_zoom(self.zoom * STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            by = self._dragged - event.position()
            self._dragged = event.position()
            self.pan(by.x(), by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.fitted:
            self.set_zoom(1.0, event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        moves = {
            key.Key_Left: (-PAN_PX, 0),
            key.Key_Right: (PAN_PX, 0),
            key.Key_Up: (0, -PAN_PX),
            key.Key_Down: (0, PAN_PX),
        }
        if event.key() in moves:
            self.pan(*moves[Qt.Key(event.key())])
        elif event.key() in (key.Key_Plus, key.Key_Equal):
            self.set_zoom(self.zoom * STEP)
        elif event.key() == key.Key_Minus:
            self.set_zoom(self.zoom / STEP)
        elif event.key() == key.Key_0:
            self.fit()
        elif event.key() == key.Key_1:
            self.set_zoom(1.0)
        else:
            super().keyPressEvent(event)


class Viewer(QDialog):
    """Esc closes it. A picture is read aside, so that a huge one freezes nothing."""

    def __init__(self, aside: Aside, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._path = ""
        self._name = ""
        self.canvas = Canvas()
        self.told = label("quiet")
        self.buttons = {name: QToolButton() for name in ("smaller", "larger", "fit", "actual")}
        presses = {
            "smaller": lambda: self.canvas.set_zoom(self.canvas.zoom / STEP),
            "larger": lambda: self.canvas.set_zoom(self.canvas.zoom * STEP),
            "fit": self.canvas.fit,
            "actual": lambda: self.canvas.set_zoom(1.0),
        }
        row = QHBoxLayout()
        row.addWidget(self.told, 1)
        for name, button in self.buttons.items():
            button.clicked.connect(presses[name])
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        self.canvas.zoomed.connect(self._tell)
        self.resize(900, 680)
        self.retranslate()

    def show_picture(self, path: str, name: str) -> None:
        """Show a picture file, named as the person knows it."""
        self._path, self._name = path, name
        self.setWindowTitle(name)
        self.canvas.show_images(QImage(), QImage())
        self.told.setText(translate("Viewer", "{0} is being read").format(name))
        self.show()
        self.raise_()
        self.canvas.setFocus()
        self._aside.run(
            lambda: read(path),
            lambda images: self._on_read(path, images),
            lambda error: self._on_unread(path, error),
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def done(self, result: int) -> None:
        """Closed: a large picture is let go of."""
        self._path = ""
        self.canvas.show_images(QImage(), QImage())
        super().done(result)

    def retranslate(self) -> None:
        """Set every text."""
        words = {
            "smaller": ("−", translate("Viewer", "Smaller"), "-"),
            "larger": ("+", translate("Viewer", "Larger"), "+"),
            "fit": (translate("Viewer", "Fit"), translate("Viewer", "Fit the window"), "0"),
            "actual": ("1:1", translate("Viewer", "One pixel for one"), "1"),
        }
        for name, (text, meant, keys) in words.items():
            self.buttons[name].setText(text)
            self.buttons[name].setAccessibleName(meant)
            self.buttons[name].setToolTip(f"{meant}  ({keys})")
        self.canvas.setAccessibleName(translate("Viewer", "Picture"))

    def _on_read(self, path: str, images: tuple[QImage, QImage]) -> None:
        if path == self._path:
            self.canvas.show_images(*images)

    def _on_unread(self, path: str, error: KimiDeskError) -> None:
        if path == self._path:
            self.told.setText(error.told if isinstance(error, BadPicture) else str(error))

    def _tell(self) -> None:
        image = self.canvas.image
        if image.isNull():
            return
        told = f"{self._name}   {image.width():,} × {image.height():,}   {self.canvas.zoom:.0%}"
        self.told.setText(told)
        self.canvas.setAccessibleDescription(told)
