"""What one piece of work is part of: its correlation id and, where a person asked for it, that person.

Set at the edge (a request, a message, a timer) and read where events are recorded and logs are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from structlog.typing import EventDict

from services.chassis.events import new_id
from services.chassis.traceparent import read_traceparent


@dataclass(frozen=True)
class WorkContext:
    """``causation_id`` is the event that is being handled; ``actor`` the person who asked, if one did."""

    correlation_id: UUID
    causation_id: UUID | None = None
    actor: UUID | None = None
    traceparent: str | None = None


_current: ContextVar[WorkContext | None] = ContextVar("work_context", default=None)


def current_context() -> WorkContext:
    """The context of the work under way; work that nobody opened a context for starts a new one."""
    return _current.get() or WorkContext(correlation_id=new_id())


@contextmanager
def work_context(context: WorkContext) -> Iterator[None]:
    """Everything within the block belongs to ``context``, its log lines too."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def correlation_of_log_line(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A log line within a context bears its correlation and trace ids (a processor of structlog)."""
    context = _current.get()
    if context is not None:
        line.setdefault("correlation_id", str(context.correlation_id))
        if context.traceparent and (parent := read_traceparent(context.traceparent)):
            line.setdefault("trace_id", parent.trace_id)
    return line
