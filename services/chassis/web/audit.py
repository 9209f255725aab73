"""The web application's part of the audit log: no view can forget it, as no view knows of it.

Each request that may change something is the origin of what the unit of work records. What has left no entry
when it is answered gets one here: what was done without one, and what was refused to somebody signed in. So
do files that are taken away, attempts to sign in, and the first use of an API token on a day.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, time
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from sqlalchemy import select

from services.chassis import audit
from services.chassis.audit import Origin
from services.chassis.messages import audit_entry
from services.chassis.web.access import access_of_request
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person, is_bearer_request, newly_signed_in
from services.chassis.web.work import LOCAL_TIME, runtime

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN_USED = "api_token.used"
_TAKEN_AWAY = "file.downloaded"
_SIGN_IN = "sign-in"


def install_audit(app: Flask) -> None:
    """Must come after all that may refuse a request, so that the origin is set when the view begins."""
    app.before_request(_begin)
    app.after_request(_complete)
    app.teardown_request(_end)


def _begin() -> None:
    if request.url_rule is None:
        return
    if is_bearer_request() and (person := current_person()) is not None:
        _note_first_use(person)
    if request.method not in _READING:
        g.cesar_audit = ExitStack()
        g.cesar_origin = g.cesar_audit.enter_context(audit.audited(_origin(current_person())))


def _complete(response: Response) -> Response:
    if request.url_rule is None or request.endpoint == "static":
        return response
    known = current_person()
    person = known or newly_signed_in()
    origin: Origin = g.get("cesar_origin") or _origin(person)
    action = _signing_in(response) if known is None else None
    action = action or _action(response, origin, person)
    if action is not None:
        if person is not known:
            origin = _origin(person)
        outcome = audit.DONE if response.status_code < 400 else audit.REFUSED
        with runtime().database.write() as session:
            audit.note(session, origin, action, outcome, runtime().clock())
    return response


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("cesar_audit", None)
    g.pop("cesar_origin", None)
    if stack is not None:
        stack.close()


def _signing_in(response: Response) -> str | None:
    """Somebody has signed in, by a form or by coming back from elsewhere, or has tried to and was refused."""
    if _SIGN_IN not in request.path:
        return None
    asked = request.method not in _READING and response.status_code < 400
    refused = 400 <= response.status_code < 500 and response.status_code != 422
    return _route() if newly_signed_in() is not None or asked or refused else None


def _action(response: Response, origin: Origin, person: Identity | None) -> str | None:
    """What is still to be noted of this request; None when there is nothing (more).

    A form that comes back to be mended, or a page that fails, has changed nothing. Strangers leave an entry
    only where they sign in or bring an event about: otherwise anybody could fill the log.
    """
    status = response.status_code
    if request.method in _READING:
        is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
        return _TAKEN_AWAY if is_file and status == 200 and person is not None else None
    if origin.noted or status == 422 or status >= 500:
        return None
    return None if person is None else _route()


def _note_first_use(person: Identity) -> None:
    now: datetime = runtime().clock()
    midnight = datetime.combine(now.astimezone(LOCAL_TIME).date(), time(), LOCAL_TIME)
    origin = _origin(person)
    origin.subject = person.session.id if person.session else None
    used_today = select(audit_entry.c.position).where(
        audit_entry.c.person_id == person.person_id,
        audit_entry.c.action == _TOKEN_USED,
        audit_entry.c.at >= midnight,
        audit_entry.c.subject == origin.subject if origin.subject else audit_entry.c.subject.is_(None),
    )
    with runtime().read() as session:
        if session.scalar(used_today.limit(1)) is not None:
            return
    with runtime().database.write() as session:
        audit.note(session, origin, _TOKEN_USED, audit.DONE, now)


def _origin(person: Identity | None) -> Origin:
    allowed = access_of_request(current_app, request).roles
    arguments = request.view_args or {}
    programme = arguments.get("slug")
    return Origin(
        channel="api" if is_bearer_request() else "page",
        route=_route(),
        person_id=person.person_id if person else None,
        name=person.name if person else None,
        role=_role(person, allowed) if person else None,
        organisation_id=_organisation(person) if person else None,
        programme=programme if isinstance(programme, str) else _only_programme(person),
        subject=next((value for value in arguments.values() if isinstance(value, UUID)), None),
        address=audit.shortened(request.remote_addr),
    )


def _route() -> str:
    return f"{request.method} {request.url_rule}"


def _role(person: Identity, allowed: tuple[str, ...]) -> str | None:
    """The role by which the view let the person in; where it asks for none, the first that they have."""
    roles = [grant.role for grant in person.grants]
    return next((role for role in roles if not allowed or role in allowed), None)


def _organisation(person: Identity) -> UUID | None:
    if person.acting_for is not None:
        return person.acting_for.organisation_id
    return next((each.organisation_id for each in person.grants if each.organisation_id is not None), None)


def _only_programme(person: Identity | None) -> str | None:
    """The programme of somebody who takes part in one only."""
    programmes = {grant.programme for grant in person.grants} if person else set()
    return programmes.pop() if len(programmes) == 1 else None
