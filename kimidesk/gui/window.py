"""The main window: rail, pages, menus; and a snapshot of it all that tests assert on."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMessageBox, QWidget

from kimidesk import __version__
from kimidesk import settings as settings_file
from kimidesk.gui import theme
from kimidesk.gui.actions import ACTIONS
from kimidesk.gui.commands import Commands, keys_table
from kimidesk.gui.compare.door import CompareDoor
from kimidesk.gui.language import Languages
from kimidesk.gui.pages import Pages
from kimidesk.gui.rail import Rail
from kimidesk.gui.score.door import ScoreDoor
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.presenter import SolvePresenter
from kimidesk.gui.theme import Themes
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.copying import copy_latex, copy_markdown
from kimidesk.gui.widgets.heat import Heat
from kimidesk.records import Problem, Wish
from kimidesk.settings import Settings
from kimidesk.store import Desk
from kimidesk.wire.messages import Failed, FailureKind

if TYPE_CHECKING:
    from kimidesk.gui.score.retelling import Retold

translate = QCoreApplication.translate


class Window(QMainWindow):
    """Owns the pages and the driver. `painted` comes once; `closed` when every process is gone."""

    painted = Signal()
    closed = Signal()

    def __init__(
        self, desk: Desk, settings: Settings, themes: Themes, languages: Languages
    ) -> None:
        super().__init__()
        self.settings, self.themes, self.languages = settings, themes, languages
        self._was_painted = self._driver_closed = False
        self.driver = Driver(desk, settings, self)
        self.page, self.rail = SolvePage(), Rail()
        self.typesetter = Typesetter(self)
        self.page.view.use_typesetter(self.typesetter)
        self.compare = CompareDoor(self.driver, self.typesetter, self)
        self.score = ScoreDoor(settings.runs, self)
        self.pages = Pages(
            {
                "solve": lambda: self.page,
                "compare": self.compare.build,
                "score": self.score.build,
            }
        )
        places = {"trace": self.page.view, "pictures": self.page.problem.pictures}
        self.commands = Commands(self, places, self._functions())
        self.presenter = SolvePresenter(self.page, self.driver)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self.resize(1440, 900)
        self.driver.closed.connect(self._on_driver_closed)
        self.typesetter.ended.connect(self._tell_closed)
        self.typesetter.failed.connect(self.page.notice.say)
        self.page.status.heat_chosen.connect(lambda name: self.set_heat(Heat(name)))
        self.page.view.following_changed.connect(self._show_live)
        self.page.fold.clicked.connect(lambda: self.commands.trigger("settings"))
        self.page.controls.landing.more.toggled.connect(
            lambda shown: self.commands.check("landing", checked=shown)
        )
        self.presenter.to_keep.connect(lambda values: self._keep(**values))
        self.rail.theme.clicked.connect(self._next_theme)
        self.rail.page_chosen.connect(self.pages.show_page)
        self.compare.open_wanted.connect(self._open_trace)
        self.compare.chosen.connect(self.commands.check)
        self.score.problem_wanted.connect(self._take_problem)
        self.score.trace_wanted.connect(self._retell)
        self.score.to_keep.connect(lambda folders: self._keep(runs=folders))
        self.pages.turned.connect(self._on_page)
        self._on_page(self.pages.shown)
        self._show_choices()
        self.rail.bind(self.commands.actions["history"], self.commands.actions["settings"])
        self.setWindowTitle("KimiDesk")
        self.page.problem.text.setFocus()

    def set_heat(self, heat: Heat) -> None:
        """Colour tokens by `heat`, now and the next time."""
        self.presenter.set_heat(heat)
        self.compare.set_heat(heat)
        self.commands.check(f"heat-{heat.value}")
        self._keep(heat=heat.value)

    def set_raw(self, raw: bool) -> None:
        """Show formulas as their source or typeset, now and the next time."""
        self.page.view.show_raw(raw)
        self.commands.check("raw", checked=raw)
        self._keep(raw=raw)

    def set_theme(self, choice: str) -> None:
        """Show "light", "dark" or the "system"'s, now and the next time."""
        self.themes.choose(choice)
        self.commands.check(f"theme-{choice}")
        self._keep(theme=choice)

    def set_language(self, choice: str) -> None:
        """Speak "en" or "zh_CN", now and the next time."""
        self.languages.choose(choice)
        self.commands.check(f"language-{choice}")
        self._keep(language=choice)

    def snapshot(self) -> dict[str, object]:
        """What the window shows, in plain values."""
        solve, page, scene = self.driver.solve, self.page, self.page.view.scene
        return {
            "checkpoint": self.driver.open.value,
            "picker": page.picker.text(),
            "phase": page.status.phase.text(),
            "trace": solve.trace.id if solve else None,
            "ended": solve.trace.ended if solve else None,
            "tokens": len(solve.columns) if solve else 0,
            "shown_tokens": scene.tokens,
            "thinking_tokens": page.gauge.spent.thinking,
            "answer_tokens": page.gauge.spent.answer,
            "following": page.view.following,
            "hovered": scene.hovered,
            "pinned": scene.pinned,
            "inspected": dict(page.inspector.figures),
            "pictures": list(page.problem.pictures.paths),
            "rivals": list(page.inspector.bars.bars),
            "verdict": page.status.badge.text() if page.status.badge.verdict else "",
            "heat": scene.heat.value,
            "raw": scene.raw,
            "theme": theme.current().name,
            "language": self.languages.current,
            "error": page.notice.failure.what if page.notice.failure else "",
            "history": [row.id for row in page.history.rows.rows],
            "busy": self.driver.busy,
        }

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.commands.retranslate()
            self.presenter.show_figures()
            self.page.picker.show_state(self.driver)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "presenter"):
            self.presenter.retheme()
            self.compare.retheme()
            self.score.retheme()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        # The window goes at once; the processes follow within two seconds, without it waiting.
        self.compare.close()
        self.score.close()
        self.presenter.close()
        self.typesetter.close()
        super().closeEvent(event)

    def _on_driver_closed(self) -> None:
        self._driver_closed = True
        self._tell_closed()

    def _tell_closed(self) -> None:
        if self._driver_closed and self.typesetter.over:
            self.closed.emit()

    def _functions(self) -> dict[str, Callable[[], object]]:
        page, view = self.page, self.page.view
        return {
            **self._functions_by_name(),
            "compare-shown": self._compare_shown,
            "page-solve": lambda: self.pages.show_page("solve"),
            "page-compare": lambda: self.pages.show_page("compare"),
            "page-score": lambda: self.pages.show_page("score"),
            "new": lambda: self.presenter.new(),
            "open-file": page.picker.browse,
            "add-picture": page.problem.pictures.browse,
            "paste-picture": page.problem.paste_picture,
            "view-picture": page.problem.pictures.view_chosen,
            "remove-picture": page.problem.pictures.remove_chosen,
            "open-folder": page.picker.browse_folder,
            "open-with": lambda: self.presenter.open_with(),
            "checkpoints": page.picker.showMenu,
            "quit": self.close,
            "solve": lambda: self.presenter.solve(),
            "stop": self._stop,
            "answer-now": lambda: self.presenter.driver.steer(Wish.ANSWER_NOW),
            "keep-thinking": lambda: self.presenter.driver.steer(Wish.KEEP_THINKING),
            "start-again": lambda: self.presenter.start_again(),
            "copy": view.copy,
            "copy-markdown": lambda: copy_markdown(view.scene),
            "copy-latex": lambda: copy_latex(view.scene),
            "select-all": view.select_all,
            "previous-token": lambda: view.step(-1),
            "next-token": lambda: view.step(1),
            "first-token": lambda: view.pin(0),
            "last-token": lambda: view.pin(view.scene.tokens - 1),
            "find": page.find_bar.ask,
            "next-hit": lambda: page.find_bar.walk(1),
            "last-hit": lambda: page.find_bar.walk(-1),
            "go-token": lambda: page.find_bar.ask(number=True),
            "next-surprise": lambda: self.presenter.walk_surprises(1),
            "last-surprise": lambda: self.presenter.walk_surprises(-1),
            "next-note": lambda: self.presenter.walk_notes(1),
            "last-note": lambda: self.presenter.walk_notes(-1),
            "follow": view.follow,
            "raw": lambda: self.set_raw(self.commands.actions["raw"].isChecked()),
            "settings": self._show_panels,
            "landing": self._show_landing,
            "history": self._show_panels,
            "larger": lambda: self._resize_text(1),
            "smaller": lambda: self._resize_text(-1),
            "go-problem": page.problem.text.setFocus,
            "go-trace": view.setFocus,
            "go-history": self._search,
            "keys": self._show_keys,
            "about": self._show_about,
        }

    def _functions_by_name(self) -> dict[str, Callable[[], object]]:
        """Of what is chosen from a group, and of what a room or another page does by itself."""
        doers = {"compare": self.compare.act, "score": self.score.act}
        made: dict[str, Callable[[], object]] = {}
        for row in ACTIONS:
            if row.group:
                made[row.name] = partial(self._choose, row.name)
            if row.room:
                made[row.name] = partial(self._act_in_room, row.name)
            if row.page in doers:
                made[row.name] = partial(doers[row.page], row.name)
        return made

    def _act_in_room(self, name: str) -> None:
        self.presenter.act(name)

    def _choose(self, name: str) -> None:
        group, _, choice = name.partition("-")
        if group == "heat":
            self.set_heat(Heat(choice))
        elif group == "theme":
            self.set_theme(choice)
        elif group in ("align", "room"):
            self.compare.act(name)
        else:
            self.set_language(choice)

    def _on_page(self, name: str) -> None:
        self.rail.show_page(name)
        self.commands.show_page(name)
        for button in (self.rail.history, self.rail.settings):
            button.setVisible(name == "solve")
        if name == "compare":
            self.compare.shown()

    def _compare_shown(self) -> None:
        """Put the shown trace beside others."""
        self.pages.show_page("compare")
        self.compare.add(self.driver.solve)

    def _open_trace(self, trace: str) -> None:
        self.pages.show_page("solve")
        self.page.history.chosen.emit(trace)

    def _take_problem(self, problem: Problem) -> None:
        """Put a problem of a run into the fields of the Solve page."""
        self.pages.show_page("solve")
        self.presenter.new()
        self.page.problem.show_problem(problem)

    def _retell(self, retold: "Retold") -> None:
        """Show a sample of a run as a trace, by the run's own checkpoint."""
        self.pages.show_page("solve")
        self.presenter.retell(retold.asked, retold.ref, retold.fingerprint)

    def _stop(self) -> None:
        stops = {"compare": self.compare.stop, "score": self.score.stop}
        stops.get(self.pages.shown, self.presenter.stop)()

    def _resize_text(self, by: int) -> None:
        self.page.view.resize_text(by)
        self.compare.resize_text(by)

    def _show_choices(self) -> None:
        heat = Heat(self.settings.heat)
        self.presenter.set_heat(heat)
        self.compare.set_heat(heat)
        self.page.view.show_raw(self.settings.raw)
        self.commands.check("raw", checked=self.settings.raw or not self.typesetter.available)
        self.commands.actions["raw"].setEnabled(self.typesetter.available)
        self.page.show_settings(self.settings)
        self.commands.check(f"heat-{heat.value}")
        self.commands.check(f"theme-{self.themes.choice}")
        self.commands.check(f"language-{self.languages.current}")
        self.commands.check("history")
        self._show_panels()

    def _show_panels(self) -> None:
        actions, page = self.commands.actions, self.page
        page.controls.setVisible(actions["settings"].isChecked())
        page.history.setVisible(actions["history"].isChecked())
        page.fold.setChecked(actions["settings"].isChecked())

    def _show_landing(self) -> None:
        shown = self.commands.actions["landing"].isChecked()
        if shown:
            self.commands.check("settings")
            self._show_panels()
        self.page.controls.landing.more.setChecked(shown)

    def _search(self) -> None:
        self.commands.check("history")
        self._show_panels()
        self.page.history.search.setFocus()

    def _show_live(self, following: bool) -> None:
        self.commands.actions["follow"].setEnabled(not following)

    def _next_theme(self) -> None:
        self.set_theme("light" if theme.current() is theme.DARK else "dark")

    def _show_keys(self) -> None:
        self._tell(translate("Window", "Keys"), keys_table())

    def _show_about(self) -> None:
        text = translate(
            "Window",
            "<h3>KimiDesk {0}</h3><p>A desktop microscope for reasoning models.</p>"
            "<p>Every probability and entropy comes from the full vocabulary of the step that "
            "drew the token; what a server tells of a part is shown as bounds. Nothing leaves this "
            "machine unless you open a server.</p>",
        )
        self._tell(translate("Window", "About KimiDesk"), text.format(__version__))

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _keep(self, **values: object) -> None:
        if not any(getattr(self.settings, name) != value for name, value in values.items()):
            return
        self.settings = replace(self.settings, **values)  # type: ignore[arg-type]
        self.driver.settings = self.settings
        try:
            settings_file.save(self.settings)
        except OSError as error:
            self.page.notice.say(
                Failed(f"the settings cannot be saved: {error}", kind=FailureKind.USAGE)
            )
