"""A checkpoint's chat template, which is a program of somebody else, run in a bounded sandbox.

Bounded: where it may reach (Jinja's immutable sandbox), how long it runs, how far it counts and
how much it writes. What passes the bounds, and whatever it raises, becomes Refused.
"""

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import FrameType
from typing import Any, NoReturn

from jinja2 import TemplateError, UndefinedError, meta, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kimidesk.errors import ModelError, Refused
from kimidesk.records import Message

RUN_S = 5.0  # the slowest of 60 known templates takes 20 ms
MOST_COUNTED = 1_000_000  # numbers that all range() calls of one rendering may give
ROOM = 1_000_000  # characters that a rendering may write beside four times its messages
_NO_TOOLS: dict[str, Any] = {"tools": [], "documents": []}
_NOTHING = {"functions": "", "datetime": ""}


class _Runaway(Exception):
    """The template passed a bound."""


class ChatTemplate:
    """Renders messages into the text of a prompt.

    Raises ModelError when `source` is not Jinja. An empty source stands for a checkpoint without
    a template: a base model, which continues text. It gets the messages as plain lines, since
    marks of a chat format that it never saw (ChatML, say) would be noise to it.
    """

    def __init__(self, source: str, bos: str = "", eos: str = "") -> None:
        self.source = source
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._sandbox = _Sandbox()
        try:
            self._template = self._sandbox.from_string(source)
        except (TemplateError, RecursionError, ValueError) as error:
            raise ModelError(
                f"the checkpoint's chat template is broken: {error}",
                hint="Use another conversion of this checkpoint.",
            ) from error

    def render(
        self,
        messages: Sequence[Message],
        switches: Mapping[str, object] | None = None,
        *,
        parts: bool = False,
    ) -> str:
        """The prompt's text, the opening of the answer included.

        `switches` are further names that the template may ask for, such as enable_thinking.
        `parts` gives each content as a list, for templates that take nothing else.
        Raises Refused when the template refuses the messages, fails, or passes a bound.
        """
        if not self.source.strip():
            return "".join(f"{message.content}\n" for message in messages)
        turns: list[dict[str, object]] = [
            {
                "role": one.role,
                "content": [{"type": "text", "text": one.content}] if parts else one.content,
            }
            for one in messages
        ]
        room = ROOM + 4 * sum(len(message.content) for message in messages)
        return self.render_turns(turns, switches or {}, room=room)

    def render_turns(
        self,
        turns: Sequence[Mapping[str, object]],
        switches: Mapping[str, object],
        *,
        prompt: bool = True,
        room: int = ROOM,
        run_s: float = RUN_S,
    ) -> str:
        """Turns with any fields, as they stand; with `prompt` the opening of an answer follows."""
        values: dict[str, Any] = {
            "messages": [dict(turn) for turn in turns],
            "tools": None,
            "documents": None,
            "add_generation_prompt": prompt,
            **switches,
            **self._marks,
        }
        try:
            return self._run(values, room, run_s)
        except Refused as refused:
            # Templates made for tools alone use them without asking whether there are any.
            if not isinstance(refused.__cause__, UndefinedError | TypeError):
                raise
            return self._run(_NOTHING | values | _NO_TOOLS, room, run_s)

    def asks(self) -> dict[str, tuple[str, ...]]:
        """The names that it takes from outside, and the texts that it compares each with."""
        tree = self._sandbox.parse(self.source)
        found: dict[str, list[str]] = {name: [] for name in meta.find_undeclared_variables(tree)}
        for compared in tree.find_all((nodes.Compare, nodes.Test, nodes.Filter)):
            names = [name.name for name in compared.find_all(nodes.Name)]
            texts = [const.value for const in compared.find_all(nodes.Const)]
            for name in set(names) & set(found):
                found[name] += [text for text in texts if isinstance(text, str)]
        return {name: tuple(dict.fromkeys(texts)) for name, texts in sorted(found.items())}

    def _run(self, values: dict[str, Any], room: int, run_s: float) -> str:
        self._sandbox.begin(room)
        try:
            with _Deadline(run_s):
                return self._sandbox.joined(self._template.generate(values))
        except _Runaway as error:
            raise Refused(f"the checkpoint's chat template {error}") from error
        except MemoryError as error:
            raise Refused("the checkpoint's chat template ran out of memory") from error
        except Exception as error:  # it may raise anything, and it is not our code
            raise Refused(
                f"the checkpoint's chat template refuses these messages: {error}"
            ) from error


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with the names that templates expect and bounds on what they make."""

    intercepted_binops = frozenset({"+", "*", "**", "%", "<<"})

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
        )
        self.code_generator_class = _BoundedCode
        self.filters.update(tojson=_tojson, fromjson=json.loads)
        self.globals.update(
            raise_exception=_raise_exception, strftime_now=_strftime_now, range=self._range
        )
        self._room = ROOM
        self._count = 0

    def begin(self, room: int) -> None:
        """A rendering starts that may write `room` characters."""
        self._room, self._count = room, 0

    def joined(self, parts: Iterable[object]) -> str:
        """All parts as one text."""
        texts: list[str] = []
        length = 0
        for part in parts:
            texts.append(str(part))
            length += len(texts[-1])
            self._bound(length)
        return "".join(texts)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            self._bound(_size(left) * right if isinstance(right, int) else 0)
            self._bound(_size(right) * left if isinstance(left, int) else 0)
        if operator in ("**", "<<"):
            self._bound(0 if abs(right) <= 64 else self._room + 1)
        if operator == "%" and isinstance(left, str):
            self._bound(sum(int(digits) for digits in _numbers(left)))
        made = super().call_binop(context, operator, left, right)
        self._bound(_size(made))
        return made

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        self._count += len(made)
        if self._count > MOST_COUNTED:
            raise _Runaway(f"counts beyond {MOST_COUNTED:,}")
        return made

    def _bound(self, length: int) -> None:
        if length > self._room:
            raise _Runaway(f"writes more than {self._room:,} characters")


class _BoundedCode(CodeGenerator):
    """Compiles `a ~ b`, which no hook of the sandbox sees, to a bounded join."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 — Jinja's name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Generation(Extension):
    """`{% generation %}` marks an answer for training; here its body is simply written."""

    tags = {"generation"}  # noqa: RUF012 — Jinja's class attribute

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Deadline:
    """Raises _Runaway in the running code once the time is over; a loop cannot outlast it.

    A trace function sees every line of the compiled template, in this thread alone and on every
    platform, which neither a signal nor a timer does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    def __enter__(self) -> None:
        self._until = time.monotonic() + self._seconds
        self._before = sys.gettrace()
        sys.settrace(self._watch)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _watch(self, frame: FrameType, event: str, argument: object) -> "_Watch":
        if time.monotonic() > self._until:
            raise _Runaway(f"runs longer than {self._seconds:g} s")
        return self._watch


_Watch = Any  # a trace function returns itself; the type would be recursive


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0


def _numbers(text: str) -> list[str]:
    return "".join(c if c.isdigit() and c.isascii() else " " for c in text).split()


def _tojson(value: Any, indent: int | None = None, ensure_ascii: bool = False) -> str:
    # Not Jinja's own filter, which spells <, > and & as escapes.
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)


def _strftime_now(pattern: str) -> str:
    return datetime.now().astimezone().strftime(pattern)
