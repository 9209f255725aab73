"""The JSON API of notifications: the same use cases as the pages, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask_smorest import Blueprint

from services.chassis.web.access import requires
from services.chassis.web.lists import lists, page_of
from services.chassis.web.paging import list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.notifications.domain.message import Message
from services.notifications.domain.preferences import Choice, Preferences, preferences_id
from services.notifications.handlers import deciding
from services.notifications.storage import message_list
from services.notifications.web.schemas import MessageSchema, PreferencesOutput, PreferencesSchema
from services.notifications.web.visibility import visible_message, visible_messages

messages_api = Blueprint(
    "messages_api", __name__, url_prefix="/messages", description="Messages and what became of them."
)
preferences_api = Blueprint(
    "preferences_api", __name__, url_prefix="/preferences", description="How much mail one wants."
)
blueprints = (messages_api, preferences_api)


@messages_api.get("")
@requires("manager", "operator")
@lists(message_list.SORTABLE, "state", "workflow")
@messages_api.response(200, page_of(MessageSchema))
def list_messages() -> dict[str, Any]:
    """The messages that the caller sees."""
    query = list_query(message_list.SORTABLE, default="-when")
    with reading() as session:
        rows, total = message_list.page(session, visible_messages(signed_in_person(), request.args), query)
    return {"total": total, "items": rows}


@messages_api.get("/<uuid:message_id>")
@requires("manager", "operator")
@messages_api.response(200, MessageSchema)
def one_message(message_id: UUID) -> Message:
    """One message."""
    with reading() as session:
        return visible_message(session, signed_in_person(), message_id)


@messages_api.post("/<uuid:message_id>/try-again")
@requires("manager", "operator")
@messages_api.response(200, MessageSchema)
def try_again(message_id: UUID) -> Message:
    """Have a message that failed or came too late sent after all."""
    with reading() as session:
        visible_message(session, signed_in_person(), message_id)
    with unit_of_work() as work:
        return deciding.try_again(message_id, work)


@preferences_api.get("")
@requires()
@preferences_api.response(200, PreferencesOutput)
def get_preferences() -> dict[str, Any]:
    """What the caller's address gets of programme mails."""
    email = signed_in_person().email
    with reading() as session:
        known = session.get(Preferences, preferences_id(email))
    return {"address": email, "choice": known.choice if known else Choice.IMMEDIATE}


@preferences_api.put("")
@requires()
@preferences_api.arguments(PreferencesSchema)
@preferences_api.response(200, PreferencesOutput)
def choose(details: dict[str, Any]) -> dict[str, Any]:
    """Choose it: each mail at once, one a week in their place, or none."""
    email = signed_in_person().email
    with unit_of_work() as work:
        return {"address": email, "choice": deciding.choose(email, details["choice"], work).choice}
