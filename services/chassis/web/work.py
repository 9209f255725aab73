"""How a page reads and changes its service's data."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.host import current_host

LOCAL_TIME = ZoneInfo("Europe/Paris")


def runtime() -> Runtime:
    """The runtime of the service that answers the present request."""
    return cast(Runtime, current_host().runtime)


def unit_of_work() -> AbstractContextManager[UnitOfWork]:
    """The transaction of a request that changes something."""
    return runtime().unit_of_work()


def reading() -> AbstractContextManager[Session]:
    """The session of a request that changes nothing."""
    return runtime().read()


def local_today() -> date:
    """The day that it is for the people of the programme."""
    return runtime().clock().astimezone(LOCAL_TIME).date()
