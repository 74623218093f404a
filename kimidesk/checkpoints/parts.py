"""Checkpoints that are split over files named `…-00001-of-00003.gguf`."""

import re
from pathlib import Path

from kimidesk.errors import BadCheckpoint

PART = re.compile(r"-(?P<place>\d{5})-of-(?P<count>\d{5})\.gguf(?=$|@)")  # @: of a revision


def parts_of(path: Path) -> tuple[Path, ...]:
    """The files of a split checkpoint in order, or the path alone.

    Raises BadCheckpoint when one of them is missing.
    """
    named = re.search(PART, path.name)
    if not named:
        return (path,)
    stem, count = path.name[: named.start()], int(named["count"])
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
