"""What can be read on a colour."""

from PySide6.QtGui import QColor


def ink_on(colour: QColor) -> QColor:
    """Black or white, whichever can be read better on a colour (WCAG's relative luminance)."""
    parts = [part / 255 for part in (colour.red(), colour.green(), colour.blue())]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("black") if (luminance + 0.05) ** 2 > 0.05 * 1.05 else QColor("white")
