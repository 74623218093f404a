"""Dialects derived from chat templates."""

import time
from pathlib import Path

import pytest

from kimidesk.errors import Refused
from kimidesk.reading.dialects import Source, Switch, probing, sheet_of
from kimidesk.reading.dialects.deriving import derive
from kimidesk.reading.template import ChatTemplate

TEMPLATES = Path(__file__).parents[4] / "shared" / "data" / "templates"
FLAG = Switch("kwarg", "enable_thinking", True, False)
THINKING = Switch("kwarg", "thinking", True, False)
NONE = ((), (), False, None, False)
THINK = (("<think>",), ("</think>",))
KNOWN = {  # start, ends, prefilled, switch, whether it thinks when nothing is asked
    "Apertus-8B-Instruct": (("<|inner_prefix|>",), ("<|inner_suffix|>",), False, FLAG, False),
    "Apriel-1.6-15b-Thinker-fixed": (
        ("Here are my reasoning steps:\n",),
        ("[BEGIN FINAL RESPONSE]",),
        True,
        None,
        True,
    ),
    "EXAONE-Deep.from-readme": (("<thought>",), ("</thought>",), True, None, True),
    "GLM-4.6": (*THINK, False, FLAG, True),
    "HuggingFaceTB-SmolLM3-3B": (*THINK, False, FLAG, True),
    "Kimi-K2-Thinking": (
        ("<think>",),
        ("</think>", "<|tool_calls_section_begin|>", "<|tool_call_begin|>"),
        False,
        None,
        True,
    ),
    "Kimi-VL-A3B-Thinking.reconstructed": (("◁think▷",), ("◁/think▷",), False, None, True),
    "LFM2.5-Instruct": (*THINK, False, None, True),
    "MiniMax-M1": (*THINK, False, None, True),
    "MiniMax-M2": (*THINK, True, None, True),
    "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16": (*THINK, True, FLAG, True),
    "NVIDIA-Nemotron-Nano-v2": (
        *THINK,
        True,
        Switch("text", "system", "/think", "/no_think"),
        True,
    ),
    "Qwen-QwQ-32B": (*THINK, True, FLAG, True),
    "Qwen-Qwen2.5-7B-Instruct": NONE,
    "Qwen-Qwen3-0.6B": (*THINK, False, FLAG, True),
    "Qwen3-Coder": NONE,
    "Qwen3.5-4B": (("<think>",), ("</think>", "<tool_call>"), True, FLAG, True),
    "deepseek-ai-DeepSeek-R1-Distill-Llama-8B": (*THINK, True, None, True),
    "deepseek-ai-DeepSeek-V3.1": (*THINK, True, THINKING, False),
    "google-gemma-2-2b-it": NONE,
    "google-gemma-4-31B-it": (("<|channel>thought\n",), ("<channel|>",), False, FLAG, False),
    "ibm-granite-granite-3.3-2B-Instruct": (*THINK, False, THINKING, False),
    "meta-llama-Llama-3.3-70B-Instruct": NONE,
    "moonshotai-Kimi-K2": NONE,
    "openai-gpt-oss-120b": (
        ("<|channel|>analysis<|message|>",),
        ("<|end|>",),
        False,
        Switch("kwarg", "reasoning_effort", "high", None),
        True,
    ),
    "upstage-Solar-Open-100B": (
        ("<|think|>",),
        ("<|end|>",),
        False,
        Switch("kwarg", "reasoning_effort", "high", "low"),
        True,
    ),
}

# One loop for all: how a turn is written is the same, how a thought is written differs.
TURNS = (
    "{%% for m in messages %%}[{{ m.role }}]{%% if m.role == 'assistant' %%}%s{%% endif %%}"
    "{{ m.content }}{%% endfor %%}{%% if add_generation_prompt %%}[assistant]%s{%% endif %%}"
)


def made_of(thought: str = "", opening: str = "", before: str = "") -> ChatTemplate:
    return ChatTemplate(before + TURNS % (thought, opening))


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_template_gives_its_dialect(name):
    path = TEMPLATES / f"{name}.jinja"
    if not path.exists():
        pytest.skip("the templates are not at hand")

    sheet = sheet_of(ChatTemplate(path.read_text("utf-8"), "<s>", "</s>"), name)

    assert (sheet.starts, sheet.ends, sheet.prefilled, sheet.switch, sheet.on) == KNOWN[name]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.jinja")), ids=lambda path: path.stem)
def test_every_template_is_told_within_a_second(path):
    began = time.thread_time()

    derive(ChatTemplate(path.read_text("utf-8")))

    assert time.thread_time() - began < 1


def test_a_template_without_a_thought_has_none():
    assert not derive(made_of()).thinks
    assert not derive(ChatTemplate("")).thinks


def test_marks_around_the_thought_of_history_are_its_marks():
    sheet = derive(made_of("<mull>{{ m.reasoning_content }}</mull>\n"))

    assert (sheet.starts, sheet.ends, sheet.prefilled) == (("<mull>",), ("</mull>",), False)


def test_a_start_that_only_the_prompt_writes_is_found():
    sheet = derive(made_of("{{ m.reasoning }}\n[DONE]\n", "I wonder:\n"))

    assert (sheet.starts, sheet.ends, sheet.prefilled) == (("I wonder:\n",), ("[DONE]",), True)


def test_a_channel_has_an_end_and_a_head_of_the_answer():
    thought = "<|to|>analysis<|is|>{{ m.thinking }}<|over|>[assistant]<|to|>final<|is|>"

    sheet = derive(made_of(thought))

    assert (sheet.starts, sheet.ends) == (("<|to|>analysis<|is|>",), ("<|over|>",))
    assert sheet.answer == "[assistant]<|to|>final<|is|>"


def test_marks_made_of_a_word_between_two_marks_are_kept_whole():
    thought = "<|open|>think<|sep|>{{ m.reasoning }}<|close|>think<|sep|><|open|>say<|sep|>"
    opening = (
        "<|open|>{% if thinking is undefined or thinking %}think{% else %}say{% endif %}<|sep|>"
    )

    sheet = derive(made_of(thought, opening))

    assert (sheet.starts, sheet.ends) == (("<|open|>think<|sep|>",), ("<|close|>think<|sep|>",))
    assert (sheet.prefilled, sheet.switch, sheet.on) == (True, THINKING, True)


def test_marks_that_the_prompt_only_speaks_of_are_found():
    before = "{% if thinking %}Think between <think> and </think>.{% endif %}"

    sheet = derive(made_of(before=before))

    assert (sheet.starts, sheet.switch, sheet.on) == (("<think>",), THINKING, False)


def test_a_switch_that_is_off_unless_it_is_asked_for():
    opening = "<think>{% if not enable_thinking %}</think>{% endif %}"

    sheet = derive(made_of("<think>{{ m.reasoning_content }}</think>", opening))

    assert (sheet.prefilled, sheet.switch, sheet.on) == (True, FLAG, False)


def test_an_effort_has_no_off_unless_one_closes_the_thought():
    thought = "<think>{{ m.reasoning_content }}</think>"
    graded = "{{ 'Effort: ' + (reasoning_effort or 'high') }}"
    closing = "{% if reasoning_effort == 'none' %}<think></think>{% endif %}"

    only_graded = derive(made_of(thought, before=graded)).switch
    with_none = derive(made_of(thought, closing, before=graded)).switch

    assert only_graded == Switch("kwarg", "reasoning_effort", "high", None)
    assert with_none == Switch("kwarg", "reasoning_effort", "high", "none")


def test_a_budget_of_zero_turns_thinking_off():
    before = "{% if thinking_budget is defined and thinking_budget == 0 %}At once.{% endif %}"

    sheet = derive(made_of("<think>{{ m.reasoning_content }}</think>", before=before))

    assert (sheet.switch, sheet.on) == (Switch("kwarg", "thinking_budget", -1, 0), True)


def test_switches_of_history_are_no_switches():
    thought = "{% if not clear_thinking %}<think>{{ m.reasoning_content }}</think>{% endif %}"

    sheet = derive(made_of(thought))

    assert (sheet.starts, sheet.switch, sheet.keeps) == (("<think>",), None, True)


def test_content_in_parts_is_tried_too():
    source = (
        "{% for m in messages %}[{{ m.role }}]{% if m.content is string %}{{ m.content }}"
        "{% else %}{% for p in m.content %}{% if p.type == 'thinking' %}[THINK]{{ p.thinking }}"
        "[/THINK]{% else %}{{ p.text }}{% endif %}{% endfor %}{% endif %}{% endfor %}"
    )

    sheet = derive(ChatTemplate(source))

    assert (sheet.starts, sheet.ends) == (("[THINK]",), ("[/THINK]",))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% macro again(n) %}{{ again(n) }}{% endmacro %}{{ again(1) }}", "without end"),
        ("{{ raise_exception('not for you') }}", "not for you"),
        ("{{ 'a' * 10**9 }}", "makes more"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% for i in range(10**9) %}{% endfor %}", "counts beyond"),
    ],
)
def test_a_hostile_template_is_refused_with_its_reason(source, why):
    with pytest.raises(Refused, match=why):
        derive(ChatTemplate(source))


def test_a_template_that_takes_too_long_is_refused_as_a_whole(monkeypatch):
    monkeypatch.setattr(probing, "ALLOWED_S", 0.5)
    endless = "{% set s = 'a' * 9999 %}{% for a in s %}{% for b in s %}{% endfor %}{% endfor %}"
    began = time.thread_time()

    with pytest.raises(Refused, match="runs longer"):
        derive(ChatTemplate(endless))
    assert time.thread_time() - began < 2


def test_marks_that_others_tell_get_the_switch_that_the_template_shows():
    before = "{% if thinking %}Say your thoughts first.{% endif %}"

    sheet = derive(made_of(before=before), lambda switched: ("Thought:", "Reply:"))

    assert (sheet.starts, sheet.ends) == (("Thought:",), ("Reply:",))
    assert (sheet.switch, sheet.on, sheet.source) == (THINKING, False, Source.TABLE)


def test_a_flag_that_changes_the_prompt_tells_that_it_thinks():
    asked = []

    derive(made_of(before="{% if enable_thinking %}Go deep.{% endif %}"), asked.append)
    derive(made_of(), asked.append)

    assert asked == [True, False]


def test_the_most_of_an_effort_is_on_where_only_its_default_names_it():
    thought = "<think>{{ m.reasoning_content }}</think>"
    before = "{{ reasoning_effort if reasoning_effort in ['low', 'high'] else 'max' }}"

    sheet = derive(made_of(thought, "<think>", before))

    assert sheet.switch == Switch("kwarg", "reasoning_effort", "max", None)


THOUGHT = "<think>{{ m.reasoning_content }}</think>"


@pytest.mark.parametrize(
    ("opening", "before", "switch"),
    [
        (
            "{{ '<think></think>' if mode is defined and mode == 'chat' else '<think>' }}",
            "",
            Switch("kwarg", "mode", "thinking", "chat"),
        ),
        (
            "{{ '<think></think>' if use_cot is defined and not use_cot else '<think>' }}",
            "",
            Switch("kwarg", "use_cot", True, False),
        ),
        (
            "{{ '<think></think>' if level == 'none' else '<think>' }}",
            "{% set level = (reasoning_effort | default('high')) | lower %}{{ level }}",
            Switch("kwarg", "reasoning_effort", "high", "none"),
        ),
        (
            "{{ '<think></think>' if ns.how == 'nothink' else '<think>' }}",
            "{% set ns = namespace(how='think') %}"
            "{% if think_mode is defined %}{% set ns.how = think_mode %}{% endif %}",
            Switch("kwarg", "think_mode", "think", "nothink"),
        ),
        (
            "{{ '</think>' if (thinking | default('true') | string | lower) == 'false' "
            "else '<think>' }}",
            "",
            THINKING,
        ),
        (
            "{{ '<think></think>' if '/think_off' in messages[-1].content else '' }}",
            "",
            Switch("text", "user", "/think_on", "/think_off"),
        ),
        (
            "",
            "{% set thinking_option = thinking_option | default('on') %}"
            "{{ 'detailed thinking ' + thinking_option }}",
            Switch("kwarg", "thinking_option", "on", "off"),
        ),
    ],
)
def test_a_switch_is_found_whatever_it_is_called_and_however_it_is_read(opening, before, switch):
    assert derive(made_of(THOUGHT, opening, before)).switch == switch


@pytest.mark.parametrize(
    ("thought", "start", "end"),
    [
        ("<cot>{{ m['cot'] }}</cot>", "<cot>", "</cot>"),
        ("<|/ok|>{{ m.get('thought_text') }}<|pondered|>", "<|/ok|>", "<|pondered|>"),
        ("【思考】{{ m.reasoning }}【/思考】", "【思考】", "【/思考】"),
        ("Thinking:\n{{ m.thinking }}\nDone thinking.\n", "Thinking:\n", "Done thinking.\n"),
    ],
)
def test_a_thought_is_found_in_the_field_that_the_template_names(thought, start, end):
    sheet = derive(made_of(thought))

    assert (sheet.starts, sheet.ends, sheet.source) == ((start,), (end,), Source.DERIVED)


def test_a_prompt_that_opens_the_thought_tells_its_marks():
    sheet = derive(made_of(opening="<think>\n"))

    assert (*THINK, True) == (sheet.starts, sheet.ends, sheet.prefilled)
    assert sheet.source is Source.DERIVED


def test_marks_that_are_spelled_otherwise_are_paired_by_their_words():
    before = "Between <|begin_of_thought|> and <|end_of_thought|>."

    sheet = derive(made_of(before=before))

    assert (sheet.starts, sheet.ends) == (("<|begin_of_thought|>",), ("<|end_of_thought|>",))


def test_marks_in_the_description_of_tools_are_no_dialect():
    assert not derive(
        made_of(before="{% if tools %}<thinking> first </thinking>{% endif %}")
    ).thinks


def test_an_object_that_is_written_out_is_no_sentence():
    shown = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"

    assert not derive(ChatTemplate(shown)).thinks
