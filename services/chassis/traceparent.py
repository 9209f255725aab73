"""The text by which a trace is handed on, in requests and in events (W3C Trace Context, version 00)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class TraceParent:
    """The trace and the span in it that what follows is a part of; identifiers are hexadecimal."""

    trace_id: str
    span_id: str
    flags: str

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def read_traceparent(text: str) -> TraceParent | None:
    """What the text says; None when it says nothing that the standard allows."""
    found = _FORM.fullmatch(text)
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return None
    return TraceParent(*found.groups())
