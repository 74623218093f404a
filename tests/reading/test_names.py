"""What a chat template asks of whoever renders it."""

from kimidesk.reading.names import asked_of, handled_in, thought_fields
from kimidesk.reading.template import ChatTemplate


def tree(source):
    return ChatTemplate(source).tree


def test_a_template_tells_what_it_asks_for():
    source = (
        "{% if a is defined and a == 'x' %}{{ b | default('y') }}{% endif %}{% set c = 1 %}{{ c }}"
    )

    assert asked_of(tree(source)) == {"a": ("x",), "b": ("y",)}


def test_what_is_set_from_a_name_counts_as_the_name():
    source = (
        "{% set b = a or 'x' %}{% set ns = namespace(c=b) %}{% set ns.d = b %}"
        "{{ b == 'y' }}{{ ns.d == 'z' }}"
    )

    assert set(asked_of(tree(source))["a"]) == {"x", "y", "z"}


def test_the_fields_of_a_thought_are_those_that_are_known_and_those_that_it_names():
    source = "{{ m.content }}{{ m['cot'] }}{{ m.get('final_thought') }}{{ m.thinking_mode }}"

    assert thought_fields(tree(source))[3:] == ("cot", "final_thought")


def test_what_it_looks_for_is_not_what_it_writes():
    source = "<a>{{ '<b>' + m.content.split('<c>')[-1] }}{% if '<d>' in m.content %}{% endif %}"

    assert set(handled_in(tree(source)).split()) == {"<c>", "<d>"}
