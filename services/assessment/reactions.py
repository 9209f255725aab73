"""What assessment does when it hears of enrolment's events."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.assessment.handlers.assigning import assign, follow, move
from services.assessment.handlers.sharing import rename
from services.assessment.storage.own_answers import own_answers
from services.assessment.storage.own_proofs import own_proofs
from services.assessment.storage.tables import (
    adviser_assignments,
    buyers,
    metadata,
    organisations,
    programmes,
    suppliers,
)
from services.chassis.events import Event
from services.chassis.privacy.taking_part import answer_requests
from services.chassis.projections import apply_snapshot, keep_newest
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.sessions import heed_ended_sessions
from services.chassis.unit_of_work import UnitOfWork

reactions = Reactions("assessment")
answer_requests(reactions, metadata, files=own_proofs, sections=own_answers)
heed_ended_sessions(reactions, "enrolment.session.ended")


class Programme(TolerantSchema):
    slug = fields.String(required=True)
    name = fields.String(required=True)


class Organisation(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    legal_form = fields.String(load_default=None, allow_none=True)
    naf_code = fields.String(load_default=None, allow_none=True)
    size = fields.String(load_default=None, allow_none=True)


class Application(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    state = fields.String(required=True)


class AdviserAssignment(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    adviser_id = fields.UUID(required=True, allow_none=True)


class SupplierContact(TolerantSchema):
    person_id = fields.UUID(load_default=None, allow_none=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    locale = fields.String(load_default="fr")


class Inviter(TolerantSchema):
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    organisation_name = fields.String(required=True)


class Supplier(TolerantSchema):
    id = fields.UUID(required=True)
    programme = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation_name = fields.String(required=True)
    naf_code = fields.String(load_default=None, allow_none=True)
    size = fields.String(load_default=None, allow_none=True)
    contact = fields.Nested(SupplierContact, required=True)
    invited_by = fields.List(fields.Nested(Inviter), load_default=list)
    enrolled_at = fields.AwareDateTime(load_default=None, allow_none=True)


@reactions.on("enrolment.programme.created", "enrolment.programme.updated", reads=Programme)
def programme_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    key = {"slug": event.data["slug"]}
    keep_newest(unit_of_work, programmes, key, event, {"name": event.data["name"]})


@reactions.on("enrolment.organisation.registered", "enrolment.organisation.updated", reads=Organisation)
def organisation_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    """Size, sector and legal form decide which questions concern an organisation."""
    values = _chosen(event, "name", "legal_form", "naf_code", "size")
    if apply_snapshot(unit_of_work, organisations, {"id": event.data["id"]}, event, values):
        follow(event.data["id"], unit_of_work)
        rename(event.data["id"], event.data["name"], unit_of_work)


@reactions.on(
    "enrolment.application.drafted",
    "enrolment.application.submitted",
    "enrolment.application.returned",
    "enrolment.application.review_started",
    "enrolment.application.accepted",
    "enrolment.application.waitlisted",
    "enrolment.application.declined",
    "enrolment.application.withdrawn",
    "enrolment.application.enrolled",
    "enrolment.application.completed",
    "enrolment.application.left",
    "enrolment.application.resumed",
    reads=Application,
)
def buyer_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    """Suppliers can share with the buyers who take part."""
    values = _chosen(event, "programme", "organisation_id", "organisation_name", "state")
    keep_newest(unit_of_work, buyers, {"application_id": event.data["id"]}, event, values)


@reactions.on(
    "enrolment.supplier.invited",
    "enrolment.supplier.enrolled",
    "enrolment.supplier.activated",
    "enrolment.supplier.fell_dormant",
    "enrolment.supplier.left",
    "enrolment.supplier.returned",
    "enrolment.supplier.updated",
    "enrolment.supplier.merged",
    "enrolment.supplier.unmerged",
    reads=Supplier,
)
def supplier_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    """A supplier who takes part is assigned an assessment.

    Any event of an enrolled supplier says since when they are, so that it does not matter which comes first.
    """
    data = event.data
    values = _chosen(event, "programme", "organisation_id", "organisation_name", "naf_code", "size")
    person_id = data["contact"]["person_id"]
    values["contact"] = {**data["contact"], "person_id": str(person_id) if person_id else None}
    values["invited_by"] = [
        {**inviter, "organisation_id": str(inviter["organisation_id"])}
        for inviter in data["invited_by"]
        if inviter["organisation_id"] is not None
    ]
    is_news = apply_snapshot(unit_of_work, suppliers, {"enrolment_id": data["id"]}, event, values)
    if data["enrolled_at"] is not None:
        assign(data["id"], data["enrolled_at"], unit_of_work)
    if is_news:
        move(data["id"], data["organisation_id"], unit_of_work)
        follow(data["organisation_id"], unit_of_work)


@reactions.on("enrolment.adviser_assignment.changed", reads=AdviserAssignment)
def adviser_is_known(event: Event, unit_of_work: UnitOfWork) -> None:
    """An adviser sees the suppliers of the buyers whom they follow."""
    values = _chosen(event, "programme", "organisation_id", "adviser_id")
    keep_newest(unit_of_work, adviser_assignments, {"id": event.data["id"]}, event, values)


def _chosen(event: Event, *names: str) -> dict[str, Any]:
    return {name: event.data[name] for name in names}
