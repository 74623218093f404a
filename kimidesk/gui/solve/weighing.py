"""The room that weighs the sentence under the pinned token."""

import secrets
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer

from kimidesk.errors import KimiDeskError
from kimidesk.flows import Solve
from kimidesk.flows.continuing import Expected, expected_of
from kimidesk.flows.importance import Weigh, billed
from kimidesk.gui.aside import Aside
from kimidesk.gui.lab.weight import WeightPanel
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Named, Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.solve.trying import Trying, cannot
from kimidesk.reading import tokens_per_s
from kimidesk.reading.importance import Importance, Price, Rollout, Side, Weighing, importance
from kimidesk.store.experiments import keep_rollouts, rollouts_of
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
KEEP_MS = 2_000  # between two times that the desk is given what has come


class WeightRoom(Room):
    """What has come of a sentence is kept on the desk, and shown when it is pinned again."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.panel = WeightPanel()
        page.side.add("weight", lambda: translate("Weight", "Weight"), self.panel)
        self._pinned = -1
        self._sentence: Named | None = None
        self._expected = Expected("", own=False)  # of the shown trace
        self._rollouts: list[Rollout] = []  # of the shown sentence at the shown price
        self._came: dict[tuple[str, Weighing], list[Rollout]] = {}  # the desk may be behind
        self._number = 0  # of the newest summary asked for
        self._running: tuple[Solve, Weigh] | None = None
        self._aside = Aside(self)
        self.trying = Trying(driver, self)
        self._keeping = QTimer(self)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self._keep)
        self.panel.asked.connect(self._on_asked)
        self.panel.run_wanted.connect(self.run)
        self.panel.stop_wanted.connect(self.trying.stop)
        self.trying.progressed.connect(self._on_progress)
        self.trying.ended.connect(self._on_ended)
        self.trying.failed.connect(page.notice.say)
        self._show()

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {"weigh": lambda: self.page.side.show_tab("weight")}

    def show_trace(self) -> None:
        self._pinned, self._sentence = -1, None
        self._find_expected()
        self._show()

    def grow(self) -> None:
        if self.solve is not None and self.solve.trace.ended is not None:
            if not self._expected.answer:
                self._find_expected()
            self._place()

    def named(self) -> None:
        self._place()

    def point(self, hovered: int, pinned: int) -> None:
        if pinned != self._pinned:
            self._pinned = pinned
            self._place()

    def close(self) -> None:
        self._keep()
        self._keeping.stop()
        self._aside.close()

    def run(self) -> None:
        """Draw what is missing."""
        solve, asked = self.solve, self._asked()
        if solve is None or asked is None or self.trying.flow is not None or self.panel.wrong:
            return
        flow = Weigh(
            solve.grown,
            asked,
            self.panel.rollouts.value(),
            name=partial(secrets.token_hex, 8),
            width=self.trying.width,
            done=self._rollouts,
        )
        self._running = (solve, flow)
        self._keeping.start()
        if not self.trying.run(flow, solve.trace.checkpoint):
            self._running = None
            self._keeping.stop()
        self._on_progress()

    # ---- what is shown ---------------------------------------------------------------------

    def _find_expected(self) -> None:
        solve = self.solve
        self._expected = Expected("", own=False)
        if solve is not None and solve.trace.ended is not None:
            self._expected = expected_of(solve.grown)

    def _place(self) -> None:
        """The sentence under the pinned token may be another one."""
        at = self.naming.at(self._pinned) if self._pinned >= 0 else -1
        sentence = self.naming.items[at] if at >= 0 else None
        if sentence != self._sentence or self.solve is None:
            self._sentence = sentence
            self._show()

    def _asked(self) -> Weighing | None:
        if self._sentence is None or self.solve is None:
            return None
        # A thought that ends with the end mark has it in its last sentence.
        last = min(self._sentence.last, len(self.solve.columns) - self.solve.trace.closing - 1)
        price = Price(self.panel.price.choice)
        return Weighing(self._sentence.first, last, price, self.panel.horizon.value())

    def _on_asked(self) -> None:
        self._show()

    def _show(self) -> None:
        """Another sentence, another price, or other numbers."""
        solve, asked = self.solve, self._asked()
        text = ""
        if solve is not None and self._sentence is not None:
            text = solve.transcript.text[self._sentence.start : self._sentence.end]
        self.panel.show_sentence(text, cannot(solve) if solve is not None else "")
        self._rollouts = self._known(asked) if asked is not None else []
        self._bill(asked)
        self._summarise(text)
        if self.trying.flow is not None:
            self._show_progress()

    def _known(self, asked: Weighing) -> list[Rollout]:
        solve = self.solve
        if solve is None:
            return []
        if self._running is not None:
            running, flow = self._running
            if running.trace.id == solve.trace.id and flow.asked == asked:
                return list(flow.results)
        if (solve.trace.id, asked) in self._came:
            return self._came[solve.trace.id, asked]
        try:
            return rollouts_of(self.driver.desk, solve.trace.id, asked, self._expected.answer)
        except KimiDeskError as error:
            self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
            return []

    def _bill(self, asked: Weighing | None) -> None:
        solve = self.solve
        if solve is None or asked is None or cannot(solve) or self.panel.wrong:
            return
        count = self.panel.rollouts.value()
        known = {(each.side, each.number) for each in self._rollouts if not each.trouble}
        missing = [s for n in range(count) for s in Side if (s, n) not in known]
        items = self.naming.items
        mean = (items[-1].last + 1 - items[0].first) / len(items)
        bill = billed(solve.grown, asked, missing, mean)
        rate = tokens_per_s(solve.columns)
        self.panel.show_bill(bill, bill.tokens / rate if rate else None)

    def _summarise(self, text: str) -> None:
        """Told aside: hundreds of sentences are compared with each other."""
        self._number += 1
        number, rollouts = self._number, list(self._rollouts)
        if not rollouts:
            self.panel.show_results(None, [], self._expected)
            return

        def show(told: Importance) -> None:
            if number == self._number:
                self.panel.show_results(told, rollouts, self._expected)

        self._aside.run(lambda: importance(text, rollouts), show, self._on_error)

    def _on_error(self, error: KimiDeskError) -> None:
        self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))

    # ---- what comes ------------------------------------------------------------------------

    def _on_progress(self) -> None:
        if self._running is None:
            return
        solve, flow = self._running
        self._show_progress()
        shown = self.solve is not None and self.solve.trace.id == solve.trace.id
        if shown and flow.asked == self._asked() and len(flow.results) != len(self._rollouts):
            self._rollouts = list(flow.results)
            self._summarise(self._text())

    def _show_progress(self) -> None:
        if self._running is not None:
            flow = self._running[1]
            running = self.trying.flow is not None
            self.panel.show_progress(len(flow.results), flow.total, flow.tokens, running=running)

    def _on_ended(self) -> None:
        self._keep()
        self._keeping.stop()
        if self._running is None:
            return
        solve, flow = self._running
        self._show_progress()
        self._running = None
        whole = [each for each in flow.results if not each.trouble]
        self._came[solve.trace.id, flow.asked] = whole
        troubles = sorted({each.trouble for each in flow.results if each.trouble})
        if troubles:
            self.page.notice.say(Failed(troubles[0], kind=FailureKind.ATTEMPT))
        self._show()

    def _keep(self) -> None:
        if self._running is not None:
            solve, flow = self._running
            whole = [each for each in flow.results if not each.trouble]
            keep_rollouts(self.driver.desk, solve.trace.id, flow.asked, flow.expected.answer, whole)

    def _text(self) -> str:
        if self.solve is None or self._sentence is None:
            return ""
        return self.solve.transcript.text[self._sentence.start : self._sentence.end]
