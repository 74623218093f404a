"""Runs what a checkpoint wrote, and answers calls of its functions; nothing here is trusted."""

import os
import sys
import types
from typing import Any

from kimidesk.grading.code.inside.limits import limit
from kimidesk.grading.code.inside.values import decoded, encoded, receive, send

ITEMS = 100_000  # of an iterator that is asked for all


class Player:
    """The program's names and what it gave out."""

    def __init__(self) -> None:
        self._objects: list[Any] = []
        self._module = types.ModuleType("__main__")

    def answer(self, asked: Any) -> Any:
        """What a message asks for; raises whatever the program raises."""
        name, *rest = asked
        values = [self._in(value) for value in rest]
        match name, values:
            case "load", [str() as program, list() as names]:
                return self._load(program, names)
            case "call", [function, list() as positional, dict() as named]:
                return self._out(function(*positional, **named))
            case "get", [thing, str() as attribute]:
                return self._out(getattr(thing, attribute))
            case "set", [thing, str() as attribute, value]:
                setattr(thing, attribute, value)
                return None
            case "items", [thing]:
                return self._out([item for item, _ in zip(thing, range(ITEMS), strict=False)])
            case "item", [thing, key]:
                return self._out(thing[key])
            case "length", [thing]:
                return self._out(len(thing))
            case "text", [thing]:
                return self._out(str(thing))
        raise ValueError(name)

    def _load(self, program: str, names: list[str]) -> Any:
        sys.modules["__main__"] = self._module
        exec(compile(program, "<answer>", "exec"), self._module.__dict__)
        names = [name for name in names if name in self._module.__dict__]
        return {name: self._out(self._module.__dict__[name]) for name in names}

    def _in(self, said: Any) -> Any:
        return decoded(said, self._objects.__getitem__)

    def _out(self, value: Any) -> Any:
        return encoded(value, self._keep)

    def _keep(self, thing: Any) -> int:
        self._objects.append(thing)
        return len(self._objects) - 1


def main(cpu_s: int) -> None:
    """Until the referee has closed its end."""
    asking, answering = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    os.chdir("/tmp")
    sys.set_int_max_str_digits(0)
    sys.argv = ["answer.py"]
    limit(cpu_s)
    player = Player()
    while True:
        try:
            asked = receive(asking)
        except EOFError:
            return
        try:
            said = ["value", player.answer(asked)]
        except BaseException as error:  # noqa: BLE001  # SystemExit and its like are answers too
            said = ["raised", type(error).__name__, _text(error)]
        send(answering, said)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except Exception:  # noqa: BLE001  # a __str__ that the program wrote
        return ""
