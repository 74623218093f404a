"""The dialog in which a checkpoint is opened with everything that can be said about it."""

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from kimidesk.errors import KimiDeskError
from kimidesk.gui.aside import Aside
from kimidesk.gui.opening.beside import BesideFields
from kimidesk.gui.opening.estimate import Estimate, estimate
from kimidesk.gui.opening.memory import MemoryFields
from kimidesk.gui.opening.meter import Meter
from kimidesk.gui.opening.wanted import Engine, Wanted, engine_of
from kimidesk.gui.opening.where import Where
from kimidesk.gui.widgets.panel import label
from kimidesk.settings import Settings

translate = QCoreApplication.translate
SOON_MS = 200  # after the last change, before the headers are read
WIDTH_PX = 660


class OpenDialog(QDialog):
    """`wanted` carries a Wanted when a person presses Open; the estimate follows what they type."""

    wanted = Signal(object)

    def __init__(
        self, settings: Settings, ref: str, known: list[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._aside = Aside(self)
        self._asked = 0  # the newest estimate's number: an older one's result is not shown
        self.where, self.memory, self.beside = Where(known), MemoryFields(), BesideFields()
        self.meter = Meter()
        self.titles = {name: label("title") for name in ("where", "memory", "beside")}
        self.buttons = QDialogButtonBox()
        self.open_button = QPushButton()
        self.open_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton()
        self.buttons.addButton(self.open_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.estimate_now)
        self._lay_out()
        memory = Wanted.of(settings, ref).memory
        self.memory.show_memory(memory)
        self.where.show_ref(ref)
        self._on_ref()
        self.where.changed.connect(self._on_ref)
        self.memory.changed.connect(self._soon.start)
        self.beside.changed.connect(self._soon.start)
        self._retranslate()
        self.estimate_now()

    @property
    def asked(self) -> Wanted:
        """As the fields stand."""
        return Wanted(self.where.ref, self.memory.memory, self.beside.beside)

    def estimate_now(self) -> None:
        """Ask how much memory this takes; the meter shows it when it is known."""
        self._asked += 1
        number, asked = self._asked, self.asked
        if not asked.ref:
            self.meter.show_words(translate("Opening", "Name a checkpoint."))
        elif asked.engine is Engine.ELSEWHERE:
            self.meter.show_words(translate("Opening", "Its weights are not loaded here."))
        else:
            self._aside.run(
                lambda: estimate(asked),
                lambda told: self._show(number, told),
                lambda error: self._show(number, error),
            )

    def accept(self) -> None:
        """Pass on what is wanted, unless a field holds something that it cannot hold."""
        wrong = self.memory.wrong | self.beside.wrong
        if not self.where.ref:
            self.where.line.setFocus()
            return
        for title, text in wrong.items():
            self.meter.show_words(
                translate("Opening", "{0}: “{1}” is no value it can have").format(title, text),
                wrong=True,
            )
            return
        self.wanted.emit(self.asked)
        super().accept()

    def done(self, result: int) -> None:
        self._aside.close()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._aside.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _show(self, number: int, told: Estimate | KimiDeskError) -> None:
        if number != self._asked:
            return
        self.beside.projector.show_found(told.found if isinstance(told, Estimate) else None)
        if isinstance(told, Estimate):
            self.meter.show_estimate(told)
        else:
            self.meter.show_words(" ".join(filter(None, (told.what, told.hint))), wrong=True)

    def _on_ref(self) -> None:
        """Another checkpoint has its own things beside it."""
        self.beside.show_beside(Wanted.of(self._settings, self.where.ref).beside)
        self.open_button.setEnabled(bool(self.where.ref))
        llama = engine_of(self.where.ref) is Engine.LLAMA
        only_there = (self.memory.kv_type, self.memory.flash)
        for field in (*only_there, self.beside.draft, self.beside.ngram, self.beside.projector):
            field.setEnabled(llama)  # other engines take no such wishes
        self.beside.projector.show_found(None)  # until it is looked for
        self._soon.start()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(8)
        for name, fields in (
            ("where", self.where),
            ("memory", self.memory),
            ("beside", self.beside),
        ):
            column.addWidget(self.titles[name])
            column.addWidget(fields)
            column.addSpacing(6)
        column.addStretch(1)
        column.addWidget(self.meter)
        column.addWidget(self.buttons)
        self.resize(WIDTH_PX, self.sizeHint().height())
        self.where.setFocus()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Opening", "Open a checkpoint"))
        self.titles["where"].setText(translate("Opening", "CHECKPOINT"))
        self.titles["memory"].setText(translate("Opening", "MEMORY"))
        self.titles["beside"].setText(translate("Opening", "BESIDE IT"))
        self.open_button.setText(translate("Opening", "&Open"))
        self.open_button.setAccessibleName(translate("Opening", "Open the checkpoint"))
        self.cancel_button.setText(translate("Opening", "Cancel"))
        self.cancel_button.setToolTip("Esc")
        self.open_button.setToolTip("Return")
