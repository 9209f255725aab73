"""The audit log of each service, for programs: filtered as on its page."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis import audit_list
from services.chassis.web.access import requires
from services.chassis.web.audit_pages import entries_asked_for
from services.chassis.web.lists import lists, page_of
from services.chassis.web.paging import list_query
from services.chassis.web.work import reading

audit_api = Blueprint("audit_api", __name__, url_prefix="/audit", description="Who did what, from where.")


class AuditEntrySchema(Schema):
    at = fields.AwareDateTime()
    person_id = fields.UUID(allow_none=True)
    person_name = fields.String(allow_none=True)
    role = fields.String(
        allow_none=True,
        metadata={"description": "By which they were let in; “system” for what followed by a rule."},
    )
    organisation_id = fields.UUID(allow_none=True)
    programme = fields.String(allow_none=True)
    channel = fields.String()
    route = fields.String()
    action = fields.String()
    subject = fields.UUID(allow_none=True)
    outcome = fields.String(metadata={"description": "done or refused"})
    address = fields.String(allow_none=True)
    correlation_id = fields.UUID()


@audit_api.get("")
@requires("manager", "operator")
@lists(audit_list.SORTABLE, "from", "to", "outcome")
@audit_api.response(200, page_of(AuditEntrySchema))
def list_entries() -> dict[str, Any]:
    """The log, for managers that of their programmes; ``from`` and ``to`` are days."""
    query = list_query(audit_list.SORTABLE, default="-at")
    with reading() as session:
        rows, total = audit_list.page(session, entries_asked_for(), query)
    return {"total": total, "items": rows}
