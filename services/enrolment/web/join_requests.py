"""Which requests to join a manager sees and answers, and what helps to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.identity import Identity
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.duplicates import mail_house
from services.enrolment.storage import queries, self_registrations


@dataclass(frozen=True)
class OpenRequest:
    """``contact_name`` and ``contact_email`` are of whom the team knows there, if of anybody.

    ``same_house``: the address that asks is of the contact's domain.
    """

    request: JoinRequest
    organisation: Organisation
    contact_name: str = ""
    contact_email: str = ""

    @property
    def same_house(self) -> bool:
        return mail_house(self.request.email) == mail_house(self.contact_email)


def open_requests(session: Session, programmes: Iterable[str]) -> list[OpenRequest]:
    """Those that wait for an answer, the first one first."""
    found = []
    for request, organisation in self_registrations.open_requests(session, tuple(programmes)):
        supplier = queries.supplier_enrolment_of(session, request.programme, organisation.id)
        known = (
            (supplier.contact_name, supplier.contact_email) if supplier else ("", organisation.email or "")
        )
        found.append(OpenRequest(request, organisation, *known))
    return found


def visible_request(session: Session, person: Identity, request_id: UUID) -> JoinRequest:
    """Raises NotFound, also for what is another programme's."""
    found = session.get(JoinRequest, request_id)
    if found is None or not person.may("manager", found.programme):
        raise NotFound("This request does not exist, or no longer.")
    return found
