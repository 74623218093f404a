"""Files in the making, beside the finished ones, and how one becomes the other.

A draft carries the process id of its writer in its name, so two processes never write the same
one; that of a dead process is taken over by renaming it, which only one of them can do. A file
gets its true name whole and verified, or never.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kimidesk.checkpoints.listed import Listed
from kimidesk.errors import BadCheckpoint

WRONG = ".wrong"
READ = 1 << 20  # bytes at a time


def draft_of(path: Path) -> Path:
    """This process's draft of `path`; what a dead process left is in it already."""
    own = path.with_name(f"{path.name}.{os.getpid()}.part")
    for other in sorted(path.parent.glob(f"{path.name}.*.part")):
        if own.exists():
            break
        if writer_is_gone(other):
            try:
                other.rename(own)
                tag_of(other).rename(tag_of(own))
            except FileNotFoundError:
                continue  # another process was quicker, or there is no tag
    return own


def sha256_of(path: Path) -> str:
    """Of the whole file; raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ):
            digest.update(block)
    return digest.hexdigest()


def tag_of(draft: Path) -> Path:
    """Beside a draft: which version of the file it is a part of."""
    return draft.with_name(f"{draft.name}.tag")


def finish(draft: Path, listed: Listed, path: Path) -> Path:
    """Give a verified draft its true name; a wrong one is kept apart and raises BadCheckpoint."""
    found = sha256_of(draft)
    if listed.sha256 and found != listed.sha256:
        apart = keep_apart(draft, path)
        raise BadCheckpoint(
            f"the fetched {path.name} is not the file that was asked for"
            f" (SHA-256 {found[:12]}…, expected {listed.sha256[:12]}…); it is kept as {apart.name}",
            hint="Try again; if it stays so, the source has changed or is not to be trusted.",
        )
    draft.replace(path)
    return path


def keep_apart(draft: Path, path: Path) -> Path:
    """Give what was fetched a name that no one takes for a checkpoint."""
    apart = path.with_name(f"{path.name}{WRONG}")
    draft.replace(apart)
    return apart


@contextmanager
def writing(folder: Path, needed: int) -> Iterator[None]:
    """Within it, a full disk and a folder that cannot be written become one BadCheckpoint."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise OSError(errno.ENOSPC, "No space left on device")
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BadCheckpoint(
                f"the disk is full: {folder} needs {needed / 1e6:,.0f} MB free",
                hint="Make room, or move the cache by setting KIMIDESK_HOME.",
            ) from error
        raise BadCheckpoint(
            f"{folder} cannot be written: {error.strerror or error}",
            hint="Mend its rights, or move the cache by setting KIMIDESK_HOME.",
        ) from error


def writer_is_gone(draft: Path) -> bool:
    """Whether the process whose id is in the name `….PID.SUFFIX` no longer lives."""
    process = draft.name.split(".")[-2]
    return not (process.isdecimal() and psutil.pid_exists(int(process)))


def left_behind(folder: Path) -> list[Path]:
    """Drafts `….PID.tmp` in a folder that processes which no longer live were writing."""
    return [draft for draft in folder.glob("*.*.tmp") if writer_is_gone(draft)]
