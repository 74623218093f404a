"""Options that several verbs share."""

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import click

from kimidesk.checkpoints import pairing
from kimidesk.checkpoints.fit import CACHE_TYPES
from kimidesk.cli.server_options import server_options
from kimidesk.errors import UsageError
from kimidesk.records import Adapter, Budget, OnLoop, Sampling
from kimidesk.settings import ALL_LAYERS, AUTO_LAYERS

F = TypeVar("F", bound=Callable[..., Any])

_DEFAULT = Sampling()
_BUDGET = Budget()


class TokenCount(click.ParamType[int]):
    """A number of tokens: 4096, or 4k for 4 × 1,024."""

    name = "tokens"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """As a whole number."""
        text = str(value).lower().replace(",", "").replace("_", "")
        factor = 1024 if text.endswith("k") else 1
        try:
            return int(float(text.removesuffix("k")) * factor) if factor > 1 else int(text)
        except ValueError:
            self.fail(f"{value!r} is not a number of tokens, such as 4096 or 4k", param, ctx)


class LayerCount(click.ParamType[int]):
    """Layers on graphics cards: a number, or a word for one; see `OpenCheckpoint.gpu_layers`."""

    name = "layers"
    # -1 is how the settings name auto, and was its name here
    _words: ClassVar[dict[str, int]] = {
        "auto": AUTO_LAYERS,
        "all": ALL_LAYERS,
        "none": 0,
        "-1": AUTO_LAYERS,
    }

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """As a whole number."""
        text = str(value).lower()
        if text in self._words:
            return self._words[text]
        if not text.isdecimal() or len(text) > 9:
            self.fail(f"{value!r} is not auto, all, none or a number of layers", param, ctx)
        return int(text)


TOKENS, LAYERS = TokenCount(), LayerCount()


def _all(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def model_options(function: F) -> F:
    """--model and how it is opened."""
    return _all(
        click.option(
            "--model",
            metavar="REF",
            default=None,
            help="A catalog name, a path to a GGUF, a folder of safetensors, torch:GGUF, "
            "scripted:FILE, or a server: http://HOST:PORT/v1#MODEL.  [default: smollm2-135m]",
        ),
        click.option(
            "--context",
            type=TOKENS,
            default=0,
            help="Tokens a trace may use, prompt included.  [default: what the budget needs]",
        ),
        *_memory_options(),
        *_beside_options(),
        *server_options(),
    )(function)


def _memory_options() -> tuple[Callable[[F], F], ...]:
    """Where it is kept, and how."""
    return (
        click.option(
            "--kv-type",
            type=click.Choice(list(CACHE_TYPES)),
            default="f16",
            show_default=True,
            help="How keys and values are kept: q8_0 takes half the memory.",
        ),
        click.option(
            "--flash-attention",
            "flash",
            type=click.Choice(["auto", "on", "off"]),
            default="auto",
            show_default=True,
        ),
        click.option(
            "--keep-gb",
            type=click.FloatRange(0),
            default=None,
            help="Room on disk for what long traces have evaluated, to be taken up after a restart."
            "  [default: the settings', else 0]",
        ),
        click.option(
            "--threads",
            type=click.IntRange(0),
            default=0,
            help="[default: the settings', else cores - 1]",
        ),
        click.option(
            "--gpu-layers",
            type=LAYERS,
            metavar="auto|all|none|N",
            default=None,
            help="On graphics cards. auto: as many as fit; all: or nothing is opened; N: so many.  "
            "[default: the settings', else auto]",
        ),
    )


def _beside_options() -> tuple[Callable[[F], F], ...]:
    """What is opened with it."""
    return (
        click.option(
            "--adapter",
            "adapters",
            metavar="FILE[=SCALE]",
            multiple=True,
            help="LoRA adapter or control vector (GGUF; on PyTorch a folder of peft's) laid over "
            "the weights; several add up.",
        ),
        click.option(
            "--projector",
            metavar="FILE",
            default="",
            help="Vision projector (mmproj, GGUF) that shows pictures to the model, or none.  "
            "[default: the one beside the model that fits, where there are pictures]",
        ),
        click.option(
            "--image-min-tokens",
            type=click.IntRange(0),
            default=0,
            help="A picture is scaled up to so many.  [default: the projector's]",
        ),
        click.option(
            "--image-max-tokens",
            type=click.IntRange(0),
            default=0,
            help="A picture is scaled down to so many.  [default: the projector's]",
        ),
        click.option(
            "--draft",
            metavar="ngram|FILE",
            default="",
            help="Guess tokens ahead, from the trace itself or by a smaller checkpoint.",
        ),
        click.option(
            "--guesses",
            type=click.IntRange(1, 64),
            default=8,
            show_default=True,
            help="Tokens guessed ahead at most.",
        ),
    )


def draw_options(function: F) -> F:
    """Sampling, budget and seed."""
    return _all(
        click.option(
            "--think-budget", type=TOKENS, default=None, help="Thought tokens; then it is closed."
        ),
        click.option(
            "--max-answer-tokens", type=TOKENS, default=1024, show_default=True, help="After it."
        ),
        click.option(
            "--soft-landing",
            type=TOKENS,
            default=_BUDGET.soft,
            help="The last so many tokens of --think-budget may end at a sentence.",
        ),
        click.option(
            "--least-thinking",
            type=TOKENS,
            default=_BUDGET.least,
            help="Thought tokens before the thought may end.",
        ),
        click.option(
            "--closing",
            default=_BUDGET.closing,
            help="Said before a thought is closed by force.",
        ),
        click.option(
            "--on-loop",
            type=click.Choice([choice.value for choice in OnLoop]),
            default=_BUDGET.on_loop.value,
            show_default=True,
            help="What to do with a trace that repeats itself.",
        ),
        click.option("--temperature", type=float, default=_DEFAULT.temperature, show_default=True),
        click.option("--top-p", type=float, default=_DEFAULT.top_p, show_default=True),
        click.option(
            "--top-k", type=int, default=_DEFAULT.top_k, show_default=True, help="0: all."
        ),
        click.option("--min-p", type=float, default=_DEFAULT.min_p, show_default=True),
        click.option(
            "--repetition-penalty",
            type=float,
            default=_DEFAULT.repetition_penalty,
            show_default=True,
        ),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True),
        click.option(
            "--thinking/--no-thinking",
            "thinking",
            default=None,
            help="Ask the chat template to think or not.  [default: its own]",
        ),
        click.option(
            "--instruction",
            default=None,
            help='Put after the problem; "" for none.  [default: think step by step, \\boxed{}]',
        ),
    )(function)


def sampling_of(options: dict[str, Any]) -> Sampling:
    """Checked; raises UsageError."""
    names = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")
    return Sampling(**{name: options[name] for name in names}).check()


def draft_of(options: dict[str, Any]) -> str:
    """Checked; raises UsageError."""
    draft = str(options["draft"])
    if draft in ("", "ngram") or os.path.isfile(draft):
        return draft if draft in ("", "ngram") else str(Path(draft).resolve())
    raise UsageError(f"there is no draft checkpoint {draft}", hint="--draft ngram needs none.")


def projector_of(options: dict[str, Any], model: Path, *, sees: bool) -> str:
    """Checked, or the one that belongs to a model that is to see; raises UsageError."""
    said = str(options["projector"])
    if said not in ("", pairing.NO_PROJECTOR) and not os.path.isfile(said):
        raise UsageError(f"there is no projector {said}")
    projector = pairing.projector_for(said, model) if said or sees else None
    return str(projector.resolve()) if projector is not None else ""


def adapters_of(options: dict[str, Any]) -> tuple[Adapter, ...]:
    """Checked; raises UsageError."""
    return tuple(map(_adapter, options["adapters"]))


def _adapter(text: str) -> Adapter:
    path, scale = text, 1.0
    if not os.path.exists(text) and "=" in text:  # a name may hold the sign itself
        path, _, number = text.rpartition("=")
        try:
            scale = float(number)
        except ValueError:
            scale = math.nan
        if not math.isfinite(scale):
            raise UsageError(f"the scale of --adapter {text} is {number!r}; it must be a number")
    if not os.path.exists(path):  # a file, or a folder of peft's
        raise UsageError(f"there is no adapter {path}")
    return Adapter(str(Path(path).resolve()), scale)


def budget_of(options: dict[str, Any]) -> Budget:
    """Checked; raises UsageError."""
    return Budget(
        options["think_budget"],
        options["max_answer_tokens"],
        soft=options["soft_landing"],
        least=options["least_thinking"],
        closing=options["closing"],
        on_loop=OnLoop(options["on_loop"]),
    ).check()
