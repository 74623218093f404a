"""Settings come back as they were saved; what is wrong in the file is named."""

from pathlib import Path

import pytest

from kimidesk.errors import BadSettings
from kimidesk.settings import (
    Settings,
    assets_folder,
    cache_folder,
    changed,
    config_folder,
    data_folder,
    load,
    save,
    settings_file,
)


def test_without_a_file_the_defaults_hold():
    assert load() == Settings()


def test_what_is_saved_is_loaded_and_only_what_differs_is_written():
    save(changed(Settings(), theme="dark", context=8192))

    assert load() == Settings(theme="dark", context=8192)
    assert set(settings_file().read_text().split()) >= {"theme", "context"}
    assert "language" not in settings_file().read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('them = "dark"', "there is no setting 'them'"),
        ('theme = "drak"', "theme is 'drak'"),
        ("context = -1", "context is -1"),
        ("gpu_layers = -3", "gpu_layers is -3; it must be 0 or more, -1 for as many as fit, or -2"),
        ('context = "many"', "Expected `int`"),
        ("= =", "is not TOML"),
    ],
)
def test_a_wrong_line_is_named(text: str, words: str):
    config_folder().mkdir(parents=True)
    settings_file().write_text(text)

    with pytest.raises(BadSettings, match=words.replace("`", ".")):
        load()


def test_a_misspelt_name_gets_a_hint():
    config_folder().mkdir(parents=True)
    settings_file().write_text('them = "dark"')

    with pytest.raises(BadSettings) as caught:
        load()
    assert caught.value.hint == "Did you mean 'theme'?"


def test_one_variable_moves_every_folder(home: Path):
    assert {data_folder().parent, cache_folder().parent, config_folder().parent} == {home}


def test_the_assets_are_found():
    assert (assets_folder() / "suites" / "first_steps.jsonl").is_file()
