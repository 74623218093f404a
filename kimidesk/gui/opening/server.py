"""How a server is treated: its model's chat template, the pace, and how long it is waited for."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kimidesk.checkpoints.remote import parse
from kimidesk.checkpoints.template_file import read_template
from kimidesk.gui.opening.wanted import Wanted
from kimidesk.gui.widgets.fields import RealField, WholeField, wrong_in
from kimidesk.gui.widgets.file_field import FileField
from kimidesk.gui.widgets.panel import Panel, label, name_fields
from kimidesk.settings import Manners

translate = QCoreApplication.translate
MOST_A_MINUTE = 1_000_000_000
MOST_TRIES = 10_000
LONGEST_S = 86_400.0  # a day


class ServerFields(Panel):
    """`manners` is what stands in the fields."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = FileField("Jinja (*.jinja *.j2 *.txt)")
        self.requests = WholeField(1, MOST_A_MINUTE, unlimited=True)
        self.tokens = WholeField(1, MOST_A_MINUTE, unlimited=True)
        self.tries = WholeField(1, MOST_TRIES)
        self.connect_s, self.first_s, self.between_s = (
            RealField(0.01, LONGEST_S, 1, 2) for _ in range(3)
        )
        self._numbers: dict[str, WholeField | RealField] = {
            "requests_per_minute": self.requests,
            "tokens_per_minute": self.tokens,
            "connect_s": self.connect_s,
            "first_token_s": self.first_s,
            "between_tokens_s": self.between_s,
            "tries": self.tries,
        }
        self._fields: dict[str, QWidget] = {"chat_template": self.template.line, **self._numbers}
        self._labels = {name: label("faint") for name in self._fields}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.addWidget(self._labels["chat_template"], 0, 0)
        grid.addWidget(self.template, 0, 1, 1, 3)
        for number, (name, field) in enumerate(self._numbers.items()):
            row, column = 1 + number // 2, 2 * (number % 2)
            grid.addWidget(self._labels[name], row, column)
            grid.addWidget(field, row, column + 1)
            field.valueChanged.connect(self.changed)
            field.lineEdit().textChanged.connect(self.changed)  # what is no value is told, too
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.template.changed.connect(self.changed)
        self.show_manners(Manners())
        self.retranslate()

    @property
    def manners(self) -> Manners:
        """As the fields stand; a relative path is one from here."""
        template = self.template.path
        return Manners(
            self.requests.value(),
            self.tokens.value(),
            round(self.connect_s.value(), 2),
            round(self.first_s.value(), 2),
            round(self.between_s.value(), 2),
            self.tries.value(),
            str(Path(template).absolute()) if template else "",
        )

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each field that holds something else than its value."""
        return wrong_in(self._numbers.values())

    def show_manners(self, manners: Manners) -> None:
        """Put other values into the fields."""
        self.template.show_path(manners.chat_template)
        self.requests.setValue(manners.requests_per_minute)
        self.tokens.setValue(manners.tokens_per_minute)
        self.connect_s.setValue(manners.connect_s)
        self.first_s.setValue(manners.first_token_s)
        self.between_s.setValue(manners.between_tokens_s)
        self.tries.setValue(manners.tries)

    def retranslate(self) -> None:
        words = _words()
        name_fields(self._labels, self._fields, words)
        self.template.name(self.template.line.accessibleName(), words["chat_template"][1])
        self.template.line.setPlaceholderText(translate("Opening", "as the server tells it"))


def check(wanted: Wanted) -> None:
    """Raises BadCheckpoint for an address, or a chat template's file, that cannot be used."""
    parse(wanted.ref)
    if wanted.manners.chat_template:
        read_template(Path(wanted.manners.chat_template))


def _words() -> dict[str, tuple[str, str]]:
    usual = Manners()
    any_number = translate("Opening", "∞, the default, sends as many as are wanted")
    seconds = translate("Opening", "Seconds; the default is {0}")
    return {
        "chat_template": (
            translate("Opening", "Chat te&mplate"),
            translate(
                "Opening",
                "A file (Jinja) with the template of its model, where the server tells none: with "
                "it prompts are made here, and budgets are exact",
            ),
        ),
        "requests_per_minute": (translate("Opening", "Re&quests a minute"), any_number),
        "tokens_per_minute": (translate("Opening", "Tokens a min&ute"), any_number),
        "connect_s": (
            translate("Opening", "&Connected within, s"),
            seconds.format(f"{usual.connect_s:g}"),
        ),
        "first_token_s": (
            translate("Opening", "First token &within, s"),
            seconds.format(f"{usual.first_token_s:g}"),
        ),
        "between_tokens_s": (
            translate("Opening", "&Between tokens, s"),
            seconds.format(f"{usual.between_tokens_s:g}"),
        ),
        "tries": (
            translate("Opening", "T&ries"),
            translate(
                "Opening",
                "Requests in a row without a token until a trace has failed; the default is {0}",
            ).format(usual.tries),
        ),
    }
