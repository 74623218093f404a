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
from kimidesk.gui.opening.server import ServerFields, check
from kimidesk.gui.opening.trial import TrialPanel
from kimidesk.gui.opening.wanted import Engine, Memory, Wanted, engine_of, host_of
from kimidesk.gui.opening.where import Where
from kimidesk.gui.widgets.panel import label
from kimidesk.settings import Beside, Manners, Settings

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
        self._engine: Engine | None = None  # whose fields are shown
        self._host = ""  # of the server whose manners stand in the fields
        self.where, self.server = Where(known), ServerFields()
        self.trial = TrialPanel(lambda: self.asked.command())
        self.memory, self.beside = MemoryFields(), BesideFields()
        self.meter = Meter()
        self.titles = {name: label("title") for name in ("where", "server", "memory", "beside")}
        self._sections: dict[str, QWidget] = {
            "where": self.where,
            "server": self.server,
            "trial": self.trial,
            "memory": self.memory,
            "beside": self.beside,
        }
        self.buttons = QDialogButtonBox()
        self.open_button = QPushButton()
        self.open_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton()
        self.buttons.addButton(self.open_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.estimate_now)
        self._lay_out()
        self.memory.show_memory(Memory.of(settings))
        self.where.show_ref(ref)
        self._on_ref()
        self.where.changed.connect(self._on_ref)
        for fields in (self.server, self.memory, self.beside):
            fields.changed.connect(self._on_changed)
        self.server.template.changed.connect(self.trial.forget)
        self._retranslate()
        self.estimate_now()

    @property
    def asked(self) -> Wanted:
        """As the fields stand."""
        ref = self.where.ref
        manners = self.server.manners if engine_of(ref) is Engine.SERVER else Manners()
        return Wanted(ref, self.memory.memory, self.beside.beside, manners)

    @property
    def why_not(self) -> str:
        """Why it cannot be opened as the fields stand; "" where they do not tell."""
        engine = engine_of(self.where.ref)
        if not self.where.ref:
            return translate("Opening", "Name a checkpoint.")
        wrong = self.memory.wrong
        wrong |= self.server.wrong if engine is Engine.SERVER else self.beside.wrong
        for title, text in wrong.items():
            said = translate("Opening", "{0}: “{1}” is no value it can have")
            return said.format(title, text)
        return ""

    def estimate_now(self) -> None:
        """Ask how much memory this takes; the meter shows it when it is known."""
        self._asked += 1
        number, asked, why_not = self._asked, self.asked, self.why_not
        self._allow(why_not)
        if why_not:
            self.meter.show_words(why_not, wrong=bool(asked.ref))
        elif asked.engine is Engine.SCRIPT:
            self._show_elsewhere(number)
        elif asked.engine is Engine.SERVER:
            self._aside.run(
                lambda: check(asked),
                lambda _: self._show_elsewhere(number),
                lambda error: self._show(number, error),
            )
        else:
            self._aside.run(
                lambda: estimate(asked),
                lambda told: self._show(number, told),
                lambda error: self._show(number, error),
            )

    def accept(self) -> None:
        """Pass on what is wanted, unless a field holds something that it cannot hold."""
        self.estimate_now()
        if not self.open_button.isEnabled():
            return
        self.wanted.emit(self.asked)
        super().accept()

    def done(self, result: int) -> None:
        self._let_go()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._let_go()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._soon.start()  # so that what is said of it is said in that language
        elif event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._soon.start()  # what was missing may be there by now
        super().changeEvent(event)

    def _let_go(self) -> None:
        self._aside.close()
        self.trial.forget()

    def _allow(self, why_not: str) -> None:
        """Open can be pressed, or says why not."""
        self.open_button.setEnabled(not why_not)
        self.open_button.setToolTip(why_not or "Return")
        self.open_button.setAccessibleDescription(why_not)

    def _show_elsewhere(self, number: int) -> None:
        if number == self._asked:
            self.meter.show_words(translate("Opening", "Its weights are not loaded here."))

    def _show(self, number: int, told: Estimate | KimiDeskError) -> None:
        if number != self._asked:
            return
        self.beside.projector.show_found(told.found if isinstance(told, Estimate) else None)
        if isinstance(told, Estimate):
            self.meter.show_estimate(told)
        else:
            self.meter.show_words(str(told), wrong=True)
            self._allow(str(told))

    def _on_changed(self) -> None:
        self._allow(self.why_not)
        self._soon.start()

    def _on_ref(self) -> None:
        """Another checkpoint has its own things beside it, another host its own manners."""
        ref = self.where.ref
        self.trial.forget()
        self._fold(engine_of(ref))
        self.beside.show_beside(self._settings.beside.get(ref, Beside()))
        self.beside.projector.show_found(None)  # until it is looked for
        host = host_of(ref)
        if host and host != self._host:
            self._host = host
            self.server.show_manners(self._settings.servers.get(host, Manners()))
        self._on_changed()

    def _fold(self, engine: Engine) -> None:
        """Show what concerns the engine alone; another one's dialog has another height."""
        if engine is self._engine:
            return
        self._engine = engine
        self.memory.show_for(engine)
        self.beside.show_for(engine)
        self.where.torch.setVisible(engine.loads)
        self.meter.show_bar(shown=engine.loads)
        served = engine is Engine.SERVER
        shown = {"server": served, "trial": served, "beside": engine.loads}
        for name, fields in self._sections.items():
            fields.setVisible(shown.get(name, True))
            if name in self.titles:
                self.titles[name].setVisible(shown.get(name, True))
        self._name_memory()
        self._column.activate()
        self.resize(self.width(), self.sizeHint().height())

    def _name_memory(self) -> None:
        loads = engine_of(self.where.ref).loads
        words = translate("Opening", "MEMORY") if loads else translate("Opening", "TRACES")
        self.titles["memory"].setText(words)

    def _lay_out(self) -> None:
        column = self._column
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(8)
        for name, fields in self._sections.items():
            if name in self.titles:
                column.addWidget(self.titles[name])
            column.addWidget(fields)
        column.addStretch(1)
        column.addWidget(self.meter)
        column.addWidget(self.buttons)
        self.resize(WIDTH_PX, self.sizeHint().height())
        self.where.setFocus()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Opening", "Open a checkpoint"))
        self.titles["where"].setText(translate("Opening", "CHECKPOINT"))
        self.titles["server"].setText(translate("Opening", "SERVER"))
        self.titles["beside"].setText(translate("Opening", "BESIDE IT"))
        self._name_memory()
        self.open_button.setText(translate("Opening", "&Open"))
        self.open_button.setAccessibleName(translate("Opening", "Open the checkpoint"))
        self.cancel_button.setText(translate("Opening", "Cancel"))
        self.cancel_button.setToolTip("Esc")
