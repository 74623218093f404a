"""Pictures kept in the data folder under their content's hash: pasted ones, and copies of files.

What a trace was shown can be seen again after the file has moved or changed.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from kimidesk.checkpoints.drafts import left_behind
from kimidesk.errors import StoreError
from kimidesk.records.picture import MOST_BYTES
from kimidesk.settings import data_folder

MOST_KEPT = 4 << 30  # bytes of all of them; what comes then is not copied any more


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that a trace was given. Where there is no `copy`, `reason` says why."""

    path: str
    copy: str = ""
    reason: str = ""


def pictures_folder() -> Path:
    """Where they are; it need not exist."""
    return data_folder() / "pictures"


def keep_picture(png: bytes) -> Path:
    """The file that holds these bytes, written if it is not there yet; raises StoreError.

    The same picture is the same file, so a problem asked twice is the same problem.
    """
    return _kept(png, ".png")


def keep_bytes(raw: bytes, suffix: str) -> Path:
    """The file of this kind that holds these bytes, written if need be; raises StoreError."""
    return _kept(raw, suffix)


def keep_copy(path: str) -> KeptPicture:
    """A copy of a picture file, or why there is none."""
    try:
        if Path(path).stat().st_size > MOST_BYTES:
            return KeptPicture(path, reason=f"it has more than {MOST_BYTES:,} bytes")
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        return KeptPicture(path, reason=getattr(error, "strerror", None) or str(error))
    if _bytes_kept() + len(raw) > MOST_KEPT:
        return KeptPicture(path, reason=f"{pictures_folder()} holds {MOST_KEPT:,} bytes already")
    try:
        return KeptPicture(path, str(_kept(raw, Path(path).suffix.lower())))
    except StoreError as error:
        return KeptPicture(path, reason=error.what)


def holds(path: str, copy: str) -> bool:
    """Whether the file still holds what was copied; raises OSError where it cannot be read."""
    size = Path(path).stat().st_size
    if size > MOST_BYTES:
        return False
    return _digest(Path(path).read_bytes()) == Path(copy).stem


def _digest(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=8).hexdigest()


def _bytes_kept() -> int:
    folder = pictures_folder()
    return sum(each.stat().st_size for each in folder.iterdir()) if folder.is_dir() else 0


def _kept(raw: bytes, suffix: str) -> Path:
    path = pictures_folder() / f"{_digest(raw)}{suffix}"
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        if path.is_file() and path.stat().st_size == len(raw):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in left_behind(path.parent):
            left.unlink(missing_ok=True)
        draft.write_bytes(raw)
        draft.replace(path)
    except OSError as error:
        raise StoreError(
            f"the picture cannot be kept in {path.parent}: {error.strerror}",
            hint="Make room on the disk, or set KIMIDESK_HOME to another one.",
        ) from error
    return path
