"""Somebody of the demonstration who wants to be erased: the manager has something to decide."""

from __future__ import annotations

from sqlalchemy import select

from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person
from services.enrolment.domain.supplier import SupplierState
from services.enrolment.handlers.personal_data import erasures
from services.enrolment.storage.tables import people, supplier_enrolments


def ask_to_be_erased(public_url: str, unit_of_work: UnitOfWork) -> None:
    """A supplier's contact who has left the programme asks, and confirms by the link."""
    query = (
        select(Person)
        .join(supplier_enrolments, supplier_enrolments.c.contact_id == people.c.id)
        .where(supplier_enrolments.c.state == SupplierState.LEFT)
        .order_by(people.c.name)
    )
    person = unit_of_work.session.scalars(query.limit(1)).first()
    if person is None:
        return
    erasures.request_erasure(person.id, person.id, public_url, unit_of_work)
    token = unit_of_work.recorded[-1].data["url"].rpartition("/")[2]
    unit_of_work.session.flush()
    erasures.confirm_erasure(token, unit_of_work)
