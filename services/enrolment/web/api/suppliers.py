"""Suppliers, for programs."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.organisation import Organisation
from services.enrolment.events.suppliers import SupplierSnapshot, supplier_snapshot
from services.enrolment.handlers import suppliers
from services.enrolment.storage import supplier_list
from services.enrolment.web.identities import inviter_of, visible_suppliers
from services.enrolment.web.schemas.supplier_api import SupplierRowSchema
from services.enrolment.web.schemas.suppliers import InviteSchema

suppliers_api = Blueprint("suppliers_api", __name__, url_prefix="/suppliers", description="Suppliers.")


@suppliers_api.get("")
@requires("manager", "adviser", "buyer")
@lists(supplier_list.SORTABLE, "state", "department")
@suppliers_api.response(200, page_of(SupplierRowSchema))
def list_suppliers() -> dict[str, Any]:
    """The suppliers that one may see."""
    query = list_query(supplier_list.SORTABLE, default="name")
    with reading() as session:
        chosen = visible_suppliers(signed_in_person(), session, request.args)
        rows, total = supplier_list.page(session, chosen, query)
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
