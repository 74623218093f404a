"""A new run: what is scored and how. It becomes a command, which is shown, and a process apart."""

import re
import shlex
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QProcess, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.errors import KimiDeskError
from kimidesk.gui import theme
from kimidesk.gui.score.words import duration_word
from kimidesk.gui.widgets.fields import mark, read_real
from kimidesk.gui.widgets.file_field import FileField
from kimidesk.store import gym, presets

translate = QCoreApplication.translate
_TOKENS = re.compile(r"\d+k?", re.IGNORECASE)
SIZE_PX = (560, 580)


def log_of(folder: Path) -> Path:
    """What the process of a run says goes beside its folder, which it wants empty."""
    return folder.with_name(f"{folder.name}.log")


def _tokens(text: str) -> int | None:
    """4k as 4,096; None where nothing is said."""
    word = text.strip().lower()
    if not _TOKENS.fullmatch(word):
        return None
    return int(word[:-1]) * 1024 if word.endswith("k") else int(word)


class SetupDialog(QDialog):
    """`begun` carries the folder of the run that was begun (of the first, of several)."""

    begun = Signal(str)

    def __init__(self, runs: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.paces: Mapping[str, float] = {}  # tokens a second, by the names of checkpoints
        self.data, self.model, self.out = QComboBox(), QLineEdit("smollm2-135m"), FileField("*")
        self.data.setEditable(True)
        self.data.addItems([*presets.own_suites(), *presets.BY_NAME])
        self.limit, self.repeats, self.slots = QLineEdit(), QLineEdit("1"), QLineEdit("4")
        self.budgets, self.think = QLineEdit(), QLineEdit()
        self.answer, self.temperature, self.seed = (
            QLineEdit("1024"),
            QLineEdit("0.6"),
            QLineEdit("0"),
        )
        self.fields: dict[str, QWidget] = {
            "data": self.data, "model": self.model, "limit": self.limit, "repeats": self.repeats,
            "think": self.think, "budgets": self.budgets, "answer": self.answer,
            "temperature": self.temperature, "seed": self.seed, "slots": self.slots,
            "out": self.out,
        }  # fmt: skip
        self.labels = {name: QLabel() for name in self.fields}
        self.said, self.bill, self.command = QLabel(), QLabel(), QPlainTextEdit()
        self.bill.setProperty("tone", "quiet")
        self.bill.setWordWrap(True)
        self.said.setProperty("tone", "wrong")
        self.said.setWordWrap(True)
        self.command.setReadOnly(True)
        self.command.setFont(theme.mono_font(11))
        self.command.setFixedHeight(96)
        self.copy, self.begin, self.cancel = QPushButton(), QPushButton(), QPushButton()
        self.begin.setProperty("kind", "primary")
        self.begin.setDefault(True)
        self.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.command.toPlainText())
        )
        self.begin.clicked.connect(self.start)
        self.cancel.clicked.connect(self.reject)
        for field in self.fields.values():
            if isinstance(field, QLineEdit):
                field.textChanged.connect(self.check)
        self.data.editTextChanged.connect(self.check)
        self.out.changed.connect(self.check)
        self.out.show_path(str(runs / time.strftime("run-%Y%m%d-%H%M%S")))
        self._lay_out()
        self._retranslate()
        self.resize(*SIZE_PX)
        self.check()

    @property
    def models(self) -> list[str]:
        """Several checkpoints, apart by commas, are several runs."""
        return [each.strip() for each in self.model.text().split(",") if each.strip()]

    def commands(self) -> list[tuple[str, list[str]]]:
        """The folder and the arguments of each run."""
        made = []
        for number, model in enumerate(self.models, start=1):
            folder = self.out.path if len(self.models) == 1 else f"{self.out.path}-{number}"
            arguments = ["--headless", "score", "--model", model, "--data", self.data.currentText()]
            for option, field in (
                ("--limit", self.limit), ("--repeats", self.repeats), ("--budgets", self.budgets),
                ("--think-budget", self.think), ("--max-answer-tokens", self.answer),
                ("--temperature", self.temperature), ("--seed", self.seed),
                ("--slots", self.slots),
            ):  # fmt: skip
                if field.text().strip():
                    arguments += [option, field.text().strip()]
            made.append((folder, [*arguments, "--out", folder, "--quiet"]))
        return made

    def check(self) -> bool:
        """Mark what is wrong, say the first of it, and show the command; whether all is right."""
        wrong = self._wrong()
        for name, field in self.fields.items():
            mark(field.line if isinstance(field, FileField) else field, wrong=name in wrong)
        self.said.setText(next(iter(wrong.values()), ""))
        self.said.setVisible(bool(wrong))
        self.begin.setEnabled(not wrong)
        self.bill.setText("" if wrong else self._bill())
        lines = [shlex.join(["kimidesk", *arguments]) for _, arguments in self.commands()]
        self.command.setPlainText("\n".join(lines))
        return not wrong

    def start(self) -> None:
        """Begin the runs, each a process that this window does not own."""
        if not self.check():
            return
        for folder, arguments in self.commands():
            Path(folder).mkdir(parents=True, exist_ok=True)
            process = QProcess()
            process.setProgram(sys.executable)
            process.setArguments(["-P", "-m", "kimidesk", *arguments])
            process.setStandardErrorFile(str(log_of(Path(folder))))
            process.setStandardOutputFile(QProcess.nullDevice())
            told: object = process.startDetached()  # a bool, whatever its types say
            if told is not True and not (isinstance(told, tuple) and told[0]):
                self.said.setText(translate("Score", "The process cannot be started."))
                self.said.show()
                return
        self.begun.emit(self.commands()[0][0])
        self.out.show_path(str(self._runs / time.strftime("run-%Y%m%d-%H%M%S")))
        self.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self.check()
        super().changeEvent(event)

    def _wrong(self) -> dict[str, str]:
        """A sentence for each field that cannot be used."""
        wrong = {**self._wrong_data(), **self._wrong_numbers()}
        if not self.models:
            wrong["model"] = translate("Score", "Name a checkpoint.")
        parts = [part.strip() for part in self.budgets.text().split(",") if part.strip()]
        if not all(map(_TOKENS.fullmatch, parts)):
            wrong["budgets"] = translate("Score", "Budgets are tokens with commas: 256, 512, 1k.")
        if not self.out.path:
            wrong["out"] = translate("Score", "Name a folder for the run.")
        return wrong

    def _wrong_data(self) -> dict[str, str]:
        named = self.data.currentText().strip()
        if named.startswith(gym.PREFIX):
            return {}  # its process says what is wrong: making the problems takes seconds
        try:
            path = presets.resolve(named)
        except KimiDeskError as error:
            return {"data": f"{error.what}. {error.hint}"}
        missing = translate("Score", "There is no file {0}.").format(path)
        return {} if path.exists() else {"data": missing}

    def _wrong_numbers(self) -> dict[str, str]:
        wrong, least = {}, {"repeats": 1, "slots": 1}
        for name in ("limit", "repeats", "slots", "seed"):
            field = self.fields[name]
            text = field.text().strip() if isinstance(field, QLineEdit) else ""
            if not (text.isdigit() and int(text) >= least.get(name, 0)) and (text or name in least):
                said = translate("Score", "{0} must be a whole number.")
                wrong[name] = said.format(field.accessibleName())
        for name in ("think", "answer"):
            field = self.fields[name]
            text = field.text().strip() if isinstance(field, QLineEdit) else ""
            if text and not _TOKENS.fullmatch(text):
                said = translate("Score", "{0} must be a number of tokens, as 4k.")
                wrong[name] = said.format(field.accessibleName())
        warmth = read_real(self.temperature.text())
        if warmth is None or warmth < 0:
            wrong["temperature"] = translate("Score", "The temperature must be 0 or more.")
        return wrong

    def _bill(self) -> str:
        """What is to be drawn at most; how long it takes is known once the first samples are in."""
        preset = presets.BY_NAME.get(self.data.currentText().strip())
        limit = self.limit.text().strip()
        if preset is None and not limit:
            return translate("Score", "The run tells how long it takes once it has begun.")
        problems = min(preset.problems if preset else int(limit), int(limit) if limit else 10**9)
        samples = problems * int(self.repeats.text()) * len(self.models)
        answer, think = (_tokens(field.text()) for field in (self.answer, self.think))
        if answer is None or think is None:
            said = translate("Score", "{0} samples, up to {1} tokens of answers each.").format(
                f"{samples:,}", f"{answer:,}" if answer is not None else "∞"
            )
            return said + self._lasts(samples * (answer or 0))
        most = samples * (answer + think)
        said = translate("Score", "{0} samples, {1} tokens at most.").format(
            f"{samples:,}", f"{most:,}"
        )
        return said + self._lasts(most)

    def _lasts(self, tokens: int) -> str:
        """How long so many tokens take, where earlier runs tell of these checkpoints."""
        known = [self.paces[model] for model in self.models if self.paces.get(model)]
        if not tokens or len(known) < len(self.models):
            return ""
        seconds = sum(tokens / len(known) / pace for pace in known)
        said = translate("Score", "At most about {0}, as fast as earlier runs.")
        return " " + said.format(duration_word(seconds))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in self.fields.items():
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.begin)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.said)
        column.addWidget(self.bill)
        column.addWidget(self.command)
        column.addLayout(row)

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Score", "New run"))
        texts = {
            "data": translate("Score", "&Data"),
            "model": translate("Score", "&Checkpoints"),
            "limit": translate("Score", "&Problems"),
            "repeats": translate("Score", "&Repeats"),
            "think": translate("Score", "&Thinking budget"),
            "budgets": translate("Score", "&Budgets to try"),
            "answer": translate("Score", "&Answer tokens"),
            "temperature": translate("Score", "Te&mperature"),
            "seed": translate("Score", "&Seed"),
            "slots": translate("Score", "At &once"),
            "out": translate("Score", "&Folder"),
        }
        for name, text in texts.items():
            self.labels[name].setText(text)
            self.fields[name].setAccessibleName(re.sub(r"\(&\w\)|&", "", text))
        self.out.name(self.out.accessibleName(), translate("Score", "Where the run is kept"))
        self.model.setToolTip(
            translate("Score", "A name, a file, a folder or a server; several with commas")
        )
        self.limit.setPlaceholderText(translate("Score", "all"))
        self.think.setPlaceholderText(translate("Score", "without limit"))
        self.budgets.setPlaceholderText("256, 512, 1k")
        self.command.setAccessibleName(translate("Score", "The command that will be run"))
        for button, text in (
            (self.copy, translate("Score", "Cop&y the command")),
            (self.begin, translate("Score", "Be&gin")),
            (self.cancel, translate("Score", "Ca&ncel")),
        ):
            button.setText(text)
            button.setAccessibleName(re.sub(r"\(&\w\)|&", "", text))
