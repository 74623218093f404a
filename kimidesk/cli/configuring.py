"""Options from a file, and those of a run that goes on: `--config FILE`, `--resume FOLDER`.

The command line wins over the environment (`KIMIDESK_SCORE_LIMIT=50`), which wins over a file.
"""

import difflib
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from kimidesk.errors import UsageError
from kimidesk.store.told import OPTIONS

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "KIMIDESK"
_NOT_KEPT = ("out", "dry_run", "quiet", "as_json")  # of one command, not of the run


def config_options(function: F) -> F:
    """--config and --resume; what they say stands behind the command line."""
    for decorate in reversed(
        (
            click.option(
                "--config",
                type=click.Path(path_type=Path),
                is_eager=True,
                expose_value=False,
                callback=_configure,
                help="A TOML or JSON file of options, named as here; the command line wins.",
            ),
            click.option(
                "--resume",
                type=click.Path(path_type=Path),
                metavar="FOLDER",
                is_eager=True,
                expose_value=False,
                callback=_resume,
                help="Go on with the run in this folder, by the options that it was begun with.",
            ),
        )
    ):
        function = decorate(function)
    return function


def given(context: click.Context) -> dict[str, Any]:
    """What a person told this command, as a file of options holds it; paths are whole."""
    told = {}
    for param in context.command.params:
        name = param.name or ""
        source = context.get_parameter_source(name)
        told_so = param.expose_value and source not in (None, ParameterSource.DEFAULT)
        if not told_so or name in _NOT_KEPT:
            continue
        told[param.opts[0].lstrip("-")] = _plain(context.params[name])
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Path) or (isinstance(value, str) and os.path.isfile(value)):
        return str(Path(value).resolve())
    return value


def _configure(context: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        _stand_behind(context, _read(value), value)


def _resume(context: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is None:
        return
    told = _read(value / OPTIONS) if (value / OPTIONS).is_file() else {}
    _stand_behind(context, {**told, "out": str(value)}, value / OPTIONS)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
        table = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} cannot be read as options: {error}",
            hint='It must be TOML, as in: data = "gsm8k", or JSON where it is called .json.',
        ) from error
    if not isinstance(table, dict):
        raise UsageError(f"{path} holds no table of options")
    return table


def _stand_behind(context: click.Context, table: dict[str, Any], path: Path) -> None:
    """As defaults of the options that they name; raises UsageError for others."""
    named = {
        option.lstrip("-").replace("-", "_"): param
        for param in context.command.params
        for option in param.opts
    }
    values = {}
    for key, value in table.items():
        param = named.get(key.replace("-", "_"))
        if param is None or param.name is None or not param.expose_value:
            near = difflib.get_close_matches(key.replace("-", "_"), named, 1)
            hint = f"Did you mean {near[0].replace('_', '-')}?" if near else ""
            raise UsageError(f"{path} sets {key!r}, which is no option of this command", hint=hint)
        if isinstance(value, dict):
            raise UsageError(f"{path} sets {key!r} to a table; it must be a value")
        values[param.name] = value
    context.default_map = {**values, **(context.default_map or {})}
