"""Catalog entries that a person wrote: `catalog.toml` beside the settings.

["my-model"]
url = "https://example.org/my-model-Q4_K_M.gguf"   # or: hub = "OWNER/REPOSITORY/FILE@REVISION"
sha256 = "…"                                       # checked when it is told
title = "My model"
licence = "Apache-2.0"
"""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from kimidesk.checkpoints.listed import HubSource, Listed
from kimidesk.errors import BadSettings, UsageError

HUB_PREFIX = "hf:"
SUFFIX = ".gguf"
LARGEST = 1 << 20  # bytes of the file
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_PLAIN = re.compile(r"[\w.-]+")  # a name in an address of the hub
_NAME = re.compile(r"[\w.+-]+")


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    url: str = ""
    hub: str = ""
    sha256: str = ""
    title: str = ""
    licence: str = ""
    size_bytes: int = 0

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.hub):
            raise ValueError("an entry has either url or hub")


def read(path: Path) -> dict[str, Listed]:
    """By name; empty without the file. Raises BadSettings for one that cannot be understood."""
    hint = "Mend or delete it."
    try:
        if path.stat().st_size > LARGEST:
            raise BadSettings(f"{path} is larger than {LARGEST:,} bytes", hint=hint)
        told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, _Entry])
        return {name: _entry(name, entry) for name, entry in told.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, RecursionError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}", hint=hint) from error
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path} is no catalog: {error}", hint=hint) from error
    except BadSettings:
        raise
    except UsageError as error:
        raise BadSettings(f"{path} is no catalog: {error.what}", hint=hint) from error


def listed_at(address: str, sha256: str = "") -> Listed:
    """What an address means: `hf:OWNER/REPOSITORY/FILE[@REVISION]`, or one of the web.

    Raises UsageError for an address, or a hash, that is none.
    """
    if sha256 and not _HASH.fullmatch(sha256):
        raise UsageError(f"{sha256[:80]!r} is no SHA-256", hint="It has 64 hexadecimal digits.")
    hub = _hub(address.removeprefix(HUB_PREFIX)) if address.startswith(HUB_PREFIX) else None
    if hub is not None:
        folder, name = hub.repository, hub.file.rpartition("/")[2]
    else:
        parts = urlsplit(address)
        folder, name = parts.hostname or "", unquote(parts.path.rpartition("/")[2])
    if (
        not folder.strip(".")
        or not name.lower().endswith(SUFFIX)
        or "/" in name
        or not name.isprintable()
    ):
        raise UsageError(
            f"{address} does not name a {SUFFIX} file",
            hint="Name one: https://HOST/…/FILE.gguf or hf:OWNER/REPOSITORY/FILE.gguf.",
        )
    file = f"{folder}/{name}"
    url = "" if hub is not None else address
    return Listed(address, name, "", file, 0, sha256.lower(), hub=hub, url=url)


def _hub(named: str) -> HubSource:
    path, _, revision = named.partition("@")
    parts = path.split("/")
    revision = revision or "main"
    names = [*parts, revision]
    if len(parts) < 3 or not all(_PLAIN.fullmatch(each) and each.strip(".") for each in names):
        raise UsageError(
            f"{HUB_PREFIX}{named} is no file of a hub",
            hint="Write hf:OWNER/REPOSITORY/FILE.gguf, with @REVISION behind it if need be.",
        )
    return HubSource("/".join(parts[:2]), revision, "/".join(parts[2:]))


def _entry(name: str, told: _Entry) -> Listed:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name[:80]!r} is no name: letters, digits, and . + - _ make one")
    where = listed_at(told.url or HUB_PREFIX + told.hub, told.sha256)
    size = max(told.size_bytes, 0)
    return Listed(
        name,
        told.title or name,
        told.licence,
        where.file,
        size,
        where.sha256,
        hub=where.hub,
        url=where.url,
    )
