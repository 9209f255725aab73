"""A network that misbehaves: a TCP proxy that delays, falls silent and cuts."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.ports import free_port

_CHUNK = 65_536


class Proxy:
    """Passes connections to `port` of it on to `target` on this machine.

    A connection that has fallen silent stays open and passes nothing any more, in neither direction, for
    ever: to both ends it looks as if the other one had stopped in the middle of a sentence.
    """

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self.delay = 0.0
        """Seconds that each piece of data is held back, in both directions."""
        self.swallows = False
        """Whether new connections are silent from the beginning."""
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._open: list[_Connection] = []
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        """How many connections it passes on at the moment."""
        return sum(not connection.silent for connection in self._open)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", self.port))

    def stop(self) -> None:
        """Stop listening and cut everything."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def silence(self) -> int:
        """Let all connections that are open fall silent for ever; how many there were."""
        silenced: int = self._run(self._silence())
        return silenced

    def cut(self) -> None:
        """Close all connections, as a firewall that restarts does."""
        self._run(self._cut())

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(self, reader, writer)
        self._open.append(connection)
        try:
            await connection.pass_on(self._target)
        finally:
            self._open.remove(connection)

    async def _silence(self) -> int:
        speaking = [connection for connection in self._open if not connection.silent]
        for connection in speaking:
            connection.fall_silent()
        return len(speaking)

    async def _cut(self) -> None:
        for connection in list(self._open):
            connection.cut()

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._cut()
        await asyncio.sleep(0.05)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class _Connection:
    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writers = [writer]
        self._speaking = asyncio.Event()
        self._cut = asyncio.Event()
        if not proxy.swallows:
            self._speaking.set()

    @property
    def silent(self) -> bool:
        return not self._speaking.is_set()

    def fall_silent(self) -> None:
        self._speaking.clear()

    def cut(self) -> None:
        self._cut.set()

    async def pass_on(self, target: int) -> None:
        pumps: list[asyncio.Task[None]] = []
        try:
            if self.silent:
                await self._cut.wait()
                return
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", target)
                self._writers.append(writer)
                pumps = [
                    asyncio.create_task(self._pump(self._reader, writer)),
                    asyncio.create_task(self._pump(reader, self._writers[0])),
                ]
                waiting = asyncio.create_task(self._cut.wait())
                await asyncio.wait([*pumps, waiting], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        finally:
            for pump in pumps:
                pump.cancel()
            for writer in self._writers:
                writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                # What was on its way when the silence fell is never heard of again.
                await self._speaking.wait()
                writer.write(data)
                await writer.drain()
        # The end of a silent connection is not passed on either.
        await self._speaking.wait()


@contextmanager
def proxy_to(target: int) -> Iterator[Proxy]:
    """A proxy that listens until the end."""
    proxy = Proxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
