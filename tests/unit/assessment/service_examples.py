"""An empty assessment service in memory, and what enrolment tells it, for tests of use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from services.assessment.domain.answers import Given
from services.assessment.domain.assessment import Assessment
from services.assessment.events import contracts
from services.assessment.handlers import answering, reviewing
from services.assessment.reactions import reactions
from services.assessment.referentials import SUPPLIER
from services.assessment.storage.tables import metadata
from services.chassis.events import Event
from services.chassis.unit_of_work import UnitOfWork
from tests.unit.assessment.examples import ADVISER, MARIE, NOON

GARDENS = UUID(int=100)  # the supplier's organisation
MAUGUIO = UUID(int=200)  # a buyer that invited it
HOSPITAL = UUID(int=201)  # another buyer of the programme
STRANGER = UUID(int=202)  # an organisation whose application was declined
ENROLMENT = UUID(int=300)
ASSESSMENT = uuid5(ENROLMENT, SUPPLIER)

#: Good answers to most of the suppliers' questionnaire; "local-purchases" is left open.
ANSWERS: Mapping[str, Given] = {
    "commitment": Given(values=("written",)),
    "energy": Given(values=("noted",)),
    "nature-and-waste": Given(values=("sorting", "water")),
    "employees": Given(values=("yes",)),
    "risk-assessment": Given(values=("none",)),
    "payment-time": Given(values=("30",)),
    "purchase-criteria": Given(values=("origin",)),
    "documents": Given(values=("insurance", "label")),
    "e-invoicing": Given(values=("no",)),
}


def new_service() -> Session:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    metadata.create_all(engine)
    return Session(engine)


def work(session: Session, now: datetime = NOON) -> UnitOfWork:
    return UnitOfWork(session, contracts, now)


def told(events: Iterable[Event], session: Session | None = None) -> Session:
    """A service that has heard of these events, in this order."""
    session = session or new_service()
    for each in events:
        unit_of_work = work(session)
        reactions.apply(each, unit_of_work)
        unit_of_work.flush()
    session.commit()
    session.expire_all()
    return session


def submitted(session: Session | None = None) -> Session:
    """A service whose supplier has answered and submitted at noon."""
    session = session or told(HISTORY)
    unit_of_work = work(session)
    answering.save_answers(ASSESSMENT, ANSWERS, unit_of_work)
    answering.submit(ASSESSMENT, MARIE, unit_of_work, accept_unanswered=True)
    unit_of_work.flush()
    session.commit()
    return session


def in_review() -> Session:
    session = submitted()
    reviewing.start_review(ASSESSMENT, ADVISER, work(session))
    return session


def the_assessment(session: Session) -> Assessment:
    session.flush()
    session.expire_all()
    return session.get_one(Assessment, ASSESSMENT)


def published(unit_of_work: UnitOfWork) -> list[str]:
    return [each.type.removeprefix("assessment.") for each in unit_of_work.recorded]


def from_enrolment(event_type: str, sequence: int, data: Mapping[str, Any]) -> Event:
    subject = UUID(str(data["id"]))
    return Event(
        id=uuid5(NAMESPACE_OID, f"{event_type}/{subject}/{sequence}"),
        source="enrolment",
        type=f"enrolment.{event_type}",
        version=1,
        subject=subject,
        sequence=sequence,
        time=NOON,
        data=data,
        correlation_id=subject,
    )


def organisation(identifier: UUID, name: str, sequence: int = 1, **known: Any) -> Event:
    data = {"id": str(identifier), "name": name, "kind": "supplier", "legal_form": "private", **known}
    return from_enrolment("organisation.updated", sequence, data)


def application(organisation_id: UUID, name: str, state: str, sequence: int) -> Event:
    data = {
        "id": str(uuid5(organisation_id, "application")),
        "programme": "cesar",
        "organisation_id": str(organisation_id),
        "organisation_name": name,
        "state": state,
    }
    return from_enrolment(f"application.{state}", sequence, data)


def supplier(what_happened: str, sequence: int, **known: Any) -> Event:
    data = {
        "id": str(ENROLMENT),
        "programme": "cesar",
        "organisation_id": str(GARDENS),
        "organisation_name": "Jardins du Lez",
        "state": what_happened,
        "naf_code": "01.13Z",
        "size": "1-9",
        "contact": {"person_id": None, "name": "Marie Vidal", "email": "marie@example.fr", "locale": "fr"},
        "invited_by": [
            {"organisation_id": str(MAUGUIO), "organisation_name": "Ville de Mauguio", "invited_at": "..."},
            {"organisation_id": None, "organisation_name": "CCI Hérault", "invited_at": "..."},
        ],
        "enrolled_at": None,
        **known,
    }
    return from_enrolment(f"supplier.{what_happened}", sequence, data)


def assignment(organisation_id: UUID, adviser_id: UUID | None, sequence: int = 1) -> Event:
    data = {
        "id": str(uuid5(organisation_id, "assignment")),
        "programme": "cesar",
        "organisation_id": str(organisation_id),
        "adviser_id": str(adviser_id) if adviser_id else None,
    }
    return from_enrolment("adviser_assignment.changed", sequence, data)


ENROLLED_AT = NOON - timedelta(days=3)
_MARIE = {"person_id": str(MARIE.id), "name": MARIE.name, "email": "marie@example.fr", "locale": "fr"}
_ENROLLED = {"enrolled_at": ENROLLED_AT.isoformat(), "contact": _MARIE}

HISTORY = [
    from_enrolment("programme.created", 1, {"id": str(UUID(int=1)), "slug": "cesar", "name": "C.E.S.A.R."}),
    organisation(MAUGUIO, "Ville de Mauguio", kind="buyer", legal_form="public"),
    application(MAUGUIO, "Ville de Mauguio", "submitted", 1),
    application(MAUGUIO, "Ville de Mauguio", "accepted", 2),
    application(HOSPITAL, "CHU de Montpellier", "accepted", 1),
    application(STRANGER, "Société Lointaine", "submitted", 1),
    application(STRANGER, "Société Lointaine", "declined", 2),
    organisation(GARDENS, "Jardins du Lez", 1, naf_code="01.13Z", size="1-9"),
    supplier("invited", 1),
    supplier("enrolled", 2, **_ENROLLED),
    organisation(GARDENS, "Les Jardins du Lez", 2, naf_code="01.13Z", size="10-19"),
    supplier("activated", 3, **_ENROLLED),
    assignment(MAUGUIO, ADVISER.id),
]
