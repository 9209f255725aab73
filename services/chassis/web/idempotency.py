"""The same request sent twice has its effect once: the header ``Idempotency-Key`` of the JSON API.

A caller who does not know whether a POST arrived sends it again with the same key and gets the answer of the
first. Effect and answer are committed together, so that there is never one without the other. Source: the
IETF draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, Response, make_response, request
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_for
from services.chassis.messages import answered_request
from services.chassis.model import DomainError
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person
from services.chassis.web.work import unit_of_work_of_request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=7)
_LONGEST_KEY = 200
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
IDEMPOTENCY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "description": (
        "Of your choice, for example a UUID. Sent again with the same key within seven days, the request has "
        "no second effect and gets the first answer; with another body it is refused (422)."
    ),
    "schema": {"type": "string", "maxLength": _LONGEST_KEY},
}
REPLAYED_HEADER = {
    "description": "“true” when this is the answer to an earlier request with the same key.",
    "schema": {"type": "string"},
}

View = Callable[..., Any]


def install_idempotency(app: Flask, prefix: str) -> None:
    """Let each POST of the JSON API honour the header."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(f"{prefix}/api/") and "POST" in (rule.methods or ()):
            app.view_functions[rule.endpoint] = _once(app.view_functions[rule.endpoint])


def _once(view: View) -> View:
    @wraps(view)
    def answer(*arguments: Any, **named: Any) -> Any:
        key, person = request.headers.get(HEADER), current_person()
        if request.method != "POST" or key is None or person is None:
            return view(*arguments, **named)
        if not 0 < len(key) <= _LONGEST_KEY:
            raise DomainError("An idempotency key has 1 to %(most)s characters.", most=_LONGEST_KEY)
        fingerprint = _fingerprint()
        with unit_of_work_of_request() as work:
            if not _claim(work, person, key, fingerprint):
                return _earlier_answer(work.session, person, key, fingerprint)
            response = make_response(view(*arguments, **named))
            _keep(work.session, person, key, response)
            return response

    return answer


def _fingerprint() -> str:
    """Of what was asked: method, address and body."""
    asked = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    for part in _body():
        asked.update(part)
    return asked.hexdigest()


def _body() -> Iterator[bytes]:
    """What is sent; of a form with files without the boundary, which is another one each time."""
    if request.mimetype != "multipart/form-data":
        yield request.get_data()
        return
    for name, value in request.form.items(multi=True):
        yield f"{name}\0{value}\0".encode()
    for name, file in request.files.items(multi=True):
        yield f"{name}\0{file.filename}\0{file.mimetype}\0".encode()
        yield hashlib.sha256(file.read()).digest()
        file.seek(0)


def _claim(work: UnitOfWork, person: Identity, key: str, fingerprint: str) -> bool:
    """Whether this request is the first with its key. One that comes at the same instant waits here."""
    old = answered_request.c.answered_at < work.now - KEPT_FOR
    work.session.execute(delete(answered_request).where(answered_request.c.caller == person.person_id, old))
    claim = insert_for(work.session, answered_request).values(
        caller=person.person_id,
        key=key,
        fingerprint=fingerprint,
        status=0,
        headers={},
        body=b"",
        answered_at=work.now,
    )
    claimed = work.session.scalars(
        claim.on_conflict_do_nothing().returning(answered_request.c.key)
    ).one_or_none()
    return claimed is not None


def _earlier_answer(session: Session, person: Identity, key: str, fingerprint: str) -> Response:
    """Raises DomainError when the key came with another request."""
    earlier = session.execute(select(answered_request).where(*_is(person, key))).one()
    if earlier.fingerprint != fingerprint:
        raise DomainError("This idempotency key came with another request before. Choose a new one.")
    return Response(earlier.body, earlier.status, {**earlier.headers, REPLAYED: "true"})


def _keep(session: Session, person: Identity, key: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    session.execute(
        update(answered_request)
        .where(*_is(person, key))
        .values(status=response.status_code, headers=headers, body=response.get_data())
    )


def _is(person: Identity, key: str) -> tuple[Any, Any]:
    return answered_request.c.caller == person.person_id, answered_request.c.key == key
