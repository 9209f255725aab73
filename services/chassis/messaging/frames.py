"""Publications in the bytes of AMQP, so that a whole window of them is one write to the socket.

The client library packs and sends message by message, at 60 µs each, which is most of what a relay costs.

Source: AMQP 0-9-1, sections 2.3.5 (frame details), 4.2 (grammar) and "basic.publish" of its reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from struct import Struct, pack
from typing import Any

from amqp.serialization import dumps

_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_BASIC, _PUBLISH = 60, 40
_MANDATORY = 1
_PERSISTENT = 2
_FRAME = Struct(">BHI")
_CONTENT = Struct(">HHQH")
# Which properties follow, in this order: content type, headers, delivery mode, message id.
_PROPERTIES = 1 << 15 | 1 << 13 | 1 << 12 | 1 << 7
# Type, channel and size before a frame's payload, and the mark at its end.
_AROUND = 8


def publication(
    channel: int,
    frame_max: int,
    *,
    exchange: str,
    routing_key: str,
    content_type: str,
    headers: tuple[tuple[str, Any], ...],
    message_id: str,
    body: bytes,
) -> bytes:
    """A persistent, mandatory message, ready to be written to the connection's socket.

    ``frame_max`` is the greatest size of a frame that was agreed with the broker, in bytes.
    """
    first = _short_string(content_type) + _table(headers) + bytes([_PERSISTENT])
    properties = first + _short_string(message_id)
    content = _CONTENT.pack(_BASIC, 0, len(body), _PROPERTIES) + properties
    parts = [_method(channel, exchange, routing_key), _frame(_HEADER, channel, content)]
    parts.extend(_frame(_BODY, channel, piece) for piece in _pieces(body, frame_max - _AROUND))
    return b"".join(parts)


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return _FRAME.pack(kind, channel, len(payload)) + payload + _END


@lru_cache(maxsize=1000)
def _method(channel: int, exchange: str, routing_key: str) -> bytes:
    arguments = _short_string(exchange) + _short_string(routing_key) + bytes([_MANDATORY])
    return _frame(_METHOD, channel, pack(">HHH", _BASIC, _PUBLISH, 0) + arguments)


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    for begin in range(0, len(body), size):
        yield body[begin : begin + size]


@lru_cache(maxsize=100)
def _table(headers: tuple[tuple[str, Any], ...]) -> bytes:
    return bytes(dumps("F", [dict(headers)]))


def _short_string(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded
