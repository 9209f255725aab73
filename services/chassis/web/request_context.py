"""Each request is one piece of work: its events, its log lines and its response bear one correlation id, and
where traces are on, it is the span in which all that it sets off begins."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter
from uuid import UUID

import structlog
from flask import Flask, Response, g, request

from services.chassis.context import WorkContext, current_context, work_context
from services.chassis.events import new_id
from services.chassis.traceparent import TraceParent, read_traceparent
from services.chassis.tracing import note_status, span
from services.chassis.web.host import current_host
from services.chassis.web.session import current_person

REQUEST_ID = "X-Request-ID"
_QUIET = frozenset({"static", "health.live", "health.started", "health.ready", "metrics.metrics"})


def install_request_context(app: Flask) -> None:
    """Must come first, so that everything else happens within the context."""
    app.before_request(_enter)
    app.after_request(_report)
    app.teardown_request(_leave)


def _enter() -> None:
    g.cesar_started = perf_counter()
    g.cesar_context = ExitStack()
    person = current_person()
    parent = read_traceparent(request.headers.get("traceparent", ""))
    context = WorkContext(
        correlation_id=_correlation_id(parent),
        actor=person.person_id if person else None,
        traceparent=str(parent) if parent else None,
    )
    service = current_host().service.name
    g.cesar_context.enter_context(work_context(context))
    g.cesar_context.enter_context(structlog.contextvars.bound_contextvars(service=service))
    if request.endpoint not in _QUIET:
        route = request.url_rule.rule if request.url_rule else "none"
        about = {"http.request.method": request.method, "http.route": route}
        g.cesar_span = g.cesar_context.enter_context(
            span(service, f"{request.method} {route}", "server", about)
        )


def _leave(_error: BaseException | None) -> None:
    context: ExitStack | None = g.pop("cesar_context", None)
    if context is not None:
        context.close()


def _report(response: Response) -> Response:
    response.headers[REQUEST_ID] = str(current_context().correlation_id)
    note_status(g.get("cesar_span"), response.status_code)
    log = structlog.get_logger(__name__)
    write = log.debug if request.endpoint in _QUIET else log.info
    person = current_person()
    write(
        "request",
        method=request.method,
        path=_path_without_secrets(),
        status=response.status_code,
        milliseconds=round(elapsed_seconds() * 1000, 1),
        person_id=str(person.person_id) if person else None,
    )
    return response


def elapsed_seconds() -> float:
    """How long the present request has been worked on."""
    started: float = g.get("cesar_started", perf_counter())
    return perf_counter() - started


def _correlation_id(parent: TraceParent | None) -> UUID:
    """The caller's, when it is a UUID or a trace id; otherwise a new one."""
    try:
        return UUID(request.headers[REQUEST_ID])
    except (KeyError, ValueError):
        return UUID(parent.trace_id) if parent else new_id()


def _path_without_secrets() -> str:
    """The path for the log. Views name a secret in their address ``token``; the query is never logged."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if "token" in name:
            path = path.replace(str(value), "(secret)")
    return path
