"""Jinja's sandbox with the names that chat templates expect, and bounds on all that they make.

Only what is known to be bounded is at hand: filters and methods are listed, not forbidden. A
value is weighed when an operator, a literal, a call, a filter or a block makes it.
"""

import json
import string
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from jinja2 import pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.ext import loopcontrols
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kimidesk.reading.compiling import BoundedCode, Generation, SilentNamespace
from kimidesk.reading.measuring import (
    bits,
    numbers,
    raise_exception,
    rounded,
    strftime_now,
    summed,
    times,
    too_long,
)
from kimidesk.reading.spending import Ledger

# fmt: off
_FILTERS = frozenset({
    "abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first",
    "float", "forceescape", "format", "groupby", "indent", "int", "items", "join", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse",
    "round", "safe", "select", "selectattr", "sort", "string", "sum", "title", "tojson", "trim",
    "truncate", "unique", "upper", "urlencode", "wordcount",
})
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum",
        "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
        "isspace", "istitle", "isupper", "join", "lower", "lstrip", "partition", "removeprefix",
        "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
        "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }),
    dict: frozenset({"copy", "get", "items", "keys", "values"}),
    list: frozenset({"copy", "count", "index"}),
    tuple: frozenset({"count", "index"}),
    bytes: frozenset(), int: frozenset(), float: frozenset({"is_integer"}), type: frozenset(),
}
# fmt: on


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one template; `begin` starts a rendering."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class: type[CodeGenerator]

    def __init__(self) -> None:
        # Not optimized: it would run constant filters while it compiles, before any bound.
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            finalize=_finalized,
            extensions=[loopcontrols, Generation],
        )
        self.code_generator_class = BoundedCode
        self.concat = self.joined  # type: ignore[method-assign]
        self.ledger = Ledger(0)
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters.update(tojson=self._tojson, fromjson=json.loads, sum=summed, round=rounded)
        self.filters.update(join=self._join, replace=self._replace, indent=self._indent)
        self.filters.update(format=self._format)
        self.filters = {name: self._paid(made) for name, made in self.filters.items()}
        del self.globals["lipsum"]
        self.globals.update(
            raise_exception=raise_exception,
            strftime_now=strftime_now,
            range=self._range,
            namespace=SilentNamespace,
        )

    def begin(self, room: int) -> None:
        """A rendering starts that may write `room` characters."""
        self.ledger = Ledger(room)

    def joined(self, parts: Iterable[object]) -> str:
        """All parts as one text."""
        texts: list[str] = []
        length = 0
        for part in parts:
            texts.append(self.text(part))
            length += len(texts[-1])
            self.ledger.hold(length)
        self.ledger.made(length)
        return "".join(texts)

    def text(self, value: object) -> str:
        """A value as it is written."""
        return value if isinstance(value, str) else str(self.ledger.keep(str(value)))

    def keep(self, value: Any) -> Any:
        """A literal container, weighed."""
        return self.ledger.keep(value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            if isinstance(left, int) and isinstance(right, int):
                self.ledger.hold(too_long(left.bit_length() + right.bit_length()))
            else:
                self.ledger.hold(times(left, right) or times(right, left))
        if operator == "**":
            self.ledger.hold(too_long(bits(left) * abs(right)))
        if operator == "%" and isinstance(left, str):
            self._formats(left, right)
        return self.ledger.keep(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 — as Jinja's
        text, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(text, str):
            if name == "format":
                __self._fields(text, (args, kwargs))
            if name == "replace":
                __self._replaced(text, *args)
            if name == "join":
                args = ([__self.text(part) for part in args[0]],)
                __self._joins(text, args[0])
        return __self.ledger.keep(super().call(__context, __obj, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        for kind, names in _METHODS.items():
            if isinstance(obj, kind):
                return attr in names
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        if getattr(value, "__name__", "") == "format_map":
            return None  # then it is an attribute that is not listed
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            wrapped.__self__ = value.__self__  # type: ignore[attr-defined]
        return wrapped

    def _paid(self, made: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(made)
        def paid(*args: Any, **kwargs: Any) -> Any:
            return self.ledger.keep(made(*args, **kwargs))

        return paid

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        self.ledger.counted(len(made))
        return made

    def _formats(self, pattern: str, values: object) -> None:
        """A pattern of % is about to be filled."""
        stars = pattern.count("*") and isinstance(values, tuple) and values
        widths = [abs(value) for value in stars or () if isinstance(value, int)]
        self.ledger.hold(sum(widths) + sum(map(int, numbers(pattern))))
        self.ledger.hold(len(pattern) + pattern.count("%") * self.ledger.weigh(values))

    def _fields(self, pattern: str, values: object) -> None:
        """A pattern of braces is about to be filled."""
        for _, name, spec, _ in string.Formatter().parse(pattern):
            # A width from a value could be any number.
            self.ledger.hold(float("inf") if "{" in (spec or "") or "{" in (name or "") else 0)
        self.ledger.hold(sum(map(int, numbers(pattern))))
        self.ledger.hold(len(pattern) + pattern.count("{") * self.ledger.weigh(values))

    def _format(self, pattern: Any, *args: Any, **kwargs: Any) -> str:
        pattern = self.text(pattern)
        self._formats(pattern, kwargs or args)
        return str(pattern % (kwargs or args))

    def _replaced(self, text: str, old: Any, new: Any, *_: Any) -> None:
        if isinstance(old, str) and isinstance(new, str):
            self.ledger.hold(len(text) + text.count(old) * len(new))

    def _replace(self, text: Any, old: str, new: str, count: int = -1) -> str:
        text = self.text(text)
        self._replaced(text, old, new)
        return str(text.replace(old, new, -1 if count is None else count))

    def _joins(self, mark: str, texts: list[str]) -> None:
        self.ledger.hold(sum(map(len, texts)) + len(mark) * len(texts))

    def _join(self, parts: Iterable[Any], d: Any = "", attribute: str | int | None = None) -> str:
        if attribute is not None:
            parts = [
                self.getitem(part, attribute)
                if isinstance(attribute, int)
                else self.getattr(part, attribute)
                for part in parts
            ]
        texts, length = [], 0
        for part in parts:
            texts.append(self.text(part))
            length += len(texts[-1])
            self.ledger.hold(length)
        self._joins(self.text(d), texts)
        return self.text(d).join(texts)

    def _indent(
        self, text: Any, width: int | str = 4, first: bool = False, blank: bool = False
    ) -> str:
        margin = width if isinstance(width, str) else ""
        if isinstance(width, int):
            self.ledger.hold(width)
            margin = " " * width
        lines = self.text(text).split("\n")
        self.ledger.hold(len(lines) * (len(margin) + 1))
        return "\n".join(
            margin + line if (number or first) and (line or blank) else line
            for number, line in enumerate(lines)
        )

    def _tojson(
        self,
        value: Any,
        indent: int | str | None = None,
        ensure_ascii: bool = False,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        # Not Jinja's own filter, which spells <, > and & as escapes.
        self.ledger.weigh(value)
        self.ledger.hold(len(indent) if isinstance(indent, str) else indent or 0)
        encoder = json.JSONEncoder(
            ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )
        return self.joined(encoder.iterencode(value))


@pass_eval_context
def _finalized(context: EvalContext, value: object) -> str:
    """What `{{ value }}` writes; asking for the context keeps the compiler from running it."""
    sandbox = context.environment
    assert isinstance(sandbox, Sandbox)
    return sandbox.text(value)
