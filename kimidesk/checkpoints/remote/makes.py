"""What is particular to each make of server: its fields beyond those of OpenAI's chat completions.

Sources: the servers' documentation as of 2026-11. llama-server's were tried, the others were not.
Thoughts of earlier turns: llama.cpp, common/chat.cpp; vLLM's issues 27755 and 38488 (`reasoning`;
before it was renamed `reasoning_content`, so both are sent: the one that is not known is not
read); SGLang, entrypoints/openai/protocol.py; api-docs.deepseek.com, thinking mode (read only
where a tool was called); platform.moonshot.ai, thinking models; openrouter.ai, reasoning tokens.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Make(StrEnum):
    """Who made a server."""

    LLAMA = "llama-server"
    VLLM = "vLLM"
    SGLANG = "SGLang"
    OLLAMA = "Ollama"
    LM_STUDIO = "LM Studio"
    OPENAI = "OpenAI"
    ANTHROPIC = "Anthropic"
    DEEPSEEK = "DeepSeek"
    MOONSHOT = "Moonshot"
    DASHSCOPE = "DashScope"
    OPENROUTER = "OpenRouter"
    OTHER = "OpenAI-compatible"


HOSTS = {
    "api.openai.com": Make.OPENAI,
    "api.anthropic.com": Make.ANTHROPIC,
    "api.deepseek.com": Make.DEEPSEEK,
    "api.moonshot.ai": Make.MOONSHOT,
    "api.moonshot.cn": Make.MOONSHOT,
    "dashscope.aliyuncs.com": Make.DASHSCOPE,
    "dashscope-intl.aliyuncs.com": Make.DASHSCOPE,
    "openrouter.ai": Make.OPENROUTER,
}


@dataclass(frozen=True, slots=True)
class Habits:
    """What a make takes. A switch "" cannot be turned."""

    switch: str = ""  # how thinking is asked for
    cuts: bool = False  # knows top_k, min_p and a repetition penalty
    repetition: str = "repetition_penalty"
    length: str = "max_tokens"  # the field that bounds what is written
    seeds: bool = True
    counts: bool = True  # tells the numbers of tokens at a stream's end when it is asked to
    hides: bool = False  # leaves control tokens out of raw completions unless it is told not to
    wraps: bool = False  # puts even a raw prompt into its chat template
    thoughts: tuple[str, ...] = ()  # the fields of a message that hold the thought of its turn


HABITS = {
    Make.LLAMA: Habits(
        switch="template", cuts=True, repetition="repeat_penalty", thoughts=("reasoning_content",)
    ),
    Make.VLLM: Habits(
        switch="template", cuts=True, hides=True, thoughts=("reasoning", "reasoning_content")
    ),
    Make.SGLANG: Habits(switch="template", cuts=True, hides=True, thoughts=("reasoning_content",)),
    Make.OLLAMA: Habits(wraps=True),
    Make.OTHER: Habits(counts=False),
    Make.OPENAI: Habits(length="max_completion_tokens"),
    Make.ANTHROPIC: Habits(switch="thinking", seeds=False),
    Make.DEEPSEEK: Habits(switch="thinking", seeds=False, thoughts=("reasoning_content",)),
    Make.MOONSHOT: Habits(switch="thinking", seeds=False, thoughts=("reasoning_content",)),
    Make.DASHSCOPE: Habits(switch="enable_thinking"),
    Make.LM_STUDIO: Habits(),
    Make.OPENROUTER: Habits(switch="reasoning", cuts=True, thoughts=("reasoning",)),
}


def habits_of(make: Make) -> Habits:
    """Of a make of which nothing is known: those of OpenAI before it renamed a field."""
    return HABITS.get(make, HABITS[Make.OTHER])


def verbatim_fields(make: Make) -> dict[str, Any]:
    """The fields by which raw completions show control tokens as they were written."""
    if not habits_of(make).hides:
        return {}
    return {"skip_special_tokens": False, "spaces_between_special_tokens": False}


def switch_fields(make: Make, thinking: bool, names: dict[str, Any]) -> dict[str, Any]:
    """The fields that ask to think or not to; `names` are what the chat template takes."""
    match habits_of(make).switch:
        case "template":
            return {"chat_template_kwargs": names or {"enable_thinking": thinking}}
        case "thinking":
            return {"thinking": {"type": "enabled" if thinking else "disabled"}}
        case "enable_thinking":
            return {"enable_thinking": thinking}
        case "reasoning":
            return {"reasoning": {"enabled": thinking}}
    return {}
