"""Server-sent events, cut out of bytes as they come: of each its data.

Written here because a token comes in each: the client's own reader costs as much as all the rest.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx2

from kimidesk.errors import ModelError

MOST = 1 << 20  # bytes of one event; a token with its rivals has 2,000


class Events:
    """Takes parts of any size; lines may end in any of the three ways."""

    def __init__(self) -> None:
        self._rest = b""  # of a line that has not ended
        self._data: list[bytes] = []  # lines of an event that has not ended
        self._size = 0

    def feed(self, part: bytes) -> list[str]:
        """The data of the events that end with this part; raises ModelError for one too long."""
        lines = (self._rest + part).splitlines(keepends=True)
        # What ends with a carriage return may go on with the newline that belongs to it.
        self._rest = lines.pop() if lines and lines[-1][-1:] != b"\n" else b""
        found = []
        for line in lines:
            text = line.rstrip(b"\r\n")
            if text.startswith(b"data:"):
                self._data.append(text[5:].removeprefix(b" "))
                self._size += len(text)
            elif not text and self._data:
                found.append(b"\n".join(self._data).decode("utf-8", "replace").strip())
                self._data, self._size = [], 0
        if self._size + len(self._rest) > MOST:
            raise ModelError(f"the server sends no stream of events: one is longer than {MOST:,}")
        return [data for data in found if data]


async def events_of(response: httpx2.Response) -> AsyncGenerator[str]:
    """The data of each event; the bytes are as they were sent, nothing is compressed."""
    events = Events()
    async with aclosing(response.aiter_raw()) as parts:
        async for part in parts:
            for data in events.feed(part):
                yield data
