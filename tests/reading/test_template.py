"""Chat templates in their bounded sandbox."""

import sys
from pathlib import Path

import pytest

from kimidesk.errors import ModelError, Refused
from kimidesk.reading import template
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Message

ASK = (Message("user", "What is 17x = 51?"),)
TEMPLATES = Path(__file__).parents[3] / "shared" / "data" / "templates"


@pytest.mark.parametrize("thinking", [True, False])
@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.jinja")), ids=lambda path: path.stem)
def test_templates_in_the_wild_render(path, thinking):
    made = ChatTemplate(path.read_text("utf-8"), "<s>", "</s>")

    switches = {"enable_thinking": thinking, "thinking": thinking}
    assert "What is 17x = 51?" in made.render(ASK, switches)


def test_a_template_gets_the_switches_it_is_given():
    made = ChatTemplate("{{ enable_thinking }} {{ effort }}")

    assert made.render(ASK, {"enable_thinking": False, "effort": "low"}) == "False low"


def test_blocks_leave_no_blank_lines_and_marks_are_known():
    source = "{{ bos_token }}\n  {% for m in messages %}\n{{ m.content }}{% break %}{% endfor %}"

    assert ChatTemplate(source, "<s>").render(ASK) == "<s>\nWhat is 17x = 51?"


def test_tojson_keeps_every_character():
    assert ChatTemplate("{{ ['<中>'] | tojson }}").render(ASK) == '["<中>"]'


def test_training_marks_are_passed_over():
    source = "{% generation %}{{ messages[0].role }}{% endgeneration %}"

    assert ChatTemplate(source).render(ASK) == "user"


def test_a_checkpoint_without_a_template_gets_plain_lines():
    assert ChatTemplate("").render(ASK) == "What is 17x = 51?\n"


def test_a_template_that_is_not_jinja_is_an_error_of_the_checkpoint():
    with pytest.raises(ModelError, match="chat template is broken"):
        ChatTemplate("{% if %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in [1] %}" * 60 + "{% endfor %}" * 60,
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ 'a' | center(999999999) }}",
        "a" * 300_000,
    ],
)
def test_a_template_that_no_compiler_takes_is_an_error_of_the_checkpoint(source):
    with pytest.raises(ModelError, match="chat template"):
        ChatTemplate(source)


def test_what_a_template_says_in_its_refusal_is_one_short_line():
    with pytest.raises(Refused) as refusal:
        ChatTemplate("{{ raise_exception('\\x1b[31m\\n' ~ 'a' * 9999) }}").render(ASK)
    assert refusal.value.what.isprintable()
    assert len(refusal.value.what) < 400


def test_a_template_may_refuse_the_messages():
    with pytest.raises(Refused, match="roles must alternate"):
        ChatTemplate("{{ raise_exception('roles must alternate') }}").render(ASK)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ raise_exception.__globals__.x }}",
        "{{ messages.append(1) }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{{ nothing.at.all }}",
        "{{ 1 / 0 }}",
        "{{ 'a'.center(9) }}",
        "{{ (5).to_bytes(9) }}",
        "{{ '{0.__class__.__name__}'.format('') }}",
        "{% include 'other' %}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(source):
    with pytest.raises(Refused, match="refuses these messages"):
        ChatTemplate(source).render(ASK)


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(10**12) %}{% endfor %}",
        "{% for i in range(1000) %}{% for j in range(10000) %}{% endfor %}{% endfor %}",
        "{% for i in range(900000) %}ab{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% set n = namespace(l=[1]) %}{% for i in range(40) %}{% set n.l = [n.l, n.l] %}"
        "{% endfor %}",
        "{% set n = namespace(l=[1]) %}{% for i in range(400) %}{% set n.l = [n.l] %}{% endfor %}",
        "{% set n = namespace(s='abcdefgh') %}{% for i in range(99) %}{% set x %}{{ n.s }}{{ n.s }}"
        "{% endset %}{% set n.s = x %}{% endfor %}",
        "{% set n = namespace(l=[]) %}{% for i in range(900) %}"
        "{% set n.l = n.l + ['a' * 400000 ~ i] %}{% endfor %}",
        "{{ ('a' * 400000) | replace('a', 'b' * 400000) }}",
        "{{ ('a' * 400000).replace('a', 'b' * 400000) }}",
        "{{ ('a' * 1000).join(['b'] * 400000) }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '{:>999999999}'.format('x') }}",
        "{{ '{:>{w}}'.format('x', w=999999999) }}",
        "{{ ('%s' * 100000) % ('a' * 400000) }}",
        "{{ 'a\\nb' | indent(999999999) }}",
        "{{ {'a': [1, 2]} | tojson(indent=999999999) }}",
        "{{ 'a' * 10**9 }}",
        "{{ 10 ** 100000000 }}",
        "{{ '%999999999d' % 1 }}",
        "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s+n.s %}{% endfor %}",
        "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s~n.s %}{% endfor %}",
        "{% set s = 'a' * 9999 %}{% for a in s %}{% for b in s %}{% for c in s %}{% endfor %}"
        "{% endfor %}{% endfor %}",
    ],
)
def test_a_template_cannot_run_away(source, monkeypatch):
    monkeypatch.setattr(template, "RUN_S", 0.5)
    before = sys.gettrace()

    with pytest.raises(Refused, match=r"counts beyond|makes more|runs longer|deeper|without end"):
        ChatTemplate(source).render(ASK)
    assert sys.gettrace() is before
