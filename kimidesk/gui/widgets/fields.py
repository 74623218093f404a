"""Fields for numbers: what cannot be read or is out of range is marked, never made into a value.

While a person types something wrong the field keeps its last value and shows the text as wrong;
leaving the field brings the value back.
"""

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from kimidesk.gui import theme

SEED_LIMIT = 2**63 - 1
_COMMAS = str.maketrans({",": ".", "，": ".", "。": ".", "−": "-"})
_REAL = re.compile(r"-?\d*\.?\d*")
_GROUPED = re.compile(r"\d{1,3}([, ]\d{3})+|\d+")
NO_LIMIT = ("∞", "inf")


def read_real(text: str) -> float | None:
    """A number with a point or a comma; None for anything else."""
    text = text.strip().translate(_COMMAS)
    if not _REAL.fullmatch(text) or not any(map(str.isdigit, text)):
        return None
    return float(text)


def read_whole(text: str) -> int | None:
    """Digits, in groups of three or not; None for anything else."""
    text = text.strip()
    return int(re.sub("[, ]", "", text)) if _GROUPED.fullmatch(text) else None


def mark(field: QWidget, *, wrong: bool) -> None:
    """Show what stands in `field` as wrong, or no longer."""
    if field.property("wrong") != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


def wrong_in(fields: Iterable["RealField | WholeField"]) -> dict[str, str]:
    """Name and text of each field that holds something else than its value."""
    return {
        field.accessibleName(): field.text() for field in fields if not field.hasAcceptableInput()
    }


class _Typed:
    """What both number fields do with a text: a mixin before the spin box."""

    _edit: "_Edit"
    _read: Callable[[str], float | None]  # a method of the field

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        wrong = self._read(text) is None
        return QValidator.State.Intermediate if wrong else QValidator.State.Acceptable, text, pos

    def fixup(self, text: str) -> str:
        return self._edit.before

    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)  # type: ignore[misc]  # the spin box's
        self._edit.end()


class RealField(_Typed, QDoubleSpinBox):
    """A real number; `digits` after the point at most."""

    def __init__(self, low: float, high: float, step: float, digits: int) -> None:
        super().__init__()
        self.setDecimals(digits)
        self.setRange(low, high)
        self.setSingleStep(step)
        self._edit = _Edit(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def valueFromText(self, text: str) -> float:
        read = self._read(text)
        return self.value() if read is None else read

    def textFromValue(self, value: float) -> str:
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".")

    def _read(self, text: str) -> float | None:
        value = read_real(text)
        if value is None or not self.minimum() <= value <= self.maximum():
            return None
        return value if round(value, self.decimals()) == value else None


class WholeField(_Typed, QSpinBox):
    """A whole number; with `unlimited`, one step below the least is no limit and reads ∞."""

    def __init__(self, low: int, high: int, *, unlimited: bool = False) -> None:
        super().__init__()
        self.least = low
        self.setRange(low - unlimited, high)
        if unlimited:
            self.setSpecialValueText(NO_LIMIT[0])
        self._edit = _Edit(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def limit(self) -> int | None:
        """The value; None for no limit."""
        return None if self.value() < self.least else self.value()

    def show_limit(self, limit: int | None) -> None:
        """Put another value into the field; None for no limit."""
        self.setValue(self.least - 1 if limit is None else limit)

    def valueFromText(self, text: str) -> int:
        read = self._read(text)
        return self.value() if read is None else read

    def _read(self, text: str) -> int | None:
        if self.minimum() < self.least and text.strip() in NO_LIMIT:
            return self.minimum()
        value = read_whole(text)
        return value if value is not None and self.least <= value <= self.maximum() else None


class SeedField(QLineEdit):
    """A seed, all of its digits; `changed` when it is another one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._seed = self._before = 0
        self._typing = False
        self.setFont(theme.mono_font())
        self.setMaxLength(24)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_text)
        self.editingFinished.connect(self._on_finished)

    @property
    def seed(self) -> int:
        """The last one that could be read."""
        return self._seed

    @property
    def wrong(self) -> bool:
        """Whether what stands in the field is no seed."""
        return self._read() is None

    def _read(self) -> int | None:
        value = read_whole(self.text())
        return value if value is not None and value <= SEED_LIMIT else None

    def _on_edited(self) -> None:
        if not self._typing:
            self._before, self._typing = self._seed, True

    def _on_text(self) -> None:
        value = self._read()
        mark(self, wrong=value is None)
        if value is not None and value != self._seed:
            self._seed = value
            self.changed.emit()

    def _on_finished(self) -> None:
        kept = self._before if self.wrong else self._seed
        self._typing = False
        self.setText(str(kept))


class _Edit:
    """What a field held before a person began to type into it."""

    def __init__(self, field: RealField | WholeField) -> None:
        self._field = field
        self._before = ""
        self._typing = False
        locale = QLocale.c()
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        field.setLocale(locale)
        field.setFont(theme.mono_font())
        field.setMinimumWidth(58)
        line = field.lineEdit()
        line.setTextMargins(5, 0, 2, 0)  # the style sheet cannot
        line.textEdited.connect(self._on_edited)  # comes before the value changes
        line.textChanged.connect(self._mark)
        field.editingFinished.connect(self.end)

    def end(self) -> None:
        """What stands in the field now is its value."""
        self._typing = False
        self._mark()

    @property
    def before(self) -> str:
        """The text of the last value that was not half typed."""
        return self._before if self._typing else self._text()

    def _text(self) -> str:
        field = self._field
        special = field.specialValueText()
        if special and field.value() == field.minimum():
            return special
        if isinstance(field, RealField):
            return field.textFromValue(field.value())
        return str(field.value())

    def _on_edited(self) -> None:
        if not self._typing:
            self._before, self._typing = self._text(), True

    def _mark(self) -> None:
        mark(self._field, wrong=not self._field.hasAcceptableInput())
