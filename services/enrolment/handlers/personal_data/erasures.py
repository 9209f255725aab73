"""Erasing somebody: asked, confirmed by the link that comes by mail, decided by a manager, done by all."""

from __future__ import annotations

from uuid import UUID

from services.chassis.database import insert_for
from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person, digest, new_token
from services.enrolment.domain.personal_data import CONFIRMATION_LIFETIME, PersonErasure
from services.enrolment.domain.role_invitation import ORGANISATION_ROLES
from services.enrolment.events.personal_data import erasure_order, erasure_request
from services.enrolment.handlers.roles import hand_contact_on
from services.enrolment.handlers.user_sessions import end_sessions
from services.enrolment.storage import personal_data
from services.enrolment.storage.address_changes import digests_of
from services.enrolment.storage.people_without_account import held_under
from services.enrolment.storage.tables import person_erasure_answers


def request_erasure(
    person_id: UUID, asked_by: UUID, public_url: str, unit_of_work: UnitOfWork
) -> PersonErasure:
    """Have the person confirm by mail. Raises NotFound, Conflict while a request is open."""
    session = unit_of_work.session
    person = unit_of_work.get(Person, person_id, lock=True)
    latest = personal_data.latest_erasure(session, person_id)
    if latest is not None and latest.is_open(unit_of_work.now):
        raise Conflict("A request to erase these data is under way already.")
    token = new_token()
    erasure = PersonErasure(
        id=new_id(),
        person_id=person_id,
        programme=programme_of(person, unit_of_work),
        asked_by=asked_by,
        asked_at=unit_of_work.now,
        token_digest=digest(token),
        expires_at=unit_of_work.now + CONFIRMATION_LIFETIME,
    )
    session.add(erasure)
    _tell(erasure, "erasure_requested", unit_of_work, url=f"{public_url}/account/data/erasure/{token}")
    return erasure


def confirm_erasure(token: str, unit_of_work: UnitOfWork) -> PersonErasure:
    """The person means it. Raises NotFound, Gone."""
    erasure = personal_data.erasure_by_token(unit_of_work.session, token, lock=True)
    erasure.confirm(unit_of_work.now)
    _tell(erasure, "erasure_to_decide", unit_of_work)
    return erasure


def withdraw_erasure(erasure_id: UUID, unit_of_work: UnitOfWork) -> PersonErasure:
    """The person has thought again. Raises NotFound, Conflict once it was decided."""
    erasure = unit_of_work.get(PersonErasure, erasure_id, lock=True)
    erasure.withdraw(unit_of_work.now)
    _tell(erasure, "erasure_withdrawn", unit_of_work)
    return erasure


def decline_erasure(erasure_id: UUID, reason: str, by: UUID, unit_of_work: UnitOfWork) -> PersonErasure:
    """Raises NotFound, Conflict when it was decided before, DomainError without a reason."""
    erasure = unit_of_work.get(PersonErasure, erasure_id, lock=True)
    erasure.decline(by, unit_of_work.now, reason)
    _tell(erasure, "erasure_declined", unit_of_work)
    return erasure


def grant_erasure(erasure_id: UUID, by: UUID, unit_of_work: UnitOfWork) -> PersonErasure:
    """Tell every service to erase; whoever is signed in as the person is out at once.

    Raises NotFound, Conflict when it was decided before or a programme would be left without a manager.
    """
    erasure = unit_of_work.get(PersonErasure, erasure_id, lock=True)
    person = unit_of_work.get(Person, erasure.person_id, lock=True)
    for programme in personal_data.managed_by_nobody_else(unit_of_work.session, person):
        raise Conflict(
            "%(name)s is the only manager of the programme %(programme)s. Appoint another one first.",
            name=person.name,
            programme=programme,
        )
    erasure.grant(by, unit_of_work.now)
    order_erasure(erasure, person, unit_of_work)
    return erasure


def order_erasure(erasure: PersonErasure, person: Person, unit_of_work: UnitOfWork) -> None:
    """Tell every service; for their organisations, those who are still there are written to from now on."""
    for grant in person.grants:
        if grant.role in ORGANISATION_ROLES:
            hand_contact_on(person, grant, unit_of_work)
    end_sessions(person.id, unit_of_work)
    order = erasure_order(erasure, person, digests_of(unit_of_work.session, person))
    unit_of_work.record(erasure, "enrolment.person.erasure_confirmed", order)


def note_erased(request_id: UUID, service: str, rows: int, unit_of_work: UnitOfWork) -> None:
    """A service has erased; with the last one it is done. What nobody here asked for is left alone."""
    session = unit_of_work.session
    erasure = session.get(PersonErasure, request_id, with_for_update=True, populate_existing=True)
    if erasure is None:
        return
    row = {
        "request_id": request_id,
        "service": service,
        "rows": rows,
        "answered_at": unit_of_work.now,
    }
    session.execute(insert_for(session, person_erasure_answers).values(row).on_conflict_do_nothing())
    if not personal_data.erasers_awaited(session, request_id):
        erasure.finish()


def programme_of(person: Person, unit_of_work: UnitOfWork) -> str | None:
    """Whose managers decide: one in which they have a role, or one that knows their address."""
    granted = [grant.programme for grant in person.grants if grant.programme]
    known_in = [held.programme for held in held_under(unit_of_work.session, person.email)]
    return next(iter((*granted, *known_in)), None)


def _tell(
    erasure: PersonErasure, what_happened: str, unit_of_work: UnitOfWork, *, url: str | None = None
) -> None:
    person = unit_of_work.get(Person, erasure.person_id)
    snapshot = erasure_request(erasure, person, url=url)
    unit_of_work.record(erasure, f"enrolment.person.{what_happened}", snapshot)
