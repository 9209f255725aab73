"""Points of the code at which a process can be made to die, as by `kill -9`.

The production code knows nothing of this: a process under test has its functions wrapped at start, and a
real-time signal makes one point deadly. The process dies when it next passes there.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from services.chassis import inbox
from services.chassis.messaging.broker import AmqpPublisher
from services.chassis.outbox import Answer
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork

POINTS = (
    "before the commit",
    "after the commit",
    "before publishing",
    "after publishing, before marking",
    "after the effect, before acknowledging",
)

_deadly: set[str] = set()


def install() -> None:
    """Wrap the functions of this process, and listen for the signals."""
    UnitOfWork.flush = _dying_after(UnitOfWork.flush, "before the commit")  # type: ignore[method-assign]
    Runtime.unit_of_work = _dying_at_the_end_of(  # type: ignore[method-assign]
        Runtime.unit_of_work, "after the commit"
    )
    AmqpPublisher.send = _dying_around(AmqpPublisher.send)  # type: ignore[method-assign]
    inbox.handle = _dying_after(inbox.handle, "after the effect, before acknowledging")
    for index, point in enumerate(POINTS):
        signal.signal(signal.SIGRTMIN + index, lambda *_, point=point: _deadly.add(point))


def make_deadly(pid: int, point: str) -> None:
    """Let the process with this id die when it next passes ``point``."""
    os.kill(pid, signal.SIGRTMIN + POINTS.index(point))


def _pass(point: str) -> None:
    if point in _deadly:
        os.kill(os.getpid(), signal.SIGKILL)


def _dying_around(send: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(send)
    def wrapped(*arguments: Any) -> Answer:
        _pass("before publishing")
        return _dying_after(send(*arguments), "after publishing, before marking")

    return wrapped


def _dying_after(function: Callable[..., Any], point: str) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        _pass(point)
        return result

    return wrapped


def _dying_at_the_end_of(function: Callable[..., Any], point: str) -> Callable[..., Any]:
    @contextmanager
    @wraps(function)
    def wrapped(*arguments: Any, **named: Any) -> Iterator[Any]:
        with function(*arguments, **named) as value:
            yield value
        _pass(point)

    return wrapped
