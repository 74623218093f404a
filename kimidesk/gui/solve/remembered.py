"""What a person set the last time: between the settings file and the records that it stands for."""

from dataclasses import asdict, fields, replace
from typing import TypeVar

import msgspec

from kimidesk.errors import BadSettings
from kimidesk.gui.opening.wanted import Wanted, with_adapters
from kimidesk.gui.solve.asked import Asked
from kimidesk.records import Budget, Sampling
from kimidesk.settings import Settings, Values

T = TypeVar("T", Sampling, Budget)
NO_LIMIT = -1


def sampling_of(settings: Settings) -> Sampling:
    """The draw as it was; raises UsageError for what is out of range."""
    return _record("sampling", settings.sampling, Sampling).check()


def budget_of(settings: Settings) -> Budget:
    """The budget as it was; raises UsageError for what is out of range."""
    return _record("budget", settings.budget, Budget).check()


def values_of(record: Sampling | Budget) -> Values:
    """What differs from the defaults; TOML knows no null, so no limit is -1."""
    usual = asdict(type(record)())
    return {
        name: NO_LIMIT if value is None else value
        for name, value in asdict(record).items()
        if value != usual[name]
    }


def kept_of(asked: Asked, thinking: str, ref: str, settings: Settings) -> dict[str, object]:
    """The settings by which the same is asked of the checkpoint `ref` the next time."""
    wanted = Wanted.of(settings, ref)
    beside = with_adapters(wanted.beside, asked.adapters)
    return {
        **replace(wanted, beside=beside).kept_in(settings),
        "sampling": values_of(asked.sampling),
        "budget": values_of(asked.budget),
        "thinking": thinking,
    }


def _record(title: str, values: Values, kind: type[T]) -> T:
    known = {each.name for each in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise BadSettings(
            f"the settings' {title} has no {unknown[0]!r}",
            hint=f"Known: {', '.join(sorted(known))}.",
        )
    limited = kind is Budget
    told = {
        name: None if limited and value == NO_LIMIT else value for name, value in values.items()
    }
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise BadSettings(
            f"the settings' {title}: {error}", hint="Mend the line, or remove it."
        ) from error
