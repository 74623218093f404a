"""Many streams at once: one thread with an event loop, and a queue of what has come."""

import asyncio
import queue
import threading
from typing import Any, NamedTuple

import httpx2
import msgspec

from kimidesk.checkpoints.remote import Address
from kimidesk.checkpoints.remote.keys import hidden
from kimidesk.checkpoints.remote.talk import headers_of, reason_of, trusted
from kimidesk.engines.remote.chunks import Chunk
from kimidesk.engines.remote.exchange import Exchange
from kimidesk.engines.remote.pace import Pace
from kimidesk.engines.remote.patience import Broken, Busy, Patience, Silent
from kimidesk.engines.remote.ways import Way
from kimidesk.engines.remote.window import Window
from kimidesk.errors import ModelError

AHEAD = 256  # chunks of all lines that may wait to be taken; the servers wait beyond them
DRAIN_S = 0.005  # after which it is looked again whether some were taken


class Came(NamedTuple):
    """Something happened on one line; exactly one of a line's has `over`."""

    line: int
    chunk: Chunk = Chunk()
    over: bool = False
    trouble: str = ""  # with `over`: why it ended before its time
    broken: bool = False  # with `trouble`: another request might get on
    lost: bool = False  # with `trouble`: the server is to blame, not what was asked


class _Coming(NamedTuple):
    """Implements `Outlet` for one line; all lines fill the same queue."""

    queue: queue.SimpleQueue[Came | None]
    line: int
    window: Window

    @property
    def full(self) -> bool:
        return self.queue.qsize() >= AHEAD

    async def drained(self) -> None:
        while self.full:
            await asyncio.sleep(DRAIN_S)

    def put(self, chunk: Chunk) -> None:
        self.window.wrote(len(chunk.told))
        self.queue.put(Came(self.line, chunk))


class Lines:
    """Requests to one server. `came` is read by the engine's thread."""

    def __init__(
        self, address: Address, key: str, patience: Patience, pace: Pace, window: Window
    ) -> None:
        self._address, self._key = address, key
        self._patience, self._pace = patience, pace
        self._window = window
        self._under_way = 0
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
        client = httpx2.AsyncClient(
            headers=headers_of(self._key),
            timeout=httpx2.Timeout(None, connect=self._patience.connect_s),
            limits=httpx2.Limits(max_connections=self._window.most),
            follow_redirects=False,  # the key is for this host alone
            verify=trusted(),
        )
        self._freed = asyncio.Condition()
        self._exchange = Exchange(client, self._address, self._key, self._patience, self._pace)
        self._loop.run_forever()
        self._loop.run_until_complete(client.aclose())
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
            last = await self._tried(line, way, body)
        except Exception as error:  # noqa: BLE001 — told to the trace, which ends with it
            trouble = f"a fault of our own: {type(error).__name__}: {error}"
            last = Came(line, over=True, trouble=trouble)
        # A server, or what stands before it, may say the key back to us.
        self.came.put(last._replace(trouble=hidden(last.trouble, self._key)))

    async def _tried(self, line: int, way: Way, body: bytes) -> Came:
        """Ask until there is an answer, or once where the trace sees to that; how it ended."""
        trouble, lost = "", True
        for failed in range(1, self._patience.tries + 1):
            await self._turn()
            try:
                await self._asked(line, way, body)
                return Came(line, over=True)
            except Broken as error:
                pause = self._patience.pause(failed, error.retry_after)
                if error.retry_after:
                    self._not_before = max(self._not_before, self._loop.time() + pause)
                if way.resumes or error.begun:
                    return Came(line, over=True, trouble=error.what, broken=True, lost=True)
                trouble = f"{error.what} (asked {failed} times)" if failed > 1 else error.what
                if failed < self._patience.tries:
                    await asyncio.sleep(pause)
            except (ModelError, httpx2.HTTPError) as error:
                trouble = error.what if isinstance(error, ModelError) else reason_of(error)
                lost = isinstance(error, Silent | httpx2.HTTPError)
                break
        return Came(line, over=True, trouble=trouble, lost=lost)

    async def _asked(self, line: int, way: Way, body: bytes) -> None:
        """One request, while there are not too many; what becomes of it widens or narrows that."""
        async with self._freed:
            await self._freed.wait_for(lambda: self._under_way < self._window.size)
            self._under_way += 1
        self._window.sent(self._under_way)
        try:
            await self._exchange.run(way, body, _Coming(self.came, line, self._window))
            self._window.answered()
        except (Busy, Silent):
            self._window.refused()
            raise
        finally:
            self._under_way -= 1
            async with self._freed:
                self._freed.notify_all()

    async def _turn(self) -> None:
        """Wait until another request may begin."""
        while (wait := max(self._pace.wait_s(), self._not_before - self._loop.time())) > 0:
            await asyncio.sleep(wait)
        self._pace.began()
