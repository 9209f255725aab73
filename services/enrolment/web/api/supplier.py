"""One supplier, for programs: what is put right about it. The tag is that of the whole supplier."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.handlers import organisation_changes, supplier_changes
from services.enrolment.web.organisation_forms import correction
from services.enrolment.web.schemas.supplier_api import SupplierDetail
from services.enrolment.web.schemas.suppliers import ContactSchema, DetailsSchema, LeavingSchema
from services.enrolment.web.supplier_view import (
    as_detail,
    check_allowed,
    programmes_to_answer_for,
    supplier_view,
)

supplier_api = Blueprint(
    "supplier_api",
    __name__,
    url_prefix="/suppliers/<uuid:supplier_id>",
    description="One supplier, and what is put right about it.",
)


@supplier_api.get("")
@requires("manager", "adviser", "buyer")
@supplier_api.etag
@supplier_api.response(200, SupplierDetail)
def get_supplier(supplier_id: UUID) -> dict[str, Any]:
    """One supplier that one may see in the list, with what happened to it."""
    return _detail(supplier_id)


@supplier_api.post("/invitation")
@requires("manager", "buyer")
@supplier_api.response(200, SupplierDetail)
def send_again(supplier_id: UUID) -> dict[str, Any]:
    """Send an unanswered invitation again: the old link dies. 409 within a day of the last one."""
    with unit_of_work() as work:
        check_allowed(supplier_view(work.session, supplier_id).may_send_again)
        supplier_changes.invite_again(
            supplier_id, signed_in_person().person_id, runtime().settings.public_url, work
        )
        return _changed(work, supplier_id)


@supplier_api.put("/contact")
@requires("manager", "buyer")
@supplier_api.etag
@supplier_api.arguments(ContactSchema)
@supplier_api.response(200, SupplierDetail)
def correct_contact(details: dict[str, Any], supplier_id: UUID) -> dict[str, Any]:
    """Correct whom an invitation goes to. 409 as soon as somebody has accepted it."""
    with unit_of_work() as work:
        supplier_changes.locked_supplier(supplier_id, work)
        view = supplier_view(work.session, supplier_id)
        check_allowed(view.may_correct_contact or (view.may_manage and view.may_correct))
        supplier_api.check_etag(as_detail(view), SupplierDetail)
        command = supplier_changes.CorrectContact(
            supplier_id=supplier_id,
            name=details["contact_name"],
            email=details["contact_email"],
            phone=details["contact_phone"],
            by=signed_in_person().person_id,
        )
        supplier_changes.correct_contact(command, runtime().settings.public_url, work)
    return _tagged(supplier_id)


@supplier_api.put("/details")
@requires("manager", "buyer")
@supplier_api.etag
@supplier_api.arguments(DetailsSchema)
@supplier_api.response(200, SupplierDetail)
def correct_details(details: dict[str, Any], supplier_id: UUID) -> dict[str, Any]:
    """Correct name, commune, size and SIRET. 409 when the SIRET is another one's: merge the two then."""
    with unit_of_work() as work:
        view = supplier_view(work.session, supplier_id)
        check_allowed(view.may_correct)
        seen = work.get(Organisation, view.row.organisation_id).version
        supplier_api.check_etag(as_detail(view), SupplierDetail)
        command = correction(view.row.organisation_id, {**details, "seen_version": seen})
        programmes = programmes_to_answer_for(signed_in_person(), view.row)
        organisation_changes.correct_by_team(command, programmes, work)
    return _tagged(supplier_id)


@supplier_api.post("/leave")
@requires("manager")
@supplier_api.arguments(LeavingSchema)
@supplier_api.response(200, SupplierDetail)
def leave(details: dict[str, Any], supplier_id: UUID) -> dict[str, Any]:
    """Say that the supplier takes part no longer, and why. 409 when it has left already."""
    with unit_of_work() as work:
        check_allowed(supplier_view(work.session, supplier_id).may_manage)
        supplier_changes.leave(supplier_id, work, reason=details["reason"], by=signed_in_person().person_id)
        return _changed(work, supplier_id)


@supplier_api.post("/return")
@requires("manager")
@supplier_api.response(200, SupplierDetail)
def come_back(supplier_id: UUID) -> dict[str, Any]:
    """Bring back a supplier that had left; one that had not accepted gets a new link. 409 otherwise."""
    with unit_of_work() as work:
        check_allowed(supplier_view(work.session, supplier_id).may_manage)
        supplier_changes.come_back(
            supplier_id, signed_in_person().person_id, runtime().settings.public_url, work
        )
        return _changed(work, supplier_id)


def _detail(supplier_id: UUID) -> dict[str, Any]:
    with reading() as session:
        return as_detail(supplier_view(session, supplier_id))


def _changed(work: UnitOfWork, supplier_id: UUID) -> dict[str, Any]:
    """As it is now, also where the transaction is that of the whole request."""
    work.session.flush()
    return as_detail(supplier_view(work.session, supplier_id))


def _tagged(supplier_id: UUID) -> dict[str, Any]:
    detail = _detail(supplier_id)
    supplier_api.set_etag(detail, SupplierDetail)
    return detail
