"""Events that a service could not handle, for its operator's programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.chassis import failures, inbox
from services.chassis.failures import FailedEvent
from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work

operations_api = Blueprint(
    "operations_api", __name__, url_prefix="/operations", description="Events that could not be handled."
)

_STATES: tuple[failures.State, ...] = ("parked", "retrying", "discarded", "resolved")
_UNDECIDED: tuple[failures.State, ...] = ("parked", "retrying")


class FailedEventSchema(Schema):
    id = fields.UUID()
    type = fields.String(allow_none=True, metadata={"description": "Null for what cannot be read."})
    state = fields.String(metadata={"description": ", ".join(_STATES)})
    error = fields.String()
    attempts = fields.Integer()
    replaying = fields.Boolean(metadata={"description": "Whether it came again from the event log."})
    first_failed_at = fields.AwareDateTime()
    last_failed_at = fields.AwareDateTime()
    next_attempt_at = fields.AwareDateTime(allow_none=True)
    decision = fields.String(allow_none=True, metadata={"description": "Who gave it up, and why."})


class FailedEventDetail(FailedEventSchema):
    body = fields.String(metadata={"description": "What came; bytes that are no text are as \\xff."})
    traceback = fields.String()


class EventDecisionSchema(Schema):
    """``retry`` tries again at once, with a mended ``body`` if there is one; ``discard`` needs a reason."""

    decision = fields.String(required=True, validate=validate.OneOf(["retry", "discard"]))
    body = fields.String(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=500))


@operations_api.get("/failed")
@requires("operator")
@lists((), "state")
@operations_api.response(200, page_of(FailedEventSchema))
def list_failed() -> dict[str, Any]:
    """Those that nobody has decided on, the newest failure first; with ``state`` those in it."""
    asked = request.args.get("state")
    states = tuple(state for state in _STATES if state == asked) if asked else _UNDECIDED
    with reading() as session:
        return page_of_rows(failures.list_failed(session, states))


@operations_api.get("/failed/<uuid:failed_id>")
@requires("operator")
@operations_api.response(200, FailedEventDetail)
def get_failed(failed_id: UUID) -> dict[str, Any]:
    """One of them, with all that one needs to judge it."""
    with reading() as session:
        return _detail(failures.find(session, failed_id))


@operations_api.post("/failed/<uuid:failed_id>/decision")
@requires("operator")
@operations_api.arguments(EventDecisionSchema)
@operations_api.response(200, FailedEventDetail)
def decide(details: dict[str, Any], failed_id: UUID) -> dict[str, Any]:
    """Try it again, or give it up for good. 409 when it is done with."""
    with unit_of_work() as work:
        if details["decision"] == "retry":
            mended = None if details["body"] is None else details["body"].encode()
            failures.retry_now(work.session, failed_id, work.now, mended)
        else:
            inbox.discard(work, failed_id, details["reason"], by=signed_in_person().name)
        return _detail(failures.find(work.session, failed_id))


def _detail(failed: FailedEvent) -> dict[str, Any]:
    return {**vars(failed), "body": failed.body.decode("utf-8", "backslashreplace")}
