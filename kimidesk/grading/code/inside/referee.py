"""Runs the tests of a problem; what they test is in the player, at the other end of a pipe."""

import builtins
import linecache
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from kimidesk.grading.code.inside import values
from kimidesk.grading.code.inside.limits import MEMORY, limit

TESTS = "<tests>"
LONGEST = 300  # characters of a reason


class Lost(BaseException):
    """The player is gone or talks nonsense. No test may catch it."""


class Line:
    """Asks the player."""

    def __init__(self, asking: int, answers: int) -> None:
        self._asking, self._answers = asking, answers

    def raw(self, name: str, *arguments: Any) -> Any:
        """What it says, not decoded; raises what it raised, Lost where it is gone."""
        try:
            said = [values.encoded(argument, self._mine) for argument in arguments]
            values.send(self._asking, [name, *said])
            answer = values.receive(self._answers)
        except (EOFError, OSError):
            raise Lost("the code ended the program before the tests were over") from None
        except (ValueError, RecursionError) as error:
            raise Lost(f"the code gave {error}") from None
        match answer:
            case ["value", value]:
                return value
            case ["raised", str() as kind, str() as text]:
                raise _exception(kind, text)
        raise Lost("the code gave a value that is none")

    def ask(self, name: str, *arguments: Any) -> Any:
        """What it says."""
        return self.decoded(self.raw(name, *arguments))

    def decoded(self, said: Any) -> Any:
        """A plain value, or what stands for an object of the player's."""
        try:
            return values.decoded(said, lambda number: Thing(self, number))
        except (ValueError, TypeError, RecursionError, OverflowError):
            raise Lost("the code gave a value that is none") from None

    def _mine(self, value: Any) -> int:
        if isinstance(value, Thing):
            number: int = object.__getattribute__(value, "_number")
            return number
        raise TypeError(f"a test gives the code a {type(value).__name__}, which is no plain value")


class Thing:
    """An object that the player keeps. It is equal to nothing but itself."""

    def __init__(self, line: Line, number: int) -> None:
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_number", number)

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._line.ask("call", self, list(positional), named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._line.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._line.ask("set", self, name, value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._line.ask("items", self))

    def __getitem__(self, key: Any) -> Any:
        return self._line.ask("item", self, key)

    def __len__(self) -> int:
        return int(self._line.ask("length", self))

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return str(self._line.ask("text", self))


def referee(job: dict[str, Any], line: Line) -> dict[str, str]:
    """`judgement` (right, wrong, error) and `reason`."""
    tests = job["tests"]
    scope: dict[str, Any] = {"__name__": "tests"}
    linecache.cache[TESTS] = (len(tests), None, tests.splitlines(keepends=True), TESTS)
    try:
        compiled = compile(tests, TESTS, "exec")
        exec(job["before"], scope)
    except Exception as error:  # noqa: BLE001  # whatever the data does
        return {"judgement": "error", "reason": f"the tests cannot run: {_reason(error)}"}
    try:
        theirs = _theirs(line.raw("load", job["program"], job["names"]), line)
        scope |= theirs
        entry = job["entry_point"]
        if entry and entry not in theirs:
            return {"judgement": "wrong", "reason": f"the code does not define {entry}"}
        exec(compiled, scope)
        if job["kind"] == "humaneval":
            scope["check"](theirs[entry])
    except Lost as lost:
        return {"judgement": "wrong", "reason": str(lost)}
    except Exception as error:  # noqa: BLE001  # of the code, or of a test
        return {"judgement": "wrong", "reason": _reason(error)}
    return {"judgement": "right", "reason": ""}


def _theirs(found: Any, line: Line) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Lost("the code gave a value that is none")
    return {name: line.decoded(said) for name, said in found.items()}


def _exception(kind: str, text: str) -> Exception:
    known = getattr(builtins, kind, None)
    if isinstance(known, type) and issubclass(known, Exception) and known is not StopIteration:
        try:
            return known(text)
        except TypeError:  # UnicodeDecodeError needs more than a text
            pass
    return RuntimeError(f"{kind}: {text}")


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"memory limit: more than {MEMORY >> 30} GiB"
    lines = [
        f.line for f in traceback.extract_tb(error.__traceback__) if f.filename == TESTS and f.line
    ]
    text = " ".join(f"{type(error).__name__}: {error}".removesuffix(": ").split())
    where = " ".join(lines[-1].split()) if lines else ""
    if isinstance(error, AssertionError) and where:
        return f"failed: {where}"[:LONGEST]
    return (f"{text} in {where}" if where else text)[:LONGEST]


def main(cpu_s: int, asking: int, answers: int) -> None:
    """One job from stdin, one verdict to stdout."""
    verdict = os.dup(1)
    os.dup2(2, 1)  # a test may print
    sys.set_int_max_str_digits(0)
    limit(cpu_s)
    job = values.receive(0)
    values.send(verdict, referee(job, Line(asking, answers)))
