"""Whatever is named as a checkpoint, every verb says what is wrong with it, and ends with 3."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kimidesk.cli.main import run
from tests.checkpoints.conftest import build
from tests.checkpoints.wrong import WRONG
from tests.engines.families import FAMILIES
from tests.engines.tiny import THOUGHTFUL, write_tiny

Do = Callable[..., tuple[int, str]]


@pytest.fixture
def do(home: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    """A command in this process: its status, and what it said of errors."""

    def face(*_: object, **__: object) -> int:
        raise AssertionError("no window was asked for")

    def do(*arguments: str) -> tuple[int, str]:
        status = run(arguments, window=face, picture=face)
        return status, capsys.readouterr().err

    return do


@pytest.fixture
def commands(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[list[str]]]:
    """Every command that opens or describes a checkpoint."""
    folder = tmp_path_factory.mktemp("data")
    suite, said = folder / "suite.jsonl", folder / "said.json"
    suite.write_text(json.dumps({"question": "2+2?", "answer": "4"}))
    said.write_text(json.dumps({"problem": "2+2?", "output": "4"}))

    def of(model: str) -> list[list[str]]:
        score = ["--model", model, "--data", str(suite), "--out", str(folder / "run")]
        return [
            ["models", "show", model],
            ["models", "show", model, "--json"],
            ["models", "dialect", model],
            ["solve", "2+2?", "--model", model],
            ["--headless", *score],
            ["score", *score],
            ["trace", "replay", str(said), "--model", model],
        ]

    return of


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_checkpoint_is_told_by_every_verb(name, tmp_path, do, commands):
    folder = tmp_path / "here"
    folder.mkdir()
    model = str(WRONG[name].make(folder))

    for command in commands(model):
        status, said = do(*command)

        assert status == 3, (command, said)
        assert re.search(WRONG[name].said, said.replace("\n", " ")), (command, said)
        assert "Traceback" not in said
        assert said.startswith(("error: ", "opening"))


def test_a_checkpoint_that_ends_its_engine_is_told_with_the_engines_last_words(tmp_path, do):
    """Read from headers all is well; llama.cpp asserts while it opens the weights, and aborts."""
    model = tmp_path / "plamo.gguf"
    write_tiny(model, "plamo2", template=THOUGHTFUL, **FAMILIES["plamo2"] | {"ssm.group_count": 2})

    status, said = do("--headless", "solve", "2+2?", "--model", str(model))

    assert status == 3
    lines = said[said.index("error: ") :].splitlines()
    assert lines[0] == f"error: {model} could not be opened: the worker crashed (SIGABRT)"
    assert "another file" in lines[1]
    assert "GGML_ASSERT(n_group == 0) failed" in lines[-1]
    assert "Traceback" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's owner may read everything")
def test_a_file_without_the_right_to_read_is_told_by_every_verb(tmp_path, do, commands):
    path = tmp_path / "m.gguf"
    path.write_bytes(build())
    path.chmod(0)

    for command in commands(str(path)):
        assert do(*command)[0] == 3


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "smollm",
        "no\x00name",
        "a" * 5000,
        "http://",
        "torch:",
        "a" * 300 + ".jinja",
        "no\x00.jinja",
    ],
)
def test_a_name_that_means_nothing_is_told_by_every_verb(name, do, commands):
    for command in commands(name):
        status, said = do(*command)

        assert status in (2, 3), (command, said)
        assert "Traceback" not in said


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{% if %}", b"{{" * 1000, b"\x00" * 5_000_000]
)
def test_a_template_that_is_none_is_told(content, tmp_path, do):
    path = tmp_path / "t.jinja"
    path.write_bytes(content)

    status, said = do("models", "dialect", str(path))

    assert (status, "Traceback" in said) == (0 if not content else 3, False)


@pytest.mark.parametrize("option", ["--adapter", "--draft", "--projector", "--image"])
@pytest.mark.parametrize("name", ["missing.gguf", "a" * 5000])
def test_what_is_opened_beside_a_checkpoint_must_be_there(option, name, tmp_path, do):
    model = tmp_path / "m.gguf"
    model.write_bytes(build())

    status, said = do("solve", "2+2?", "--model", str(model), option, name)

    assert (status, "Traceback" in said) == (2, False), said


@pytest.mark.parametrize("name", ["missing", "a" * 5000, ""])
@pytest.mark.parametrize("verb", ["show", "export", "replay", "probe"])
def test_a_trace_or_a_file_of_one_that_is_not_there_is_told(verb, name, do):
    status, said = do("trace", verb, name)

    assert (status, "Traceback" in said) == (2, False), said
