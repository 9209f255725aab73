"""What a container is asked every few seconds: each time a process of its own that imports next to none."""

from __future__ import annotations

import http.client
import json
import os
import sys
from typing import Any

from services.chassis.web.prefixes import service_prefix
from services.console.installed import installed_names

WEB, WORKER = "web", "worker"
# Where the pages are served unless somebody says otherwise.
WEB_BIND = "127.0.0.1:8000"
# Shorter than the time that a container's health command is given, in seconds.
_PATIENCE = 4.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "::1", "": "127.0.0.1"}


def tell_health(kind: str, name: str | None = None) -> int:
    """Say whether a service's web or worker process is well; the exit code. ``name`` is needed where several
    are installed."""
    problem = _problem(kind, name)
    print(problem or f"The {kind} process is well.", file=sys.stderr if problem else sys.stdout)
    return 1 if problem else 0


def _problem(kind: str, name: str | None) -> str | None:
    """Why the process is not well; None when it is."""
    services = [name] if name else installed_names()
    if len(services) != 1:
        return f"Say which service is asked: {', '.join(services)}."
    [service] = services
    bind = os.environ.get("CESAR_BIND") or WEB_BIND
    prefix = service_prefix(service)
    if kind == WORKER:
        # Reading settings takes longer than asking: a web process is asked without.
        from services.chassis.settings import BadSettings, given_settings

        try:
            bind, prefix = given_settings(service, os.environ).get("watch_bind", ""), ""
        except BadSettings as error:
            return str(error)
    if not bind:
        return "CESAR_WATCH_BIND is not set: this worker tells nobody how it is."
    try:
        return _answer(bind, f"{prefix}/health/started")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"The {kind} process of {service} does not answer at {bind}: {error}."


def _answer(bind: str, path: str) -> str | None:
    host, _, port = bind.rpartition(":")
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), int(port), timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
    finally:
        connection.close()
    return None if answer.status == 200 else " ".join(body.get("problems") or [f"HTTP {answer.status}."])
