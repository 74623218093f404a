"""One exchange with a server: a request, and what comes of it, chunk by chunk."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Protocol

import httpx2

from kimidesk.checkpoints.remote import Address
from kimidesk.checkpoints.remote.talk import (
    AGAIN,
    JSON,
    MOST_BYTES,
    TOO_MUCH,
    Said,
    compressed,
    reason_of,
    refusal,
)
from kimidesk.engines.remote.chunks import Chunk, Reader
from kimidesk.engines.remote.events import events_of
from kimidesk.engines.remote.pace import Pace
from kimidesk.engines.remote.patience import Broken, Busy, Patience, Silent
from kimidesk.engines.remote.ways import Way
from kimidesk.errors import ModelError

DONE = "[DONE]"
MOST_RATED = 64 << 20  # bytes of a rated text; 1,000 tokens with 20 rivals have about 1 MB
COUNT_S = 2.0  # after its end a stream may still count its tokens


class Outlet(Protocol):
    """Where chunks are put until they are taken."""

    @property
    def full(self) -> bool:
        """Whether too many are not taken yet."""
        ...

    async def drained(self) -> None:
        """Return when there is room."""
        ...

    def put(self, chunk: Chunk) -> None:
        """Hand one on."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one server is asked."""

    client: httpx2.AsyncClient
    address: Address
    key: str
    patience: Patience
    pace: Pace

    async def run(self, way: Way, body: bytes, outlet: Outlet) -> None:
        """Ask once. Raises Broken for what may go better another time, ModelError for the rest."""
        response = await self._sent(way, body)
        try:
            if wrong := compressed(response):
                raise ModelError(f"{self.address.host} {wrong}")
            if response.status_code != 200:
                await self._refuse(response)
            if way.streams:
                await self._refuse_whole(response)
                async with aclosing(events_of(response)) as events:
                    await self._read(way.reader(), events, outlet)
            else:
                said = await self._whole(response, MOST_RATED)
                outlet.put(way.reader().read(said.body.decode("utf-8", "replace")))
        finally:
            await response.aclose()

    async def _sent(self, way: Way, body: bytes) -> httpx2.Response:
        url = f"{self.address.base}/{way.path}"
        request = self.client.build_request("POST", url, content=body, headers=JSON)
        try:
            async with asyncio.timeout(self.patience.first_s):
                return await self.client.send(request, stream=True)
        except TimeoutError as error:
            raise Silent(self._silent(first=True)) from error
        except httpx2.TransportError as error:
            why = reason_of(error, self.patience.connect_s)
            raise Broken(f"{self.address.host} cannot be reached: {why}") from error

    async def _refuse(self, response: httpx2.Response) -> None:
        try:
            said = await self._whole(response)
        except ModelError:
            if response.status_code not in AGAIN:
                raise
            said = Said(response.status_code)
        what, _ = refusal(self.address, said, self.key)
        if response.status_code in AGAIN:
            kind = Busy if response.status_code in TOO_MUCH else Broken
            raise kind(what, response.headers.get("retry-after", ""))
        raise ModelError(what)

    async def _refuse_whole(self, response: httpx2.Response) -> None:
        """An answer that is no stream may tell of an error."""
        kind = response.headers.get("content-type", "")
        if "event-stream" in kind:
            return
        said = await self._whole(response)
        what, _ = refusal(self.address, said, self.key)
        if said.table.get("error"):
            raise ModelError(what)
        raise ModelError(f"{self.address.host} answers with {kind or 'no type'}, not a stream")

    async def _whole(self, response: httpx2.Response, most: int = MOST_BYTES) -> Said:
        raw, wait = bytearray(), self.patience.between_s
        try:
            async with asyncio.timeout(wait):
                async for part in response.aiter_bytes():
                    raw += part
                    if len(raw) > most:
                        break
        except TimeoutError as error:
            host = self.address.host
            raise ModelError(f"{host} did not end its answer within {wait:g} s") from error
        except httpx2.TransportError as error:
            what = f"the connection to {self.address.host} broke: {reason_of(error)}"
            raise ModelError(what) from error
        kind = response.headers.get("content-type", "")
        return Said(response.status_code, bytes(raw), kind)

    async def _read(self, reader: Reader, events: AsyncGenerator[str], outlet: Outlet) -> None:
        begun, host, between_s = False, self.address.host, self.patience.between_s
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(self.patience.first_s) as limit:
                async for data in events:
                    if data == DONE:
                        return
                    chunk = reader.read(data)
                    begun = begun or bool(chunk.told)
                    if outlet.full:
                        await _drained(outlet, limit)
                    if begun:
                        limit.reschedule(now() + between_s)
                    if chunk.finish:
                        break
                    self.pace.took(len(chunk.told))
                    outlet.put(chunk)
                else:
                    raise Broken(f"{host} ended the stream before the answer's end")
        except TimeoutError as error:
            what = self._silent(first=not begun)
            raise (Broken(what, begun=True) if begun else Silent(what)) from error
        except httpx2.TransportError as error:
            what = f"the connection to {host} broke: {reason_of(error)}"
            raise Broken(what, begun=begun) from error
        except Broken as error:
            error.begun = begun
            raise
        last = chunk if chunk.prompt else await _counted(events, reader, chunk)
        self.pace.took(len(last.told) + last.prompt)
        outlet.put(last)

    def _silent(self, *, first: bool) -> str:
        """Which wait was too long."""
        host, patience = self.address.host, self.patience
        if first:
            return f"{host} sent no first token within {patience.first_s:g} s"
        return f"{host} fell silent: no token within {patience.between_s:g} s of the last one"


async def _drained(outlet: Outlet, limit: asyncio.Timeout) -> None:
    """Wait for room; the server is not to blame for how long that takes."""
    now, until = asyncio.get_running_loop().time, limit.when()
    assert until is not None
    left = until - now()
    limit.reschedule(None)
    await outlet.drained()
    limit.reschedule(now() + left)


async def _counted(events: AsyncGenerator[str], reader: Reader, last: Chunk) -> Chunk:
    """The last chunk, with the counts of tokens that may follow it; what fails now fails after
    the answer's end, and costs the counts alone."""
    with suppress(TimeoutError, httpx2.TransportError, ModelError):
        async with asyncio.timeout(COUNT_S):
            async for data in events:
                if data == DONE:
                    break
                told = reader.read(data)
                if told.prompt:
                    return last._replace(prompt=told.prompt, written=told.written)
    return last
