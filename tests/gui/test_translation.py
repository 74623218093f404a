"""The Chinese translation is complete and up to date."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

import kimidesk.gui
from kimidesk.settings import assets_folder

TS = assets_folder() / "translations" / "kimidesk_zh_CN.ts"


def messages(path: Path) -> dict[tuple[str, str], ET.Element]:
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in ET.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }


def test_no_text_is_unfinished_and_placeholders_are_kept():
    for (context, source), message in messages(TS).items():
        translation = message.find("translation")
        assert translation is not None, (context, source)
        assert translation.get("type") is None, (context, source)
        assert translation.text, (context, source)
        for mark in ("{0}", "{1}", "{2}", "{3}", "{4}"):
            assert (mark in source) == (mark in translation.text), (context, source)


def test_every_text_of_the_window_is_in_the_file(tmp_path: Path):
    lupdate = Path(sys.executable).with_name("pyside6-lupdate")
    if not lupdate.exists():
        pytest.skip("pyside6-lupdate is not beside this Python")
    sources = sorted(map(str, Path(kimidesk.gui.__path__[0]).rglob("*.py")))
    fresh = tmp_path / "fresh.ts"
    subprocess.run([lupdate, *sources, "-ts", fresh], check=True, capture_output=True)

    assert set(messages(fresh)) == set(messages(TS))


def test_the_compiled_file_is_as_new_as_its_source():
    compiled = TS.with_suffix(".qm").read_bytes()

    assert "求解".encode("utf-16-be") in compiled
