"""Who applies: what is known of somebody who has signed in, and of the organisation that they act for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.web.session import current_person
from services.enrolment.domain.organisation import Organisation
from services.enrolment.web.organisation_forms import known_details


def applicant_id() -> UUID | None:
    """Who has signed in, if somebody has."""
    person = current_person()
    return person.person_id if person else None


def applying_for(session: Session) -> Organisation | None:
    """The organisation for which whoever has signed in acts as a buyer now."""
    person = current_person()
    if person is None or person.acting_for is None or "buyer" not in person.roles:
        return None
    return session.get(Organisation, person.acting_for.organisation_id)


def known_of_applicant(session: Session) -> dict[str, Any]:
    """What the form of an application need not ask again, by its field."""
    person, organisation = current_person(), applying_for(session)
    return {
        **({"contact_name": person.name, "contact_email": person.email} if person else {}),
        **(known_details(organisation) if organisation else {}),
    }
