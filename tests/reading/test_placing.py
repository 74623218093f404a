"""Where chat templates put pictures: as they themselves would, in every template at hand."""

from functools import cache, partial
from pathlib import Path

import pytest

from kimidesk.reading.dialects import Sheet, turn_of
from kimidesk.reading.placing import Placing, placing_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Message

TEMPLATES = Path(__file__).parents[3] / "shared" / "data" / "templates"
NAMES = sorted(path.stem for path in TEMPLATES.glob("*.jinja")) or [
    pytest.param("", marks=pytest.mark.skip(reason="the templates are not at hand"))
]
MARK = "\ufdd2"
KIMI = "<|media_start|>image<|media_content|><|media_pad|><|media_end|>"
KNOWN = {  # what a family writes for a picture
    "Apriel-1.6-15b-Thinker-fixed": "[IMG]",
    "Kimi-K2-Instruct": KIMI,
    "Kimi-K2-Thinking": KIMI,
    "Kimi-VL-A3B-Thinking.reconstructed": KIMI,
    "Mistral-Small-3.2-24B-Instruct-2506": "[IMG]",
    "Qwen3.5-4B": "<|vision_start|><|image_pad|><|vision_end|>",
    "google-gemma-4-31B-it": "<|image|>",
    "google-gemma-4-31B-it-interleaved": "<|image|>",
    "moonshotai-Kimi-K2": KIMI,
    "muse-glimmer": "<|patch|>",
    "unsloth-Apriel-1.5": "[IMG]",
    "unsloth-mistral-Devstral-Small-2507": "[IMG]",
}
APART = {
    "Cohere2MoE",
    "Reka-Edge",
}  # begin a person's text behind the pictures; here they are in it


@cache
def read(name: str) -> tuple[ChatTemplate, Placing]:
    """A template, and where it puts pictures."""
    template = ChatTemplate((TEMPLATES / f"{name}.jinja").read_text("utf-8"), "<s>", "</s>")
    return template, placing_of(template)


def shown(template: ChatTemplate, placing: Placing) -> str:
    content = placing.content("What?", 2, MARK)
    turn = partial(turn_of, sheet=Sheet(), parts=placing.parts)
    return template.render([Message("user", content)], {}, turn)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_stands_once_before_the_text_of_its_message(name: str):
    written = shown(*read(name))

    assert written.count(MARK) == 2
    assert written.rindex(MARK) < written.rindex("What?")


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_put_where_the_template_itself_puts_them(name: str):
    template, placing = read(name)
    if name not in APART:
        assert placing.placeholder == KNOWN.get(name, "")
    if name not in KNOWN:
        return

    image = {"type": "image"}
    own = [{"role": "user", "content": [image, image, {"type": "text", "text": "What?"}]}]

    assert shown(template, placing) == template.render_turns(own, {}).replace(KNOWN[name], MARK)


def test_a_template_that_prints_the_list_of_parts_knows_no_pictures():
    template = ChatTemplate(
        "{% for message in messages %}{{ message.content | tojson }}{% endfor %}", "", ""
    )

    assert placing_of(template) == Placing()


def test_a_template_that_takes_nothing_but_parts_is_given_parts():
    template = ChatTemplate(
        "{% for message in messages %}{% for part in message.content %}"
        "{% if part.type == 'image' %} <image>\n{% else %}{{ part.text }}{% endif %}"
        "{% endfor %}{% endfor %}",
        "",
        "",
    )

    assert placing_of(template) == Placing(" ", "\n", parts=True, placeholder="<image>")
    assert shown(template, placing_of(template)) == f" {MARK}\n {MARK}\nWhat?"


def test_what_a_family_writes_around_a_picture_stands_inside_the_blanks():
    placing = Placing(" ", "\n").around("<start>", "<end>")

    assert placing.content("What?", 2, MARK) == f" <start>{MARK}<end>\n" * 2 + "What?"
