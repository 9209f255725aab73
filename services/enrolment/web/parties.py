"""The two parties to an agreement, and who speaks for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import Forbidden
from services.chassis.web.session import signed_in_person
from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import Application
from services.enrolment.web.visible_applications import visible_application


def party_to(session: Session, application_id: UUID) -> tuple[Application, Party]:
    """The application, and for whom this person speaks. Raises Forbidden for everybody else."""
    found = visible_application(session, application_id)
    person = signed_in_person()
    if person.may("buyer", found.programme, found.organisation_id):
        return found, Party.BUYER
    if person.may("manager", found.programme):
        return found, Party.CHAMBER
    raise Forbidden("Only the parties to an agreement may see it.")
