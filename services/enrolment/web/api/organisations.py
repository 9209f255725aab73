"""An organisation, for programs: what its own people, or a programme's manager, put right about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.organisations import OrganisationSnapshot, organisation_snapshot
from services.enrolment.events.suppliers import SupplierSnapshot, supplier_snapshot
from services.enrolment.handlers import organisation_changes, supplier_changes
from services.enrolment.storage.organisation_traces import programmes_of
from services.enrolment.web.organisation_forms import correction
from services.enrolment.web.schemas.suppliers import BuyerDetailsSchema

organisations_api = Blueprint(
    "organisations_api",
    __name__,
    url_prefix="/organisations/<uuid:organisation_id>",
    description="An organisation, and what is said of it.",
)


@organisations_api.get("")
@requires("manager", "buyer", "supplier")
@organisations_api.etag
@organisations_api.response(200, OrganisationSnapshot)
def get_organisation(organisation_id: UUID) -> dict[str, Any]:
    """One's own organisation, or one that takes part in a programme that one manages."""
    with reading() as session:
        return organisation_snapshot(_visible(session, organisation_id))


@organisations_api.put("")
@requires("manager", "buyer", "supplier")
@organisations_api.etag
@organisations_api.arguments(BuyerDetailsSchema)
@organisations_api.response(200, OrganisationSnapshot)
def correct_organisation(details: dict[str, Any], organisation_id: UUID) -> dict[str, Any]:
    """Correct name, commune, size, legal form and SIRET; another SIRET is for managers to enter."""
    with unit_of_work() as work:
        found = _visible(work.session, organisation_id)
        organisations_api.check_etag(organisation_snapshot(found), OrganisationSnapshot)
        command = correction(organisation_id, {**details, "seen_version": found.version})
        if _is_own(organisation_id):
            return organisation_snapshot(organisation_changes.correct_by_own_people(command, work))
        managed = signed_in_person().programmes("manager")
        return organisation_snapshot(organisation_changes.correct_by_team(command, managed, work))


@organisations_api.post("/programmes/<slug>/leave")
@requires("supplier")
@organisations_api.response(200, SupplierSnapshot)
def leave_programme(organisation_id: UUID, slug: str) -> dict[str, Any]:
    """One's own supplier takes part in the programme no longer. 409 when it has left already."""
    person = signed_in_person()
    if not person.may("supplier", slug, organisation_id):
        raise NotFound("You do not take part in this programme.")
    with unit_of_work() as work:
        supplier = supplier_changes.leave_by_itself(slug, organisation_id, person.person_id, work)
        return supplier_snapshot(supplier, work.get(Organisation, organisation_id))


def _visible(session: Session, organisation_id: UUID) -> Organisation:
    """Raises NotFound, also for who has nothing to do with it, so that ids tell nothing."""
    found = session.get(Organisation, organisation_id)
    managed = signed_in_person().programmes("manager")
    if found is None or not (
        _is_own(organisation_id) or programmes_of(session, organisation_id) & set(managed)
    ):
        raise NotFound("You do not belong to this organisation.")
    return found


def _is_own(organisation_id: UUID) -> bool:
    return any(grant.organisation_id == organisation_id for grant in signed_in_person().grants)
