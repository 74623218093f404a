"""Pictures that came from no file: kept in the data folder under their content's hash."""

import hashlib
import os
from pathlib import Path

from kimidesk.checkpoints.drafts import left_behind
from kimidesk.errors import StoreError
from kimidesk.settings import data_folder


def pictures_folder() -> Path:
    """Where they are; it need not exist."""
    return data_folder() / "pictures"


def keep_picture(png: bytes) -> Path:
    """The file that holds these bytes, written if it is not there yet; raises StoreError.

    The same picture is the same file, so a problem asked twice is the same problem.
    """
    name = hashlib.blake2b(png, digest_size=8).hexdigest()
    path = pictures_folder() / f"{name}.png"
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        if path.is_file() and path.stat().st_size == len(png):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in left_behind(path.parent):
            left.unlink(missing_ok=True)
        draft.write_bytes(png)
        draft.replace(path)
    except OSError as error:
        raise StoreError(
            f"the picture cannot be kept in {path.parent}: {error.strerror}",
            hint="Make room on the disk, or set KIMIDESK_HOME to another one.",
        ) from error
    return path
