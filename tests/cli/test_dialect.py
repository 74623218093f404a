"""`kimidesk models dialect`."""

import json

import pytest

SOURCE = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    "[assistant]<think>{% if enable_thinking is false %}</think>{% endif %}"
)


def test_a_template_file_is_told_as_json(tmp_path, kimidesk):
    path = tmp_path / "new.jinja"
    path.write_text(SOURCE)

    done = kimidesk("models", "dialect", str(path), "--json")

    assert json.loads(done.stdout) == {
        "start": ["<think>"],
        "ends": ["</think>"],
        "prefilled": True,
        "switch": {"kwarg": "enable_thinking", "on": True, "off": False},
        "default": "on",
        "source": "derived",
    }


@pytest.mark.model
def test_a_checkpoint_is_told_too(gguf, kimidesk):
    done = kimidesk("models", "dialect", str(gguf), "--json")

    assert json.loads(done.stdout)["ends"] == []


def test_without_json_a_person_reads_it(tmp_path, kimidesk):
    path = tmp_path / "kimi-k2-thinking.jinja"
    path.write_text(SOURCE)

    said = kimidesk("models", "dialect", str(path)).stdout

    assert "<|tool_call_begin|>" in said
    assert "temperature 1" in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{% if %}", "chat template is broken"),
        (b"\xff\xfe", "not UTF-8"),
        (b"a" * (5 << 20), "larger than"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_file_is_told(tmp_path, kimidesk, content, why):
    path = tmp_path / "bad.jinja"
    if content is not None:
        path.write_bytes(content)

    done = kimidesk("models", "dialect", str(path))

    assert (done.returncode, done.stdout) == (3, "")
    assert why in done.stderr


def test_a_hostile_template_is_refused(tmp_path, kimidesk):
    path = tmp_path / "hostile.jinja"
    path.write_text(
        "{% set s = 'a' * 9999 %}{% for a in s %}{% for b in s %}{% endfor %}{% endfor %}"
    )

    done = kimidesk("models", "dialect", str(path))

    assert done.returncode == 1
    assert "runs longer" in done.stderr
