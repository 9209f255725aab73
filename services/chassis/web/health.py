"""Is it alive, can it work: for orchestrators and for people who operate it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from services.chassis.web.access import is_internal_caller, public
from services.chassis.web.host import current_host
from services.chassis.web.session import current_person

health = Blueprint("health", __name__, url_prefix="/health")


@health.get("/live")
@public
def live() -> dict[str, str]:
    """The process answers. A failure means: restart it."""
    return {"status": "alive"}


@health.get("/started")
@public
def started() -> tuple[dict[str, Any], int]:
    """The process answers and has been able to work since its start. A failure means: start another one.

    A server that is away for a while does not make it fail: no other process would reach it either.
    """
    return ({"status": "started"}, 200) if current_host().runtime.has_been_ready else ready()


@health.get("/ready")
@public
def ready() -> tuple[dict[str, Any], int]:
    """The process can do its work. A failure (503) means: send requests elsewhere for a while.

    Only operators and the machine's own network are told why not.
    """
    problems = current_host().runtime.check_ready()
    if not problems:
        return {"status": "ready"}, 200
    person = current_person()
    told = is_internal_caller() or (person is not None and person.may("operator"))
    return {"status": "not ready", **({"problems": problems} if told else {})}, 503
