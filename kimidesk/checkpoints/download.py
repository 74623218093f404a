"""Fetching a file over HTTP so that an interrupted fetch goes on where it stopped."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from kimidesk.checkpoints.drafts import READ
from kimidesk.errors import BadCheckpoint

TIMEOUT_S = 30.0
ATTEMPTS = 4  # in a row without a byte
PAUSE_S = 1.0


def download(url: str, draft: Path, size: int, told: Callable[[int, int], None]) -> None:
    """Bring `draft` to `size` bytes, appending to what it holds.

    A connection that breaks is taken up again. Raises BadCheckpoint, and OSError from the disk.
    """
    if not url.startswith(("http://", "https://")):
        raise BadCheckpoint(f"{url} is not an address of the web")
    failed, reason = 0, ""
    while (have := _size(draft)) != size:
        if have > size:
            draft.unlink()
            continue
        if failed == ATTEMPTS:
            raise BadCheckpoint(
                f"{url} cannot be fetched: {reason}",
                hint="Check the network; the same command goes on where this one stopped.",
            )
        if failed:
            time.sleep(PAUSE_S * failed)
        reason = _fetch_rest(url, draft, have, size, told)
        failed = 0 if _size(draft) > have else failed + 1


def _fetch_rest(
    url: str, draft: Path, have: int, size: int, told: Callable[[int, int], None]
) -> str:
    """Append what comes; returns why it ended before its time, or an empty string."""
    request = urllib.request.Request(url, headers={"User-Agent": "kimidesk"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        with error:
            return _refused(url, draft, error)
    except (OSError, http.client.HTTPException) as error:
        return str(getattr(error, "reason", error))
    with response:
        resumes = response.status == http.HTTPStatus.PARTIAL_CONTENT and str(
            response.headers.get("Content-Range", "")
        ).startswith(f"bytes {have}-")
        if have and not resumes:
            have = 0
        with draft.open("ab" if resumes else "wb") as out:
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


def _refused(url: str, draft: Path, error: urllib.error.HTTPError) -> str:
    """What is worth another attempt; raises BadCheckpoint for what is not."""
    if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        draft.unlink(missing_ok=True)
        return "the server's file is shorter than what was fetched before"
    if error.code < 500 and error.code != http.HTTPStatus.TOO_MANY_REQUESTS:
        raise BadCheckpoint(f"{url} answers {error.code} {error.reason}")
    return f"the server answers {error.code} {error.reason}"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
