"""Checkpoints that are split over files named `…-00001-of-00003.gguf`."""

import re
from pathlib import Path

from kimidesk.errors import BadCheckpoint


def parts_of(path: Path) -> tuple[Path, ...]:
    """The files of a split checkpoint in order, or the path alone.

    Raises BadCheckpoint when one of them is missing.
    """
    named = re.fullmatch(r"(.*)-(\d{5})-of-(\d{5})\.gguf", path.name)
    if not named:
        return (path,)
    stem, count = named[1], int(named[3])
    parts = tuple(
        path.with_name(f"{stem}-{n:05d}-of-{count:05d}.gguf") for n in range(1, count + 1)
    )
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise BadCheckpoint(
            f"{path.name} is one of {count} files, and {', '.join(missing[:3])} is missing",
            hint=f"Put all {count} files into {path.parent}.",
        )
    return parts or (path,)
