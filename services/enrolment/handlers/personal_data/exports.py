"""A copy of all that the services hold about somebody: asked for, gathered, thrown away."""

from __future__ import annotations

from uuid import UUID

from services.chassis.database import insert_for
from services.chassis.events import new_id
from services.chassis.privacy.sealing import new_key
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.person import Person
from services.enrolment.domain.personal_data import EXPORT_LIFETIME, PersonExport
from services.enrolment.events.personal_data import export_ready, export_request
from services.enrolment.storage import personal_data
from services.enrolment.storage.address_changes import digests_of
from services.enrolment.storage.tables import person_export_pieces


def request_export(person_id: UUID, asked_by: UUID, unit_of_work: UnitOfWork) -> PersonExport:
    """Ask every service. Whoever asks twice gets the copy that is under way, or there. Raises NotFound."""
    session = unit_of_work.session
    # Locked, so that the second of two clicks finds the request of the first.
    person = unit_of_work.get(Person, person_id, lock=True)
    latest = personal_data.latest_export(session, person_id)
    if latest is not None and latest.is_open(unit_of_work.now):
        return latest
    private_key, public_key = new_key()
    export = PersonExport(
        id=new_id(),
        person_id=person_id,
        asked_by=asked_by,
        asked_at=unit_of_work.now,
        expires_at=unit_of_work.now + EXPORT_LIFETIME,
        public_key=public_key,
        private_key=private_key,
    )
    session.add(export)
    request = export_request(export, person, digests_of(session, person))
    unit_of_work.record(export, "enrolment.person.export_requested", request)
    return export


def keep_piece(
    request_id: UUID, service: str, number: int, of: int, sealed: str, unit_of_work: UnitOfWork
) -> None:
    """A service has answered, in part or in full; with the last piece of all the copy is ready.

    What comes for a copy that has expired is left alone.
    """
    session = unit_of_work.session
    export = session.get(PersonExport, request_id, with_for_update=True, populate_existing=True)
    if export is None or not export.is_open(unit_of_work.now):
        return
    row = {"request_id": request_id, "service": service, "number": number, "of": of, "sealed": sealed}
    session.execute(insert_for(session, person_export_pieces).values(row).on_conflict_do_nothing())
    if export.ready_at is None and not personal_data.holders_awaited(session, request_id):
        export.ready_at = unit_of_work.now
        person = unit_of_work.get(Person, export.person_id)
        unit_of_work.record(export, "enrolment.person.export_ready", export_ready(export, person))
