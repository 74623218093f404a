"""How each make of server keeps a thinking budget itself, where it is asked by messages.

One row a make. Sources are named in the rows, as of 2026-11; llama-server's was tried, the others
were not. What an effort stands for is ours: no server says how many tokens one is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kimidesk.checkpoints.remote.makes import Make

EFFORTS = ((2048, "low"), (8192, "medium"))  # up to so many tokens; above them "high"


@dataclass(frozen=True, slots=True)
class Keeping:
    """The field that bounds a thought."""

    field: str  # in words for people
    fields: Callable[[int, str], dict[str, Any]]  # of a number of tokens, and a closing message
    source: str
    least: int = 0  # tokens; it takes no smaller number
    counts: bool = True  # it is a number of tokens; else an effort


def effort_of(tokens: int) -> str:
    """The effort that stands for a budget."""
    return next((effort for most, effort in EFFORTS if tokens <= most), "high")


def _llama(tokens: int, closing: str) -> dict[str, Any]:
    message = f"\n\n{closing}\n" if closing else ""
    return {"reasoning_budget_tokens": tokens, "reasoning_budget_message": message}


KEEPINGS = {
    Make.LLAMA: Keeping(
        "reasoning_budget_tokens", _llama, "llama.cpp, tools/server/server-common.cpp"
    ),
    Make.VLLM: Keeping(
        "thinking_token_budget",
        lambda tokens, _: {"thinking_token_budget": tokens},
        "docs.vllm.ai, reasoning outputs; the server must know the marks (--reasoning-config)",
    ),
    Make.SGLANG: Keeping(
        "custom_params.thinking_budget",
        lambda tokens, _: {"custom_params": {"thinking_budget": tokens}},
        "docs.sglang.io, thinking budget; the server must allow it (--enable-strict-thinking)",
    ),
    Make.OPENAI: Keeping(
        "reasoning_effort",
        lambda tokens, _: {"reasoning_effort": effort_of(tokens)},
        "platform.openai.com, chat completions of o1 and later",
        counts=False,
    ),
    Make.ANTHROPIC: Keeping(
        "thinking.budget_tokens",
        lambda tokens, _: {"thinking": {"type": "enabled", "budget_tokens": tokens}},
        "docs.anthropic.com, OpenAI SDK compatibility",
        least=1024,
    ),
    Make.DASHSCOPE: Keeping(
        "thinking_budget",
        lambda tokens, _: {"enable_thinking": True, "thinking_budget": tokens},
        "help.aliyun.com, deep thinking of Qwen",
    ),
    Make.OPENROUTER: Keeping(
        "reasoning.max_tokens",
        lambda tokens, _: {"reasoning": {"max_tokens": tokens}},
        "openrouter.ai, reasoning tokens",
    ),
}


def keeping_of(make: Make, *, effort: bool) -> Keeping | None:
    """None where it has no field; `effort`: whether its model takes one."""
    keeping = KEEPINGS.get(make)
    return keeping if keeping is None or keeping.counts or effort else None
