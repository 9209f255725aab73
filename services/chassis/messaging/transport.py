"""Reading from the broker in as few system calls as there are pieces on the wire.

The client library asks the system nine times for each message, for exactly the bytes that come next; that
was half of what it costs to receive one.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from amqp.exceptions import UnexpectedFrame
from amqp.transport import TCPTransport
from kombu.transport import pyamqp

_FRAME = Struct(">BHI")
_END = 0xCE
_READ_SIZE = 128 * 1024


class ReadAheadTransport(TCPTransport):
    """A socket from which everything is read that has arrived, frame by frame."""

    def _setup_transport(self) -> None:
        super()._setup_transport()
        self._arrived = b""
        self._position = 0

    def read_frame(self, unpack: Any = None) -> tuple[int, int, bytes]:
        """Type, channel and payload of the next frame (AMQP 0-9-1, section 2.3.5).

        Raises as the socket does when its time is over; what has arrived until then is kept.
        """
        while (frame := self.arrived_frame()) is None:
            self._read_more()
        return frame

    def arrived_frame(self) -> tuple[int, int, bytes] | None:
        """The next frame if all of it has arrived. Raises UnexpectedFrame."""
        begin = self._position + _FRAME.size
        if len(self._arrived) <= begin:
            return None
        kind, channel, size = _FRAME.unpack_from(self._arrived, self._position)
        end = begin + size
        if len(self._arrived) <= end:
            return None
        if self._arrived[end] != _END:
            raise UnexpectedFrame(f"A frame of type {kind} does not end where it should.")
        self._position = end + 1
        return kind, channel, self._arrived[begin:end]

    def _read_more(self) -> None:
        try:
            piece = self.sock.recv(_READ_SIZE)
        except (TimeoutError, BlockingIOError):
            raise
        except OSError:
            self.connected = False
            raise
        if not piece:
            self.connected = False
            raise OSError("The broker has closed the connection.")
        self._arrived = self._arrived[self._position :] + piece
        self._position = 0


class _Connection(pyamqp.Connection):
    def blocking_read(self, timeout: float | None = None) -> Any:
        """Handle one frame. What has arrived is read without setting the time that nobody will wait."""
        frame = self.transport.arrived_frame()
        return super().blocking_read(timeout) if frame is None else self.on_inbound_frame(frame)

    def Transport(
        self,
        host: str,
        connect_timeout: float,
        ssl: Any = False,
        read_timeout: float | None = None,
        write_timeout: float | None = None,
        socket_settings: Any = None,
        **options: Any,
    ) -> ReadAheadTransport:
        return ReadAheadTransport(
            host,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            write_timeout=write_timeout,
            socket_settings=socket_settings,
            **options,
        )


class ReadAhead(pyamqp.Transport):
    """kombu's transport for RabbitMQ without TLS, on connections that read ahead."""

    Connection = _Connection
