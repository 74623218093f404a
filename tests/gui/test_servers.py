"""How a server is treated and tried out: asked in the dialog, remembered by host, cancelled."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from pytestqt.qtbot import QtBot

from kimidesk import settings as settings_file
from kimidesk.gui.opening.dialog import OpenDialog
from kimidesk.gui.opening.wanted import Engine, Wanted, engine_of
from kimidesk.gui.window import Window
from kimidesk.records import Problem
from kimidesk.settings import Manners, Settings
from tests.engines.remote.conftest import Told, serving

REF = "http://box.lan:8000/v1#m"
START_MS = 15_000


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as told:
        yield told


@pytest.fixture
def dialog(qtbot: QtBot) -> Callable[..., OpenDialog]:
    def make(ref: str = REF, **servers: Manners) -> OpenDialog:
        made = OpenDialog(Settings(servers=servers), ref, [])
        qtbot.addWidget(made)
        made.show()
        return made

    return make


def type_into(qtbot: QtBot, field: QAbstractSpinBox, text: str) -> None:
    field.lineEdit().selectAll()
    qtbot.keyClicks(field, text)


@pytest.mark.parametrize(
    ("ref", "engine"),
    [
        ("", Engine.LLAMA),
        ("/a/b.gguf", Engine.LLAMA),
        ("torch:/a/b.gguf", Engine.TORCH),
        ("scripted:/a/s.json", Engine.SCRIPT),
        ("HTTPS://host", Engine.SERVER),
    ],
)
def test_a_name_tells_who_opens_it(ref: str, engine: Engine):
    assert engine_of(ref) is engine


def test_what_stands_in_a_servers_fields_reaches_the_worker(
    dialog: Callable[..., OpenDialog], tmp_path: Path
):
    template = tmp_path / "t.jinja"
    template.write_text("{{ messages }}")
    manners = Manners(60, 30_000, 2.5, 90.0, 7.25, 3, str(template))
    made = dialog()

    made.server.show_manners(manners)

    assert made.asked.manners == manners
    assert made.asked.command().manners == manners


def test_manners_are_kept_by_host_and_plain_ones_are_not(dialog: Callable[..., OpenDialog]):
    slow = Manners(requests_per_minute=5)
    before = Settings(servers={"other.lan": slow})
    wanted = Wanted.of(before, REF)

    for manners, expected in ((slow, {"other.lan", "box.lan:8000"}), (Manners(), {"other.lan"})):
        made = dialog(REF, **before.servers)
        made.server.show_manners(manners)
        before = settings_file.changed(before, **made.asked.kept_in(before))
        settings_file.save(before)
        assert set(settings_file.load().servers) == expected
        assert Wanted.of(settings_file.load(), "http://box.lan:8000/v1#another").manners == manners
    assert wanted.manners == Manners()


def test_another_host_has_its_own_manners_and_another_model_has_not(
    dialog: Callable[..., OpenDialog],
):
    made = dialog(REF, **{"other.lan": Manners(requests_per_minute=5)})
    made.server.tokens.setValue(99)

    made.where.show_ref("http://box.lan:8000/v1#n")
    assert made.server.manners.tokens_per_minute == 99
    made.where.show_ref("http://")  # half typed
    made.where.show_ref("http://other.lan/v1")
    assert made.server.manners == Manners(requests_per_minute=5)


def test_only_what_concerns_a_server_is_shown_for_one(dialog: Callable[..., OpenDialog]):
    made = dialog()
    for shown in (made.server, made.trial, made.memory.slots):
        assert shown.isVisible()
    memory = made.memory
    local = (made.beside, memory.context, memory.kv_type, memory.gpu_layers, made.where.torch)
    for hidden in local:
        assert not hidden.isVisible()
    assert made.minimumSizeHint().height() <= 560
    assert made.minimumSizeHint().width() <= 800

    made.where.show_ref("x.gguf")

    assert not made.server.isVisible()
    assert not made.trial.isVisible()
    assert all(shown.isVisible() for shown in local)
    assert made.asked.manners == Manners()


def test_a_wrong_number_is_told_and_open_says_why_it_is_off(
    dialog: Callable[..., OpenDialog], qtbot: QtBot
):
    made = dialog()
    type_into(qtbot, made.server.connect_s, "soon")

    assert not made.open_button.isEnabled()
    assert made.open_button.accessibleDescription() == (
        "Connected within, s: “soon” is no value it can have"
    )
    qtbot.waitUntil(lambda: "“soon”" in made.meter.words.text())
    type_into(qtbot, made.server.connect_s, "3")
    qtbot.waitUntil(
        lambda: made.open_button.isEnabled() and "not loaded" in made.meter.words.text()
    )
    assert made.asked.manners.connect_s == 3


@pytest.mark.parametrize(
    ("ref", "said"), [("http://", "names no server"), ("http://me:pw@h/v1", "password")]
)
def test_an_address_that_is_none_is_told(
    ref: str, said: str, dialog: Callable[..., OpenDialog], qtbot: QtBot
):
    made = dialog(ref)

    qtbot.waitUntil(lambda: said in made.meter.words.text())
    assert not made.open_button.isEnabled()
    assert said in made.open_button.toolTip()


def test_a_template_that_is_not_there_is_told(
    dialog: Callable[..., OpenDialog], qtbot: QtBot, tmp_path: Path
):
    made = dialog()
    made.server.template.show_path(str(tmp_path / "none.jinja"))

    qtbot.waitUntil(lambda: "none.jinja" in made.meter.words.text())
    assert not made.open_button.isEnabled()
    (tmp_path / "none.jinja").write_text("{{ messages }}")
    made.activateWindow()
    QApplication.sendEvent(made, QEvent(QEvent.Type.ActivationChange))  # a person comes back to it
    qtbot.waitUntil(made.open_button.isEnabled)


def test_a_tried_server_tells_what_it_can_do(
    dialog: Callable[..., OpenDialog], told: Told, qtbot: QtBot
):
    told.owner, told.logprobs = "vllm", True
    made = dialog(f"{told.url}#m")

    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(made.trial.abilities.isVisible, timeout=START_MS)
    assert "vLLM" in made.trial.words.text()
    abilities = made.trial.abilities.toPlainText()
    assert "log-probabilities with 1 rivals" in abilities
    assert "thinking_token_budget" in abilities
    made.server.template.show_path("/x.jinja")  # it might now be able to do more
    assert not made.trial.abilities.isVisible()


def test_a_server_that_refuses_is_told_in_its_own_words(
    dialog: Callable[..., OpenDialog], told: Told, qtbot: QtBot
):
    told.picky = lambda handler, _: handler.whole({"error": "who are you?"}, 401) or True
    made = dialog(f"{told.url}#m")

    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: "who are you?" in made.trial.words.text(), timeout=START_MS)
    assert "KIMIDESK_API_KEY_127_0_0_1" in made.trial.words.text()
    made.where.show_ref("http://127.0.0.1:1/v1#m")
    assert made.trial.words.text() == ""
    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cannot be reached" in made.trial.words.text(), timeout=START_MS)
    assert made.isVisible()


def test_a_server_that_hangs_is_left_at_once(
    dialog: Callable[..., OpenDialog], told: Told, qtbot: QtBot
):
    told.picky = lambda *_: told.gone.wait(60)
    made = dialog(f"{told.url}#m")
    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told.paths), timeout=START_MS)
    pid = made.trial.trial.worker_pid
    assert psutil.pid_exists(pid)

    begun = time.monotonic()
    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)

    assert time.monotonic() - begun < 0.5
    assert "cancelled" in made.trial.words.text()
    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=3000)
    qtbot.mouseClick(made.trial.button, Qt.MouseButton.LeftButton)
    pid = made.trial.trial.worker_pid
    made.reject()
    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=3000)


def test_a_server_is_opened_as_the_dialog_says_and_so_the_next_time(
    window: Window, told: Told, qtbot: QtBot
):
    window.commands.trigger("open-with")
    made = window.findChild(OpenDialog)
    made.where.show_ref(f"{told.url}#m")
    made.server.requests.setValue(77)

    qtbot.mouseClick(made.open_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    host = told.url.removeprefix("http://").removesuffix("/v1")
    assert settings_file.load().servers == {host: Manners(requests_per_minute=77)}


def test_an_address_that_is_none_is_told_by_the_window_too(window: Window):
    window.presenter.open_checkpoint("http://me:pw@h/v1")

    assert "password" in str(window.snapshot()["error"])
    window.page.problem.show_problem(Problem("2+2?"))
    window.commands.trigger("solve")
    assert window.snapshot()["busy"] is False
