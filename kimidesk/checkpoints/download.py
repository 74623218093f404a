"""Fetching a file over HTTP so that an interrupted fetch goes on where it stopped.

What the server calls this version of the file (ETag, Last-Modified) lies beside the draft; where
the file has changed meanwhile, or nothing tells whether it has, the fetch begins anew.
"""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import msgspec

from kimidesk.checkpoints.drafts import READ, tag_of
from kimidesk.errors import BadCheckpoint

TIMEOUT_S = 30.0
ATTEMPTS = 4  # in a row without a byte
PAUSE_S = 1.0
WEB = ("http://", "https://")

Told = Callable[[int, int], None]


class _Tag(msgspec.Struct):
    """Which version of a file a draft is a part of."""

    etag: str = ""
    modified: str = ""
    size: int = 0

    @property
    def validator(self) -> str:
        """What If-Range may be asked with; "" for none: a weak ETag may not."""
        return self.modified if self.etag.startswith("W/") or not self.etag else self.etag


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to the web alone, and never from an encrypted place to one that is not."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        url: str,
    ) -> urllib.request.Request | None:
        if not url.startswith("https://" if req.full_url.startswith("https://") else WEB):
            raise BadCheckpoint(f"{req.full_url} leads to {url}, which is not fetched from")
        return super().redirect_request(req, fp, code, msg, headers, url)


def download(url: str, draft: Path, told: Told, *, size: int = 0, hashed: bool = False) -> None:
    """Make `draft` the whole file, appending to what it holds.

    `size` in bytes, or 0: the server tells. `hashed`: its content is verified afterwards. A
    connection that breaks is taken up again. Raises BadCheckpoint, and OSError from the disk.
    """
    if not url.startswith(WEB):
        raise BadCheckpoint(f"{url} is not an address of the web")
    failed, reason = 0, ""
    while not (have := _size(draft)) or have != (_read(draft).size or size):
        if failed == ATTEMPTS:
            raise BadCheckpoint(
                f"{url} cannot be fetched: {reason}",
                hint="Check the network; the same command goes on where this one stopped.",
            )
        if failed:
            time.sleep(PAUSE_S * failed)
        tag = _read(draft)
        if have > (tag.size or size) > 0 or not (hashed or tag.validator):
            draft.unlink(missing_ok=True)
            have = 0
        reason = _fetch_rest(url, draft, have, told, size=size, hashed=hashed)
        failed = 0 if _size(draft) > have else failed + 1
    tag_of(draft).unlink(missing_ok=True)


def _fetch_rest(url: str, draft: Path, have: int, told: Told, *, size: int, hashed: bool) -> str:
    """Append what comes; returns why it ended before its time, or an empty string."""
    before = _read(draft)
    headers = {"User-Agent": "kimidesk", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if before.validator:
            headers["If-Range"] = before.validator
    try:
        opener = urllib.request.build_opener(_Redirects)
        response = opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        with error:
            return _refused(url, draft, error)
    except (OSError, http.client.HTTPException) as error:
        return str(getattr(error, "reason", error))
    with response:
        tag = _tag(response, have)
        resumes = response.status == http.HTTPStatus.PARTIAL_CONTENT
        if resumes and not _continues(response, have, before, tag):
            draft.unlink(missing_ok=True)
            return "the server's file is another one than before"
        if size and tag.size not in (0, size):
            return f"it has {tag.size:,} bytes; it must have {size:,}"
        if response.headers.get("Content-Length") == "0":
            raise BadCheckpoint(f"{url} is empty")
        if not (tag.size or size):
            return _endless(url, response, draft, told, hashed=hashed)
        tag_of(draft).write_bytes(msgspec.json.encode(tag))
        return _write(response, draft, told, have if resumes else 0, tag.size or size)


def _write(response: Any, draft: Path, told: Told, have: int, size: int) -> str:
    with draft.open("ab" if have else "wb") as out:
        while have < size:
            try:
                block = response.read(min(READ, size - have))
            except (OSError, http.client.HTTPException) as error:
                return str(error) or type(error).__name__
            if not block:
                return f"it ended after {have:,} of {size:,} bytes"
            out.write(block)
            have += len(block)
            told(have, size)
    return ""


def _endless(url: str, response: Any, draft: Path, told: Told, *, hashed: bool) -> str:
    """A file whose length nobody tells: only its hash can show that it came whole."""
    if not hashed:
        raise BadCheckpoint(
            f"{url} does not say how long it is, so half of it would look whole",
            hint="Give its hash: --sha256 HEX.",
        )
    size = 0
    with draft.open("wb") as out:
        try:
            while block := response.read(READ):
                out.write(block)
                size += len(block)
                told(size, size)
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
    tag_of(draft).write_bytes(msgspec.json.encode(_Tag(size=size)))
    return ""


def _tag(response: Any, have: int) -> _Tag:
    told = response.headers
    total = str(told.get("Content-Range", "")).rpartition("/")[2]
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        total = str(told.get("Content-Length", ""))
    size = int(total) if total.isascii() and total.isdecimal() and len(total) < 19 else 0
    return _Tag(str(told.get("ETag", "")), str(told.get("Last-Modified", "")), size)


def _continues(response: Any, have: int, before: _Tag, now: _Tag) -> bool:
    """Whether a part that is sent belongs behind what is here."""
    here = str(response.headers.get("Content-Range", "")).startswith(f"bytes {have}-")
    same = before.etag == now.etag or not (before.etag and now.etag)
    return here and same and (before.size == now.size or not (before.size and now.size))


def _refused(url: str, draft: Path, error: urllib.error.HTTPError) -> str:
    """What is worth another attempt; raises BadCheckpoint for what is not."""
    if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        draft.unlink(missing_ok=True)
        return "the server's file is shorter than what was fetched before"
    if error.code < 500 and error.code != http.HTTPStatus.TOO_MANY_REQUESTS:
        raise BadCheckpoint(f"{url} answers {error.code} {error.reason.splitlines()[0]}")
    return f"the server answers {error.code} {error.reason}"


def _read(draft: Path) -> _Tag:
    try:
        return msgspec.json.decode(tag_of(draft).read_bytes(), type=_Tag)
    except (FileNotFoundError, msgspec.DecodeError):
        return _Tag()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
