"""What waits for the manager in the demonstration: a list of suppliers to correct, a request to join."""

from __future__ import annotations

from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.present import Joining, Listing
from services.enrolment.handlers import importing, self_registration


def take_in_list(
    step: Listing, programme: str, manager: UUID, public_url: str, unit_of_work: UnitOfWork
) -> None:
    """Upload the list, confirm what was guessed of its columns, and register who is in it."""
    command = importing.Upload(
        programme=programme,
        inviter_id=None,
        created_by=manager,
        file_name=step.file_name,
        table=[list(row) for row in step.table],
        locale="fr",
    )
    uploaded = importing.upload(command, unit_of_work)
    importing.start(uploaded.id, uploaded.mapped, False, unit_of_work)
    unit_of_work.session.flush()
    importing.take_in(uploaded.id, public_url, unit_of_work)


def ask_to_join(step: Joining, programme: str, public_url: str, unit_of_work: UnitOfWork) -> None:
    """Register for a supplier of somebody else's, and confirm the address by the link that came."""
    command = self_registration.RegisterSupplier(
        programme=programme,
        organisation_name=step.supplier.name,
        siret=step.supplier.siret,
        commune=step.supplier.commune.code,
        contact_name=step.person.name,
        contact_email=step.person.email,
        locale=step.person.locale,
    )
    self_registration.request_registration(command, public_url, unit_of_work)
    link = str(unit_of_work.recorded[-1].data["url"])
    unit_of_work.session.flush()
    self_registration.confirm_registration(link.rpartition("/")[2], unit_of_work)
