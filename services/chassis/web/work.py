"""How a page reads and changes its service's data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy.orm import Session

from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.host import current_host

_WHOLE_REQUEST = "cesar_unit_of_work"
LOCAL_TIME = ZoneInfo("Europe/Paris")


def runtime() -> Runtime:
    """The runtime of the service that answers the present request."""
    return cast(Runtime, current_host().runtime)


def unit_of_work() -> AbstractContextManager[UnitOfWork]:
    """The transaction of a request that changes something: that of the whole request, where it has one."""
    whole: UnitOfWork | None = g.get(_WHOLE_REQUEST)
    return runtime().unit_of_work() if whole is None else nullcontext(whole)


@contextmanager
def unit_of_work_of_request() -> Iterator[UnitOfWork]:
    """One transaction for all that the request changes, its answer included; an exception undoes all."""
    with runtime().unit_of_work() as work:
        setattr(g, _WHOLE_REQUEST, work)
        try:
            yield work
        finally:
            g.pop(_WHOLE_REQUEST)


def reading() -> AbstractContextManager[Session]:
    """The session of a request that changes nothing."""
    return runtime().read()


def local_today() -> date:
    """The day that it is for the people of the programme."""
    return runtime().clock().astimezone(LOCAL_TIME).date()
