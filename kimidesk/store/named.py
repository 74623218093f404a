"""The suite that a person means: generated, or read from a file."""

from collections.abc import Mapping
from pathlib import Path

from kimidesk.records import Suite
from kimidesk.store import gym, presets, suites


def suite_of(
    ref: str,
    folder: Path | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    strict: bool = False,
) -> Suite:
    """`gym:TASK?…`, else what `presets.resolve` finds, read; raises BadData, MissingExtra."""
    if ref.startswith(gym.PREFIX):
        return gym.suite_of(ref)
    return suites.read(presets.resolve(ref, folder), mapping=mapping, strict=strict)
