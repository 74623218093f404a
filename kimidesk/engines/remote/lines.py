"""Many streams at once: one thread with an event loop, and a queue of what has come."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any, NamedTuple

import httpx2
import msgspec

from kimidesk.checkpoints.remote import Address
from kimidesk.checkpoints.remote.keys import hidden
from kimidesk.checkpoints.remote.talk import (
    JSON,
    MOST_BYTES,
    Said,
    compressed,
    headers_of,
    reason_of,
    refusal,
    trusted,
)
from kimidesk.engines.remote.chunks import Chunk, Reader
from kimidesk.engines.remote.events import events_of
from kimidesk.engines.remote.pace import Pace
from kimidesk.engines.remote.patience import AGAIN, Patience
from kimidesk.engines.remote.ways import Way
from kimidesk.errors import ModelError

DONE = "[DONE]"
MOST_RATED = 64 << 20  # bytes of a rated text; 1,000 tokens with 20 rivals have about 1 MB
COUNT_S = 2.0  # after its end a stream may still count its tokens


class Came(NamedTuple):
    """Something happened on one line; exactly one of a line's has `over`."""

    line: int
    chunk: Chunk = Chunk()
    over: bool = False
    trouble: str = ""  # with `over`: why it ended before its time


class _AskAgain(Exception):
    def __init__(self, what: str, retry_after: str = "") -> None:
        super().__init__(what)
        self.retry_after = retry_after


class Lines:
    """Requests to one server. `came` is read by the engine's thread."""

    def __init__(
        self, address: Address, key: str, patience: Patience, pace: Pace, most: int
    ) -> None:
        self._address, self._key = address, key
        self._patience, self._pace = patience, pace
        self._most = most
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._not_before = 0.0  # the loop's time; a server that is asked too often rests all lines
        self.came: queue.SimpleQueue[Came | None] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._thread.start()

    def begin(self, line: int, way: Way, body: dict[str, Any]) -> None:
        """Send a request; what comes of it is put on the queue."""
        self._loop.call_soon_threadsafe(self._begin, line, way, msgspec.json.encode(body))

    def end(self, line: int) -> None:
        """Close the connection at once; nothing is told of this line that is not told yet."""
        self._loop.call_soon_threadsafe(self._end, line)

    def close(self) -> None:
        """Close everything and end the thread."""
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()

    def _run(self) -> None:
        patience = self._patience
        self._client = httpx2.AsyncClient(
            headers=headers_of(self._key),
            timeout=httpx2.Timeout(None, connect=patience.connect_s),
            limits=httpx2.Limits(max_connections=self._most),
            follow_redirects=False,  # the key is for this host alone
            verify=trusted(),
        )
        self._loop.run_forever()
        self._loop.run_until_complete(self._client.aclose())
        self._loop.close()

    def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        waiting = asyncio.gather(*self._tasks.values(), return_exceptions=True)
        waiting.add_done_callback(lambda _: self._loop.stop())

    def _begin(self, line: int, way: Way, body: bytes) -> None:
        task = self._loop.create_task(self._serve(line, way, body))
        self._tasks[line] = task
        task.add_done_callback(lambda _: self._tasks.pop(line, None))

    def _end(self, line: int) -> None:
        if (task := self._tasks.get(line)) is not None:
            task.cancel()

    async def _serve(self, line: int, way: Way, body: bytes) -> None:
        try:
            trouble = await self._tried(line, way, body)
        except Exception as error:  # noqa: BLE001 — told to the trace, which ends with it
            trouble = f"a fault of our own: {type(error).__name__}: {error}"
        # A server, or what stands before it, may say the key back to us.
        self.came.put(Came(line, over=True, trouble=hidden(trouble, self._key)))

    async def _tried(self, line: int, way: Way, body: bytes) -> str:
        """Ask until there is an answer; why there is none."""
        trouble = ""
        for failed in range(1, self._patience.tries + 1):
            await self._turn()
            try:
                await self._exchange(line, way, body)
                return ""
            except _AskAgain as error:
                trouble = f"{error} (asked {failed} times)" if failed > 1 else str(error)
                if failed < self._patience.tries:
                    pause = self._patience.pause(failed, error.retry_after)
                    if error.retry_after:
                        self._not_before = max(self._not_before, self._loop.time() + pause)
                    await asyncio.sleep(pause)
            except (ModelError, httpx2.HTTPError) as error:
                return error.what if isinstance(error, ModelError) else reason_of(error)
        return trouble

    async def _turn(self) -> None:
        """Wait until another request may begin."""
        while (wait := max(self._pace.wait_s(), self._not_before - self._loop.time())) > 0:
            await asyncio.sleep(wait)
        self._pace.began()

    async def _exchange(self, line: int, way: Way, body: bytes) -> None:
        url = f"{self._address.base}/{way.path}"
        request = self._client.build_request("POST", url, content=body, headers=JSON)
        host = self._address.host
        try:
            async with asyncio.timeout(self._patience.first_s):
                response = await self._client.send(request, stream=True)
        except TimeoutError as error:
            raise ModelError(self._silent(first=True)) from error
        except httpx2.TransportError as error:
            why = reason_of(error, self._patience.connect_s)
            raise _AskAgain(f"{host} cannot be reached: {why}") from error
        try:
            if wrong := compressed(response):
                raise ModelError(f"{host} {wrong}")
            if response.status_code != 200:
                await self._refuse(response)
            if way.streams:
                async with aclosing(events_of(response)) as events:
                    await self._read(line, way.reader(), response, events)
            else:
                said = await self._whole(response, MOST_RATED)
                text = said.body.decode("utf-8", "replace")
                self.came.put(Came(line, way.reader().read(text)))
        finally:
            await response.aclose()

    async def _refuse(self, response: httpx2.Response) -> None:
        try:
            said = await self._whole(response)
        except ModelError:
            if response.status_code not in AGAIN:
                raise
            said = Said(response.status_code)
        what, _ = refusal(self._address, said, self._key)
        if response.status_code in AGAIN:
            raise _AskAgain(what, response.headers.get("retry-after", ""))
        raise ModelError(what)

    async def _whole(self, response: httpx2.Response, most: int = MOST_BYTES) -> Said:
        raw, wait = bytearray(), self._patience.between_s
        try:
            async with asyncio.timeout(wait):
                async for part in response.aiter_bytes():
                    raw += part
                    if len(raw) > most:
                        break
        except TimeoutError as error:
            host = self._address.host
            raise ModelError(f"{host} did not end its answer within {wait:g} s") from error
        except httpx2.TransportError as error:
            what = f"the connection to {self._address.host} broke: {reason_of(error)}"
            raise ModelError(what) from error
        kind = response.headers.get("content-type", "")
        return Said(response.status_code, bytes(raw), kind)

    async def _read(
        self,
        line: int,
        reader: Reader,
        response: httpx2.Response,
        events: AsyncGenerator[str],
    ) -> None:
        kind = response.headers.get("content-type", "")
        if "event-stream" not in kind:
            said = await self._whole(response)
            what, _ = refusal(self._address, said, self._key)
            if said.table.get("error"):
                raise ModelError(what)
            raise ModelError(f"{self._address.host} answers with {kind or 'no type'}, not a stream")
        begun, host, patience = False, self._address.host, self._patience
        try:
            async with asyncio.timeout(patience.first_s) as limit:
                async for data in events:
                    if data == DONE:
                        return
                    chunk = reader.read(data)
                    begun = begun or bool(chunk.told)
                    if begun:
                        limit.reschedule(self._loop.time() + patience.between_s)
                    if chunk.finish:
                        break
                    self._pace.took(len(chunk.told))
                    self.came.put(Came(line, chunk))
                else:
                    what = f"{host} ended the stream before the answer's end"
                    raise ModelError(what) if begun else _AskAgain(what)
        except TimeoutError as error:
            raise ModelError(self._silent(first=not begun)) from error
        except httpx2.TransportError as error:
            what = f"the connection to {host} broke: {reason_of(error)}"
            raise (ModelError(what) if begun else _AskAgain(what)) from error
        last = chunk if chunk.prompt else await _counted(events, reader, chunk)
        self._pace.took(len(last.told) + last.prompt)
        self.came.put(Came(line, last))

    def _silent(self, *, first: bool) -> str:
        """Which wait was too long."""
        host, patience = self._address.host, self._patience
        if first:
            return f"{host} sent no first token within {patience.first_s:g} s"
        return f"{host} fell silent: no token within {patience.between_s:g} s of the last one"


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
