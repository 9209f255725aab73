"""The JSON API of enrolment: the same use cases as the pages, for programs."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import public, requires
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person
from services.enrolment.events import (
    ApplicationSnapshot,
    CohortSnapshot,
    ProgrammeSnapshot,
    SupplierSnapshot,
    application_snapshot,
    cohort_snapshot,
    programme_snapshot,
    supplier_snapshot,
)
from services.enrolment.handlers import suppliers
from services.enrolment.storage import queries, supplier_list
from services.enrolment.web.identities import check_may, inviter_of, visible_suppliers
from services.enrolment.web.schemas import InviteSchema

programmes_api = Blueprint(
    "programmes_api", __name__, url_prefix="/programmes", description="Programmes, cohorts and applications."
)
suppliers_api = Blueprint("suppliers_api", __name__, url_prefix="/suppliers", description="Suppliers.")
blueprints = (programmes_api, suppliers_api)


class InviterSchema(Schema):
    organisation_id = fields.UUID(allow_none=True)
    organisation_name = fields.String()
    invited_at = fields.AwareDateTime()


class SupplierRowSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    siret = fields.String(allow_none=True)
    commune_name = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    state = fields.String()
    contact_name = fields.String()
    contact_email = fields.String()
    invited_by = fields.List(fields.Nested(InviterSchema))
    invited_at = fields.AwareDateTime(allow_none=True)
    enrolled_at = fields.AwareDateTime(allow_none=True)


class SupplierPageSchema(Schema):
    total = fields.Integer(metadata={"description": "How many suppliers all pages have together."})
    items = fields.List(fields.Nested(SupplierRowSchema))


@programmes_api.get("")
@public
@programmes_api.response(200, ProgrammeSnapshot(many=True))
def list_programmes() -> list[dict[str, Any]]:
    """All programmes."""
    with reading() as session:
        return [programme_snapshot(programme) for programme in queries.all_programmes(session)]


@programmes_api.get("/<slug>/cohorts")
@public
@programmes_api.response(200, CohortSnapshot(many=True))
def list_cohorts(slug: str) -> list[dict[str, Any]]:
    """The cohorts of a programme, the latest first."""
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return [cohort_snapshot(cohort) for cohort in queries.cohorts_of(session, slug)]


@programmes_api.get("/<slug>/cohorts/<label>/applications")
@requires("manager", "adviser", "jury")
@programmes_api.response(200, ApplicationSnapshot(many=True))
def list_applications(slug: str, label: str) -> list[dict[str, Any]]:
    """The applications of a cohort, the first submitted first."""
    check_may(slug, "manager", "adviser", "jury")
    with reading() as session:
        cohort = queries.cohort_by_label(session, slug, label)
        return [
            application_snapshot(
                application, cohort, organisation, session.get_one(Person, application.contact_id)
            )
            for application, organisation in queries.applications_of(session, cohort.id)
        ]


@suppliers_api.get("")
@requires("manager", "adviser", "buyer")
@suppliers_api.response(200, SupplierPageSchema)
def list_suppliers() -> dict[str, Any]:
    """The suppliers that one may see: ``page``, ``per_page``, ``sort``, ``q``, ``state``, ``department``."""
    query = list_query(supplier_list.SORTABLE, default="name")
    with reading() as session:
        rows, total = supplier_list.page(session, visible_suppliers(signed_in_person(), request.args), query)
    return {"total": total, "items": rows}


@suppliers_api.post("")
@requires("manager", "buyer")
@suppliers_api.arguments(InviteSchema)
@suppliers_api.response(201, SupplierSnapshot)
def invite_supplier(details: dict[str, Any]) -> dict[str, Any]:
    """Invite a supplier, who gets an e-mail."""
    with unit_of_work() as work:
        programme, inviter_id = inviter_of(signed_in_person(), work.session)
        command = suppliers.InviteSupplier(programme=programme, inviter_id=inviter_id, **details)
        supplier, _ = suppliers.invite_supplier(command, runtime().settings.public_url, work)
        return supplier_snapshot(supplier, work.get(Organisation, supplier.organisation_id))
