"""Suites that reasoning-gym generates: `gym:chain_sum?min_terms=2,size=100,seed=1`."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from typing import Any

import msgspec

from kimidesk.errors import BadData, MissingExtra
from kimidesk.grading.gym.allowed import form_of
from kimidesk.grading.gym.forms import Entry
from kimidesk.grading.gym.judge import Check
from kimidesk.records import Problem, Suite, Task

PREFIX = "gym:"
SIZE, MOST = 100, 100_000  # problems
_PAIR = re.compile(r"(?:[^,\[\]]|\[[^\]]*\])+")  # a comma within brackets divides nothing


def suite_of(spec: str) -> Suite:
    """The problems of `TASK?FIELD=VALUE,…`, with or without `gym:` before it.

    `size` problems (100), drawn with `seed` (0): the same text is the same suite, in one version of
    reasoning-gym.

    Raises BadData for a task that is not allowed or fields it does not have, MissingExtra.
    """
    task, _, rest = spec.removeprefix(PREFIX).partition("?")
    form_of(task)
    config = {"size": SIZE, "seed": 0} | _fields(rest)
    dataset = _dataset(task, config)
    made_by = version("reasoning-gym")
    problems = tuple(_problems(task, dataset, config, made_by))
    digest = hashlib.blake2b(digest_size=8)
    for problem in problems:
        digest.update(f"{problem.number}\0{problem.id}\0{problem.check}\n".encode())
    return Suite(f"{PREFIX}{task}", problems, digest.hexdigest())


def _fields(text: str) -> dict[str, Any]:
    table = {}
    for pair in filter(str.strip, _PAIR.findall(text)):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise BadData(
                f"cannot read {pair.strip()!r} of a generated suite",
                hint="Write gym:TASK?FIELD=VALUE,FIELD=VALUE, as in gym:gcd?size=50,seed=1",
            )
        table[name] = _value(value)
    return table


def _value(text: str) -> Any:
    """JSON, True and False, else the text itself."""
    try:
        return msgspec.json.decode(text.lower() if text in ("True", "False") else text)
    except msgspec.DecodeError:
        return text


def _dataset(task: str, config: Mapping[str, Any]) -> Any:
    size = config["size"]
    if type(size) is not int or not 1 <= size <= MOST:
        raise BadData(f"size is {size}; it must be a whole number from 1 to {MOST:,}")
    factory = _factory()
    known = [field.name for field in fields(factory.DATASETS[task][1])]
    for name in config:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise BadData(f"{task} has no field {name!r}", hint=f"{meant}It has {', '.join(known)}")
    try:
        return factory.create_dataset(task, **config)
    except (AssertionError, TypeError, ValueError) as error:
        raise BadData(f"{task} cannot be made so: {error or 'a value is out of range'}") from error


def _factory() -> Any:
    try:
        import_module("reasoning_gym")  # registers every task
        return import_module("reasoning_gym.factory")
    except ImportError as error:
        raise MissingExtra(
            f"generated suites need reasoning-gym, which cannot be imported ({error})",
            hint="pip install 'kimidesk[gym]'",
        ) from error


def _problems(
    task: str, dataset: Any, config: Mapping[str, Any], made_by: str
) -> Iterator[Problem]:
    for index in range(config["size"]):
        try:
            made = dataset[index]
        except Exception as error:
            raise BadData(
                f"{task} fails at problem {index}: {type(error).__name__}: {error}",
                hint="Ask for other values of its fields.",
            ) from error
        answer, told = str(made["answer"]), made["metadata"]
        entry = Entry(
            answer,
            numbers=list(told["numbers"]) if task == "countdown" else [],
            target=told["target"] if task == "countdown" else 0,
            letters=list(told["letters"]) if task == "palindrome_generation" else [],
        )
        check = Check(task, entry, dict(config), index, made_by)
        yield Problem(
            made["question"].strip(),
            answer,
            name=f"{task}-{index}",
            number=index,
            task=Task.GYM,
            check=msgspec.json.encode(check).decode(),
            subject=task,
        )
