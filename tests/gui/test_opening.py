"""How a checkpoint is opened: asked in a dialog, estimated, remembered, and cancelled."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kimidesk import settings as settings_file
from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.fit import need
from kimidesk.errors import BadCheckpoint, BadSettings
from kimidesk.gui.opening.dialog import OpenDialog
from kimidesk.gui.opening.estimate import Estimate, estimate
from kimidesk.gui.opening.meter import sentence
from kimidesk.gui.opening.wanted import Memory, Wanted
from kimidesk.gui.solve.picker import short
from kimidesk.gui.solve.recent import recent, remember
from kimidesk.gui.window import Window
from kimidesk.records import Adapter, Problem
from kimidesk.settings import Beside, Settings
from tests.engines.tiny import write_tiny

Script = Callable[..., str]
MEMORY = Memory(2048, 2, "q8_0", "on", 12, 3, 1.5)
START_MS = 15_000


@pytest.fixture
def small(tmp_path: Path, write_gguf: Callable[..., Path]) -> Path:
    """The header of a checkpoint of two layers, without weights."""
    metadata = {
        "general.architecture": "llama",
        "general.name": "Tiny",
        "llama.block_count": 2,
        "llama.embedding_length": 64,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.context_length": 512,
        "llama.vocab_size": 100,
    }
    return write_gguf(tmp_path / "tiny.gguf", metadata, {})


@pytest.fixture
def dialog(qtbot: QtBot) -> Callable[..., OpenDialog]:
    def make(ref: str = "", **settings: object) -> OpenDialog:
        made = OpenDialog(Settings(**settings), ref, ["smollm2-135m"])  # type: ignore[arg-type]
        qtbot.addWidget(made)
        made.show()
        return made

    return make


def test_what_stands_in_the_fields_is_what_is_wanted(dialog: Callable[..., OpenDialog]):
    beside = Beside("ngram", 4, "", (("a.gguf", -0.5), ("b.gguf", 1.0)))
    made = dialog("x.gguf", beside={"x.gguf": beside})
    made.memory.show_memory(MEMORY)

    assert made.asked == Wanted("x.gguf", MEMORY, beside)
    made.where.show_ref("torch:y.gguf")
    assert made.where.torch.isChecked()
    assert made.asked == Wanted("torch:y.gguf", MEMORY, Beside())


@pytest.mark.parametrize(
    ("kept", "choice", "number"),
    [
        (-1, "As many as fit", False),
        (0, "None", False),
        (12, "A number", True),
        (-2, "All", False),
    ],
)
def test_layers_are_chosen_in_words(
    kept: int, choice: str, number: bool, dialog: Callable[..., OpenDialog]
):
    made = dialog("x.gguf", gpu_layers=kept)
    field = made.memory.gpu_layers

    assert field.choice.currentText() == choice
    assert field.number.isVisible() == number
    assert made.asked.memory.gpu_layers == kept
    field.choice.setCurrentText("A number")
    field.number.setValue(7)
    assert made.asked.memory.gpu_layers == 7


def test_a_number_of_layers_that_is_none_holds_opening_up(
    dialog: Callable[..., OpenDialog], qtbot: QtBot
):
    made = dialog("x.gguf", gpu_layers=12)
    field = made.memory.gpu_layers
    field.number.lineEdit().selectAll()
    qtbot.keyClicks(field.number, "0")

    assert "GPU layers: how many: “0”" in made.open_button.toolTip()
    field.choice.setCurrentText("All")
    assert made.open_button.isEnabled()
    assert made.asked.memory.gpu_layers == -2


def test_the_worker_is_asked_what_the_dialog_says(small: Path):
    beside = Beside("ngram", 4, "", (("a.gguf", 0.5),))

    command = Wanted(str(small), MEMORY, beside).command()

    assert (command.ref, command.context, command.slots) == (str(small), 2048, 2)
    assert (command.kv_type, command.flash, command.gpu_layers) == ("q8_0", "on", 12)
    assert (command.threads, command.keep_gb) == (3, 1.5)
    assert (command.draft, command.guesses) == ("ngram", 4)
    assert command.adapters == (Adapter("a.gguf", 0.5),)
    for other in (f"torch:{small}", str(small.parent)):
        command = Wanted(other, MEMORY, beside).command()
        assert (command.ref, command.context) == (other, 2048)
        # The torch engine refuses what only llama.cpp can be asked.
        assert (command.kv_type, command.flash, command.draft) == ("f16", "auto", "")
    assert Wanted("http://127.0.0.1:1/v1#m", MEMORY, Beside()).command().context == 0  # its own
    with pytest.raises(BadSettings, match="kv_type is 'q9'"):
        Wanted(str(small), Memory(kv_type="q9"), beside).command()


def test_what_is_wanted_survives_the_settings_file():
    wanted = Wanted("x.gguf", MEMORY, Beside("d.gguf", 3, "p.gguf", (("a.gguf", -0.25),), 8, 64))
    before = Settings(beside={"other": Beside("ngram")})

    settings_file.save(settings_file.changed(before, **wanted.kept_in(before)))

    kept = settings_file.load()
    assert Wanted.of(kept, "x.gguf") == wanted
    assert Wanted.of(kept, "other").beside == Beside("ngram")
    plain = Wanted("x.gguf", MEMORY, Beside())
    assert "x.gguf" not in settings_file.changed(kept, **plain.kept_in(kept)).beside


def test_the_estimate_is_that_of_the_fit_check(small: Path, tmp_path: Path):
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(bytes(1000))
    wanted = Wanted(str(small), Memory(256, 3, "f32"), Beside(adapters=((str(adapter), 1.0),)))

    told = estimate(wanted)

    expected = need(describe(small), 256, 3, "f32")
    assert (told.weights, told.cache, told.compute) == (
        expected.weights,
        expected.cache,
        expected.compute,
    )
    assert told.beside == 1000
    assert told.total == expected.total + 1000
    assert estimate(Wanted(str(small), Memory(0), Beside())).context == 512
    slow = estimate(Wanted(str(small), Memory(256, flash="off"), Beside()))
    assert slow.slots == 2, "as many as there is ample memory for"
    assert slow.compute == need(describe(small), 256, 2, flash="off").compute
    with pytest.raises(BadCheckpoint, match="there is no file"):
        estimate(Wanted("/nowhere/x.gguf", Memory(), Beside()))


def test_on_torch_every_parameter_takes_four_bytes(tmp_path: Path, write_gguf: Callable[..., Path]):
    metadata = {"general.architecture": "llama", "llama.block_count": 1, "llama.vocab_size": 10}
    tensors = {"a": np.zeros((8, 4), np.float32)}
    path = write_gguf(tmp_path / "x.gguf", metadata, tensors)

    assert estimate(Wanted(f"torch:{path}", Memory(256), Beside())).weights == 4 * 32
    assert estimate(Wanted(str(path), Memory(256), Beside())).weights == path.stat().st_size


def test_a_sentence_says_what_would_fit():
    told = Estimate(10**9, 5 * 10**9, 10**6, free=4 * 10**9, largest=2048, context=9000)

    assert not told.fits
    assert sentence(told).startswith("It does not fit; 2,048 tokens would. About 6.0 GB of 4.0 GB")
    several = Estimate(10**9, 2 * 10**9, 10**6, free=4 * 10**9, context=9000, slots=3)
    assert "+ 3 × 9,000 tokens 2.0 GB +" in sentence(several)
    assert "At least 1.0 GB" in sentence(Estimate(10**9, free=4 * 10**9))


def test_the_estimate_follows_the_fields(
    dialog: Callable[..., OpenDialog], small: Path, qtbot: QtBot
):
    made = dialog(str(small))
    qtbot.waitUntil(lambda: "4,096 tokens" in made.meter.words.text())

    made.memory.context.setValue(256)
    qtbot.waitUntil(lambda: "256 tokens" in made.meter.words.text())
    made.where.show_ref("/nowhere/x.gguf")
    qtbot.waitUntil(lambda: "there is no file" in made.meter.words.text())
    made.where.show_ref("a whole page that was pasted " * 200)
    qtbot.waitUntil(lambda: "File name too long" in made.meter.words.text())
    made.where.show_ref("http://localhost:1/v1#m")
    qtbot.waitUntil(lambda: "not loaded here" in made.meter.words.text())
    assert not made.memory.kv_type.isEnabled()
    made.where.show_ref("")
    assert not made.open_button.isEnabled()


def test_a_wrong_field_is_named_and_keeps_the_dialog(
    dialog: Callable[..., OpenDialog], small: Path, qtbot: QtBot
):
    made = dialog(str(small))
    made.memory.context.lineEdit().selectAll()
    qtbot.keyClicks(made.memory.context, "much")

    made.accept()

    assert made.isVisible()
    assert "Context: “much”" in made.meter.words.text()


def test_every_control_of_the_dialog_has_a_name(dialog: Callable[..., OpenDialog], small: Path):
    made = dialog(str(small), beside={str(small): Beside(adapters=(("a.gguf", 1.0),))})
    kinds = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox)
    nameless = [
        widget
        for widget in made.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not widget.objectName().startswith(("qt_", "_"))
        and not isinstance(widget.parent(), (QAbstractSpinBox, QLineEdit))
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]

    assert nameless == []


def test_the_dialog_fits_a_small_screen(dialog: Callable[..., OpenDialog]):
    least = dialog().minimumSizeHint()

    assert least.width() <= 800
    assert least.height() <= 560


def test_what_the_dialog_says_is_opened_and_remembered(
    window: Window, script: Script, qtbot: QtBot
):
    ref = script({"match": "", "text": "4"})
    window.commands.trigger("open-with")
    made = window.findChild(OpenDialog)
    made.where.show_ref(ref)
    made.memory.context.setValue(777)

    qtbot.mouseClick(made.open_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    assert window.driver.checkpoint is not None
    assert window.driver.checkpoint.context == 777
    assert settings_file.load().context == 777


def test_adapters_of_the_page_go_with_the_attempt_and_stay(
    window: Window, script: Script, qtbot: QtBot
):
    ref = script({"match": "", "text": "4"})
    window.presenter.open_checkpoint(ref)
    rows = window.page.controls.adapters
    rows.add_path("/x/style.gguf")
    rows.rows[0].share.setValue(-0.5)
    window.page.problem.show_problem(Problem("2+2?"))

    window.commands.trigger("solve")

    qtbot.waitUntil(lambda: "adapters" in str(window.snapshot()["error"]), timeout=START_MS)
    assert window.driver.solve is not None
    assert window.driver.solve.trace.adapters == (Adapter("/x/style.gguf", -0.5),)
    assert settings_file.load().beside[ref].adapters == (("/x/style.gguf", -0.5),)
    rows.rows[0].remove.click()
    assert rows.adapters == ()


def test_opening_can_be_cancelled_and_begun_again(window: Window, tmp_path: Path, qtbot: QtBot):
    pipe = tmp_path / "script.json"
    os.mkfifo(pipe)  # who reads it waits, as for a slow disk
    window.presenter.open_checkpoint(f"scripted:{pipe}")
    button = window.page.cancel_button
    assert button.isVisible()
    pid = window.driver.worker_pid
    window.page.problem.show_problem(Problem("2+2?"))
    window.commands.trigger("solve")

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: not psutil.pid_exists(pid), timeout=3000)
    seen = window.snapshot()
    assert (seen["checkpoint"], seen["error"], seen["busy"]) == ("lost", "", False)
    assert "script.json: not open" in str(seen["picker"])
    assert not button.isVisible()
    assert window.page.solve_button.isEnabled()
    pipe.unlink()
    pipe.write_text(json.dumps({"recitations": [{"text": "4"}]}))
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: window.snapshot()["tokens"] != 0, timeout=START_MS)


def test_escape_cancels_opening_too(window: Window, tmp_path: Path, qtbot: QtBot):
    pipe = tmp_path / "script.json"
    os.mkfifo(pipe)
    window.presenter.open_checkpoint(f"scripted:{pipe}")

    window.commands.trigger("stop")

    assert window.snapshot()["checkpoint"] == "lost"


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("/a/b.gguf", "b.gguf"),
        ("torch:/a/b.gguf", "b.gguf · torch"),
        ("scripted:/a/s.json", "s.json"),
        ("https://host:8080/v1#kimi-k2", "kimi-k2 · host:8080"),
        ("https://host/v1", "host"),
    ],
)
def test_a_checkpoint_has_a_short_name(ref: str, name: str):
    assert short(ref) == name


def test_folders_and_servers_are_remembered_and_what_is_gone_is_not(tmp_path: Path):
    for ref in ("/nowhere/x.gguf", f"torch:{tmp_path}", "http://host/v1#m", str(tmp_path)):
        remember(ref)

    assert recent() == [str(tmp_path), "http://host/v1#m", f"torch:{tmp_path}"]


def test_a_server_that_is_not_there_is_told_and_the_window_stays(window: Window, qtbot: QtBot):
    window.presenter.open_checkpoint("http://127.0.0.1:9/v1#model")

    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "lost", timeout=START_MS)
    assert window.snapshot()["error"]
    assert window.isVisible()


@pytest.fixture
def eye(small: Path, write_gguf: Callable[..., Path]) -> Path:
    """The header of a projector beside it that fits."""
    metadata = {
        "general.architecture": "clip",
        "clip.has_vision_encoder": True,
        "clip.vision.projection_dim": 64,
    }
    return write_gguf(small.parent / "mmproj-tiny-f16.gguf", metadata, {})


def test_the_projector_beside_a_checkpoint_is_opened_with_it_unless_none_is_wanted(
    small: Path, eye: Path
):
    other = small.parent / "other.gguf"
    chosen = {"": str(eye), "none": "", str(other): str(other)}

    for said, expected in chosen.items():
        command = Wanted(str(small), MEMORY, Beside(projector=said, image_max_tokens=9)).command()

        assert command.projector == expected
        assert command.image_max_tokens == (9 if expected else 0)
    assert Wanted(f"torch:{small}", MEMORY, Beside()).command().projector == ""


def test_the_dialog_shows_the_projector_it_found_and_takes_it_out(
    dialog: Callable[..., OpenDialog], small: Path, eye: Path, qtbot: QtBot
):
    made = dialog(str(small))
    fields = made.beside.projector
    qtbot.waitUntil(lambda: "mmproj-tiny-f16.gguf" in fields.file.line.placeholderText())
    assert "found beside it" in fields.file.line.accessibleDescription()
    assert made.asked.command().projector == str(eye)

    qtbot.mouseClick(fields.none, Qt.MouseButton.LeftButton)
    assert made.asked.command().projector == ""
    fields.file.line.clear()
    fields.least.setValue(3)
    fields.most.setValue(5)
    assert made.asked.command().projector == str(eye)
    assert (made.asked.command().image_min_tokens, made.asked.command().image_max_tokens) == (3, 5)
    made.where.show_ref("http://localhost:1/v1#m")
    assert (fields.isEnabled(), fields.file.line.placeholderText()) == (False, "")
    made.where.show_ref(str(small))
    qtbot.waitUntil(lambda: "mmproj-tiny-f16.gguf" in fields.file.line.placeholderText())
    eye.unlink()
    made.estimate_now()
    qtbot.waitUntil(lambda: fields.file.line.placeholderText() == "pictures cannot be read")


def test_the_estimate_counts_the_projector_that_is_found(small: Path, eye: Path):
    wanted = Wanted(str(small), Memory(256), Beside())

    assert estimate(wanted).found == eye
    assert estimate(wanted).beside >= eye.stat().st_size
    without = estimate(Wanted(str(small), Memory(256), Beside(projector="none")))
    assert (without.found, without.beside) == (None, 0)


def test_the_estimate_counts_the_marks_of_states(tmp_path: Path):
    path = write_tiny(tmp_path / "mamba.gguf", "mamba")
    needed = need(describe(path), 512, 4)

    assert needed.marks
    assert estimate(Wanted(str(path), Memory(512, 4), Beside())).total == needed.total
