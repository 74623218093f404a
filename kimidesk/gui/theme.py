"""Light and dark: the colours of the window, and which of the two is shown.

A widget asks `current()` when it paints; nothing keeps a colour over a change of theme.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from kimidesk.gui.sheet import SHEET

UI_PX = 12
TEXT_PX = 14
FAMILIES = ["DejaVu Sans", "Noto Sans CJK SC", "WenQuanYi Micro Hei"]
MONO_FAMILIES = ["DejaVu Sans Mono", "Noto Sans Mono CJK SC", "WenQuanYi Micro Hei Mono"]


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours; every text colour reaches 4.5 : 1 on every ground it is used on."""

    name: str
    ground: str  # the window behind everything
    surface: str  # panels
    page: str  # behind the trace
    field: str  # behind what a person types
    hover: str
    line: str  # between things
    edge: str  # around things that can be pressed
    text: str
    quiet: str  # the thought, labels
    faint: str  # what is read last
    accent: str
    on_accent: str
    wash: str  # the accent, as a background under text
    think: str
    answer: str
    right: str
    wrong: str
    warn: str
    heat: tuple[str, ...]  # control points, from none to most
    band: str  # p10 … p90 behind the entropy line


LIGHT = Theme(
    name="light",
    ground="#eceef1",
    surface="#f6f7f9",
    page="#ffffff",
    field="#ffffff",
    hover="#e3e7ec",
    line="#d9dde3",
    edge="#c3c9d2",
    text="#1a1d23",
    quiet="#474e5b",
    faint="#5f6875",
    accent="#1c64a8",
    on_accent="#ffffff",
    wash="#dbe9f7",
    think="#6a55cf",
    answer="#0f7a5a",
    right="#0c6b4e",
    wrong="#b3302b",
    warn="#845200",
    heat=("#ffffff", "#fff0d2", "#ffd79a", "#f9b368"),
    band="#cfe0f2",
)
DARK = Theme(
    name="dark",
    ground="#1a1c1f",
    surface="#212428",
    page="#16181b",
    field="#2a2e33",
    hover="#30343a",
    line="#30343a",
    edge="#43484f",
    text="#e4e7ec",
    quiet="#b3bac5",
    faint="#939aa6",
    accent="#62aeea",
    on_accent="#0d1722",
    wash="#20384d",
    think="#a594f5",
    answer="#46bd92",
    right="#52c79c",
    wrong="#f0857f",
    warn="#dfae55",
    heat=("#16181b", "#3a2c18", "#573410", "#73390c"),
    band="#263d52",
)


def current() -> Theme:
    """The theme of the application's palette."""
    return DARK if QGuiApplication.palette().window().color().lightness() < 128 else LIGHT


def palette(theme: Theme) -> QPalette:
    """Fusion's palette in the colours of `theme`."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, theme.ground),
        (role.Base, theme.field),
        (role.AlternateBase, theme.surface),
        (role.Button, theme.surface),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.wrong),
        (role.PlaceholderText, theme.faint),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Link, theme.accent),
        (role.Light, theme.hover),
        (role.Midlight, theme.line),
        (role.Mid, theme.line),
        (role.Dark, theme.edge),
        (role.Shadow, theme.line),
        (role.Accent, theme.accent),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return made


def ui_font(pixels: int = UI_PX) -> QFont:
    """The font of the window, with Chinese forms for Chinese characters."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(pixels)
    return font


def mono_font(pixels: int = UI_PX) -> QFont:
    """Digits and tokens in columns."""
    font = QFont()
    font.setFamilies(MONO_FAMILIES)
    font.setPixelSize(pixels)
    return font


class Themes(QObject):
    """Applies the chosen theme; "system" follows the desktop."""

    def __init__(self, app: QApplication, choice: str) -> None:
        super().__init__(app)
        self._app = app
        self.choice = choice
        app.setStyle("Fusion")
        app.setFont(ui_font())
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Show "light", "dark" or "system"."""
        self.choice = choice
        scheme = Qt.ColorScheme
        wanted = {"light": scheme.Light, "dark": scheme.Dark}.get(choice, scheme.Unknown)
        self._app.styleHints().setColorScheme(wanted)  # title bars, where the platform can
        self._apply(self._theme())

    def _theme(self) -> Theme:
        if self.choice != "system":
            return DARK if self.choice == "dark" else LIGHT
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _on_scheme_changed(self) -> None:
        if self.choice == "system":
            self._apply(self._theme())

    def _apply(self, theme: Theme) -> None:
        self._app.setPalette(palette(theme))
        names = {field: getattr(theme, field) for field in Theme.__slots__}
        self._app.setStyleSheet(SHEET.substitute(names))
