"""Signing in and out, and who is asking: a cookie for browsers, a bearer token for programs.

The session is the token itself, so that every service knows the person without asking another service;
only the service that holds the private key can make one. That a session was ended before its time, each
service knows from its own database (``services.chassis.sessions``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from services.chassis import sessions
from services.chassis.clock import utc_now
from services.chassis.model import Forbidden
from services.chassis.web.host import current_host
from services.chassis.web.identity import Identity
from services.chassis.web.tokens import API_AUDIENCE, SESSION_AUDIENCE, decode_token, encode_token
from services.chassis.web.work import reading, runtime

SESSION_COOKIE = "cesar_session"
SESSION_LIFETIME = timedelta(hours=12)
LONGEST_COOKIE = 3800  # bytes; browsers refuse a cookie above 4,096 with its name and attributes (RFC 6265)


class CannotSignIn(RuntimeError):
    """This process cannot make sessions: it has no private key, or the person has too many grants."""


def refuse_programs() -> None:
    """What a person does alone, however many of their roles a token has. Raises Forbidden."""
    if is_bearer_request():
        raise Forbidden("A token is not enough for this: sign in.")


def issue_session(response: Response, identity: Identity) -> None:
    """Sign the person in with this response, until the session that the identity names ends.

    One that names none lasts half a day. Raises CannotSignIn, Forbidden.

    A token never becomes a session, which may do more and can be prolonged.
    """
    refuse_programs()
    host = current_host()
    private_key = host.settings.session_private_key
    if private_key is None:
        raise CannotSignIn(f"{host.service.name} does not hold the key that signs people in.")
    now = host.runtime.clock()
    lifetime = identity.session.expires_at - now if identity.session else SESSION_LIFETIME
    token = encode_token(private_key, identity, audience=SESSION_AUDIENCE, issued_at=now, lifetime=lifetime)
    if len(token) > LONGEST_COOKIE:
        raise CannotSignIn(f"{len(identity.grants)} grants do not fit into one cookie.")
    g.cesar_signed_in = identity
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=lifetime,
        path="/",
        httponly=True,
        secure=host.over_https,
        samesite="Lax",
    )


def clear_session(response: Response) -> None:
    """Sign the person out with this response."""
    response.delete_cookie(
        SESSION_COOKIE, path="/", httponly=True, secure=current_host().over_https, samesite="Lax"
    )


def issue_api_token(
    private_key: str, identity: Identity, lifetime: timedelta, *, now: datetime | None = None
) -> str:
    """A token for programs, to be sent as ``Authorization: Bearer ...``. It is of no use as a session."""
    return encode_token(
        private_key, identity, audience=API_AUDIENCE, issued_at=now or utc_now(), lifetime=lifetime
    )


def signed_api_token(identity: Identity) -> str:
    """The token of an identity whose session says until when it is good. Raises CannotSignIn."""
    host = current_host()
    key, claim = host.settings.session_private_key, identity.session
    if key is None or claim is None:
        raise CannotSignIn(f"{host.service.name} cannot make tokens.")
    now = host.runtime.clock()
    return issue_api_token(key, identity, claim.expires_at - now, now=now)


def current_person() -> Identity | None:
    """The person who is asking, or None. A token that is not valid, or was ended, counts as none."""
    if not has_request_context():
        return None
    if "cesar_person" not in g:
        # While nobody knows, because the database does not answer, it is nobody.
        g.cesar_person = None
        g.cesar_person = _identify()
    person: Identity | None = g.cesar_person
    return person


def newly_signed_in() -> Identity | None:
    """Who is signed in by the response to this request; None where nobody is."""
    person: Identity | None = g.get("cesar_signed_in")
    return person


def signed_in_person() -> Identity:
    """The person who is asking, in a view that is not public. Raises LookupError in one that is."""
    person = current_person()
    if person is None:
        raise LookupError("Nobody is signed in; the view lacks @requires.")
    return person


def is_bearer_request() -> bool:
    """Whether the request names its own credentials, which a browser never adds by itself."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def install_sessions(app: Flask) -> None:
    """Let the use of sessions be told. Must come after the access rules."""
    app.before_request(_tell_use)


def _tell_use() -> None:
    """Before the view, so that a request never fails for this after it has had its effect."""
    person: Identity | None = g.get("cesar_person")
    if person is None or person.session is None or not g.get("cesar_tell_use"):
        return
    service = current_host().service.name
    with runtime().unit_of_work() as work:
        sessions.tell_use(work, service, person.session.id, person.person_id, person.session.expires_at)


def _identify() -> Identity | None:
    if request.endpoint == "static":
        return None
    host = current_host()
    if is_bearer_request():
        # Never fall back to the cookie: bearer requests are exempt from the cross-origin check.
        token, audience = request.headers["Authorization"][7:].strip(), API_AUDIENCE
    else:
        token, audience = request.cookies.get(SESSION_COOKIE, ""), SESSION_AUDIENCE
    if not token:
        return None
    now = host.runtime.clock()
    person = decode_token(host.settings.session_public_key, token, audience=audience, now=now)
    if person is None or person.session is None:
        # A token from before sessions had ids could be ended by nobody for a year, so it is refused. A cookie
        # of that time ends within hours by itself.
        return None if audience == API_AUDIENCE else person
    with reading() as session:
        is_ended, g.cesar_tell_use = sessions.look_up(session, person.session.id, now)
    return None if is_ended else person
