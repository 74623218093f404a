"""The thoughts of earlier turns, as a template takes them."""

from functools import partial
from pathlib import Path

import pytest

from kimidesk.reading.dialects import Form, sheet_of, turn_of
from kimidesk.reading.dialects.deriving import derive
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Message

TEMPLATES = Path(__file__).parents[4] / "shared" / "data" / "templates"
TALK = (
    Message("user", "2+2?"),
    Message("assistant", "4", thought="Two and two."),
    Message("user", "3+3?"),
)
LOOP = "{%% for m in messages %%}[{{ m.role }}]%s{%% endfor %%}"
SHOWN = {
    Form.FIELDS: "{% if m.reasoning %}<think>{{ m.reasoning }}</think>{% endif %}{{ m.content }}",
    Form.PARTS: "{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}"
    "{% if p.type == 'thinking' %}[THINK]{{ p.thinking }}[/THINK]{% else %}{{ p.text }}{% endif %}"
    "{% endfor %}{% endif %}",
    Form.BLOCKS: "{% if m.content is mapping %}{% for b in m.content.blocks %}"
    "{% if b.type == 'thoughts' %}<in>{{ b.text }}</in>{% else %}{{ b.text }}{% endif %}"
    "{% endfor %}{% else %}{{ m.content }}{% endif %}",
    Form.CONTENT: "{% if '</think>' in m.content and drop %}{{ m.content.split('</think>')[-1] }}"
    "{% else %}{{ m.content }}{% endif %}",
}


def rendered(template, sheet, talk=TALK):
    return template.render(talk, sheet.switches(None), partial(turn_of, sheet=sheet))


@pytest.mark.parametrize("form", SHOWN)
def test_a_thought_comes_in_the_form_that_the_template_takes(form):
    template = ChatTemplate(LOOP % SHOWN[form])

    sheet = derive(template)

    assert (sheet.form, sheet.keeps) == (form, True)
    before, _, after = rendered(template, sheet).partition("Two and two.")
    assert before.rstrip().endswith(sheet.starts[0])
    assert after.lstrip().startswith(sheet.ends[0])


def test_a_template_that_knows_no_thoughts_gets_none():
    template = ChatTemplate("Use <think></think>." + LOOP % "{{ m.content }}")

    sheet = derive(template)

    assert (sheet.thinks, sheet.form, sheet.keeps) == (True, Form.NOWHERE, False)
    assert "Two and two." not in rendered(template, sheet)


@pytest.mark.parametrize(
    ("name", "kept", "last"),
    [
        ("Qwen-Qwen3-0.6B", False, True),
        ("deepseek-ai-DeepSeek-V3.1", False, False),
        ("openai-gpt-oss-120b", False, True),
        ("GLM-4.6", False, True),
        ("Kimi-K2-Thinking", False, False),
        ("Apertus-8B-Instruct", True, True),
        ("poolside-Laguna-S-2.1", True, True),
    ],
)
def test_a_known_template_keeps_earlier_thoughts_by_its_own_rule(name, kept, last):
    path = TEMPLATES / f"{name}.jinja"
    if not path.exists():
        pytest.skip("the templates are not at hand")
    template = ChatTemplate(path.read_text("utf-8"), "<s>", "</s>")
    sheet = sheet_of(template, name)
    turns = [turn_of(message, sheet) for message in TALK]

    assert ("Two and two." in rendered(template, sheet), sheet.keeps) == (kept, kept)
    said = template.render_turns(turns[:2], sheet.switches(None), prompt=False)
    assert ("Two and two." in said) == last
