"""A chat template in a file of its own."""

from pathlib import Path

from kimidesk.errors import BadCheckpoint

LARGEST = 4 << 20  # bytes; the largest known has 17 kB


def read_template(path: Path) -> str:
    """Its Jinja source; raises BadCheckpoint."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        why = getattr(error, "strerror", None) or error
        raise BadCheckpoint(f"{str(path)[:200]!r} cannot be read: {why}") from error
    if raw is None:
        raise BadCheckpoint(f"{path} is larger than {LARGEST:,} bytes; no chat template is")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCheckpoint(f"{path} is not UTF-8 text: {error}") from error
