"""How servers are spoken to, and how their refusals are put into words."""

import re
import ssl
from functools import cache
from typing import Any

import httpx2
import msgspec

from kimidesk import __version__
from kimidesk.checkpoints.remote.address import Address
from kimidesk.checkpoints.remote.keys import hidden, where_to_put
from kimidesk.errors import BadCheckpoint

CONNECT_S = 10.0
MOST_WORDS = 300  # characters of what a server says
MOST_BYTES = 4 << 20  # of an answer that is read whole
JSON = {"Content-Type": "application/json"}
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # statuses that pass
TOO_MUCH = frozenset({429, 503, 504, 529})  # of them, those of a server that is asked too much


class Unreachable(BadCheckpoint):
    """No answer came, or one that says to come again."""


class Said(msgspec.Struct):
    """One answer, read whole."""

    status: int
    body: bytes = b""
    kind: str = ""  # its content type

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def table(self) -> dict[str, Any]:
        """The JSON object that it holds; {} where it holds none."""
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def headers_of(key: str) -> dict[str, str]:
    """For every request to one server; httpx sends them nowhere else, as redirects are refused."""
    # Nothing is sent compressed: a small answer could then be made to fill the memory.
    told = {"User-Agent": f"kimidesk/{__version__}", "Accept-Encoding": "identity"}
    return told | ({"Authorization": f"Bearer {key}"} if key else {})


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed; read once, for it takes 30 ms."""
    return httpx2.create_ssl_context()


def ask(client: httpx2.Client, method: str, url: str, body: Any = None) -> Said:
    """One exchange; raises Unreachable where no answer comes, BadCheckpoint for one too long."""
    content = None if body is None else msgspec.json.encode(body)
    try:
        with client.stream(method, url, content=content, headers=JSON) as response:
            if wrong := compressed(response):
                raise BadCheckpoint(f"{url} {wrong}")
            raw = bytearray()
            for part in response.iter_bytes():
                raw += part
                if len(raw) > MOST_BYTES:
                    raise BadCheckpoint(
                        f"{url} answers without end; is this the address of an API?"
                    )
            kind = response.headers.get("content-type", "")
            return Said(response.status_code, bytes(raw), kind)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Unreachable(
            f"{url} cannot be reached: {reason_of(error)}",
            hint="Is the server running, and is this its address?",
        ) from error


def compressed(response: httpx2.Response) -> str:
    """What is wrong with an answer that is compressed, unasked; "" for a plain one."""
    coding = response.headers.get("content-encoding", "identity")
    plain = coding.strip().lower() in ("", "identity")
    return "" if plain else f"answers compressed ({coding}), which it was asked not to"


def reason_of(error: Exception, connect_s: float = CONNECT_S) -> str:
    """Why a connection failed, for people; one was waited for so long."""
    if isinstance(error, httpx2.ConnectTimeout):
        return f"no connection within {connect_s:g} s"
    if isinstance(error, httpx2.TimeoutException):
        return "no answer in time"
    return str(error) or type(error).__name__


def words_of(said: Said, key: str) -> str:
    """What a server says is wrong, in one line."""
    told: Any = said.table.get("error", said.table.get("detail", said.table.get("message")))
    if isinstance(told, dict):
        told = told.get("message") or told
    if told is None:
        if b"<html" in said.body[:2000].lower() or "html" in said.kind:
            return "a page for people (HTML), not JSON; is this the address of an API?"
        told = said.body[: 4 * MOST_WORDS].decode("utf-8", "replace")
    line = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", str(told)).strip()
    line = hidden(line, key)
    return line if len(line) <= MOST_WORDS else line[:MOST_WORDS] + "…"


def refused(address: Address, said: Said, key: str, about: str = "") -> BadCheckpoint:
    """An answer that is none, as an error; `about` says what was wanted."""
    what, hint = refusal(address, said, key)
    kind = Unreachable if said.status in AGAIN else BadCheckpoint
    return kind(about + what, hint=hint)


def refusal(address: Address, said: Said, key: str) -> tuple[str, str]:
    """What a status means, and what to do about it."""
    words, status = words_of(said, key), said.status
    told = f": {words}" if words else ""
    if status in (401, 403):
        hint = where_to_put(address) if not key else ""
        return f"{address.host} refuses the {'key' if key else 'request without a key'}{told}", hint
    if 300 <= status < 400:
        return (
            f"{address.host} sends us elsewhere (status {status}), where no key is taken along",
            "Name the address that it means.",
        )
    if status == 404:
        return f"{address.host} knows no such address or model (404){told}", ""
    if status == 429:
        return f"{address.host} is asked too often (429){told}", "Use fewer --slots."
    if status >= 500:
        return f"{address.host} failed (status {status}){told}", "Look at the server's own log."
    return f"{address.host} refused the request (status {status}){told}", ""
