"""The checkpoints that were opened last, one a line beside the settings."""

import contextlib
from pathlib import Path

from kimidesk.checkpoints.catalog import SCRIPTED, TORCH, entries
from kimidesk.settings import config_folder

KEPT = 8


def recent() -> list[str]:
    """The newest first; files and folders that are gone are left out, servers never."""
    try:
        lines = _file().read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    known = entries()
    return [
        line
        for line in lines
        if "://" in line or line.removeprefix(TORCH) in known or _path(line).exists()
    ]


def remember(ref: str) -> None:
    """Put a path first; a folder that cannot be written costs only the memory."""
    lines = [ref, *(line for line in recent() if line != ref)][:KEPT]
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text("\n".join(lines) + "\n", "utf-8")


def _path(ref: str) -> Path:
    return Path(ref.removeprefix(SCRIPTED).removeprefix(TORCH))


def _file() -> Path:
    return config_folder() / "recent.txt"
