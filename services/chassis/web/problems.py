"""Every way in which a request can fail, told in the person's language: a page for people, JSON for programs.

Source: RFC 9457, Problem Details for HTTP APIs. The type is always ``about:blank``: the status code and its
``title`` say what kind of problem it is, ``detail`` and ``errors`` say how to mend it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from flask import Flask, Response, current_app, json, render_template, request
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from services.chassis.context import current_context
from services.chassis.model import Conflict, DomainError, Forbidden, Gone, NotFound
from services.chassis.web.addresses import page_of_request
from services.chassis.web.host import current_host
from services.chassis.web.i18n import N_, error_message, gettext
from services.chassis.web.problem_words import detail_of, title_of
from services.chassis.web.session import is_bearer_request
from services.chassis.web.validation_messages import messages_by_field, translate_message

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = 10  # seconds
_LOCATIONS = {"json", "query", "form", "files", "path", "headers", "cookies", "json_or_form", "view_args"}

_DOMAIN_STATUS = ((NotFound, 404), (Conflict, 409), (Forbidden, 403), (Gone, 410))

# The error page has its own words for the statuses that people meet; these are for the others.
_TEXT_ON_PAGE = {403, 404, 405, 409, 410, 413, 422, 429}
_OTHER_TITLE = N_("This request could not be understood")
_OTHER_EXPLANATION = N_("Part of it is missing or damaged. Go back and try again.")


@dataclass(frozen=True)
class FieldError:
    """One thing to mend: ``field`` in dots (``lines.0.quantity``); ``pointer`` (RFC 6901) for JSON bodies."""

    field: str
    detail: str
    pointer: str | None = None


@dataclass(frozen=True)
class Problem:
    """What is told about a failed request.

    ``detail`` says what is particular to this one, if anything is; ``reference`` is the number that leads to
    it in the logs.
    """

    status: int
    detail: str | None = None
    errors: Sequence[FieldError] = ()
    reference: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def wants_problem() -> bool:
    """Whether the caller is a program: by the address, by its credentials, or by what it says it reads."""
    if request.path.startswith(f"{current_host().prefix}/api/") or is_bearer_request():
        return True
    accepted = request.accept_mimetypes
    return not accepted.accept_html and bool(accepted["application/json"] or accepted[PROBLEM_JSON])


def install_problems(app: Flask) -> None:
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """The response to any exception that a view or a check raised."""
    if isinstance(error, HTTPException) and (error.code or 0) < 400:
        return current_app.make_response(error.get_response())  # an answer, such as 304, and no failure
    problem = describe(error)
    if problem is not None and problem.status == 403:
        problem = replace(problem, reference=_log("refused", error, level="warning"))
    if problem is None:
        if current_app.testing:
            raise error
        problem = _unexpected(error)
    response = _as_json(problem) if wants_problem() else _as_page(problem)
    response.status_code = problem.status
    response.headers.extend(dict(problem.headers))
    return response


def describe(error: Exception) -> Problem | None:
    """What to tell about an exception that is expected to happen; None for a defect."""
    if isinstance(error, DomainError):
        return _from_domain(error)
    if isinstance(error, ValidationError):
        return Problem(422, errors=tuple(_field_errors(messages_by_field(error))))
    if isinstance(error, StaleDataError):
        return Problem(409)
    if isinstance(error, HTTPException):
        return None if error.code == 500 else _from_http(error)
    if isinstance(error, RecursionError) and request.is_json:
        return Problem(400)  # a body that is nested more deeply than anybody reads
    if _database_is_away(error):
        reference = _log("database_unavailable", error)
        return Problem(503, reference=reference, headers={"Retry-After": str(RETRY_AFTER)})
    return None


def _from_domain(error: DomainError) -> Problem:
    status = next((status for kind, status in _DOMAIN_STATUS if isinstance(error, kind)), 422)
    detail = error_message(error)
    errors = (FieldError(error.field, detail, _pointer(error.field.split("."))),) if error.field else ()
    return Problem(status, detail, errors=errors)


def _from_http(error: HTTPException) -> Problem:
    status = error.code or 500
    data = getattr(error, "data", None) or {}  # set by flask-smorest's parser of arguments
    messages = data.get("errors") or data.get("messages") or {}
    errors = tuple(_field_errors(messages)) if isinstance(messages, Mapping) else ()
    said = data.get("message") or vars(error).get("description")
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    headers.update(data.get("headers") or {})
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Problem(status, gettext(said) if said else None, errors=errors, headers=headers)


def _unexpected(error: Exception) -> Problem:
    return Problem(500, reference=_log("unexpected_error", error))


def _database_is_away(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError, DisconnectionError, PoolTimeout))


def _log(event: str, error: Exception, *, level: str = "error") -> str:
    """Log the exception under a number short enough to be read out on the telephone."""
    number = secrets.token_hex(4).upper()
    reference = f"{number[:4]}-{number[4:]}"
    write = getattr(structlog.get_logger(__name__), level)
    write(event, reference=reference, exc_info=error if level == "error" else None, reason=str(error))
    return reference


def _field_errors(messages: Mapping[Any, Any]) -> Iterator[FieldError]:
    """Marshmallow's nested messages, one by one; webargs puts the part of the request around them."""
    for place, inner in messages.items():
        if place == "json" or (place in _LOCATIONS and isinstance(inner, Mapping)):
            yield from _flatten((), inner, in_body=place == "json")
        else:
            yield from _flatten((), {place: inner}, in_body=True)


def _flatten(path: tuple[str, ...], messages: Any, *, in_body: bool) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key == "_schema" else (*path, str(key))
            yield from _flatten(here, inner, in_body=in_body)
        return
    for message in messages if isinstance(messages, (list, tuple)) else [messages]:
        pointer = _pointer(path) if in_body else None
        yield FieldError(".".join(path), translate_message(str(message)), pointer)


def _pointer(path: Sequence[str]) -> str:
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def _as_json(problem: Problem) -> Response:
    told = {
        "type": "about:blank",
        "title": title_of(problem.status),
        "status": problem.status,
        "detail": problem.detail or detail_of(problem.status, problem.errors),
        "instance": f"urn:uuid:{current_context().correlation_id}",
        "errors": [_without_none(vars(error)) for error in problem.errors] or None,
        "reference": problem.reference,
    }
    return Response(json.dumps(_without_none(told)), mimetype=PROBLEM_JSON)


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _as_page(problem: Problem) -> Response:
    known = problem.status in _TEXT_ON_PAGE or problem.status >= 500
    try:
        page = render_template(
            "error.html",
            status=problem.status,
            title=None if known else gettext(_OTHER_TITLE),
            explanation=problem.detail or (None if known else gettext(_OTHER_EXPLANATION)),
            reference=problem.reference,
            here=page_of_request(),
        )
    except Exception as error:
        # The page may need the very thing that has failed. Plain text needs nothing.
        _log("error_page_failed", error)
        text = " – ".join(str(part) for part in (problem.status, problem.detail, problem.reference) if part)
        return Response(text, mimetype="text/plain")
    return Response(page, mimetype="text/html")
