"""Messages: the list of all, and one with its letter and what became of it."""

from __future__ import annotations

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from jinja2 import TemplateError
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import Conflict, DomainError, NotFound
from services.chassis.web.access import requires
from services.chassis.web.exports import table_response
from services.chassis.web.i18n import current_locale, error_message
from services.chassis.web.i18n import gettext as _
from services.chassis.web.paging import Page, list_query
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.notifications.domain.message import Message, Reason, State
from services.notifications.handlers import deciding, writing
from services.notifications.letters import Letter
from services.notifications.storage import message_list, queries
from services.notifications.storage.message_list import SORTABLE
from services.notifications.web.letters import letter_response
from services.notifications.web.visibility import sees_everything, visible_message, visible_messages
from services.notifications.workflow_file import workflows

pages = Blueprint("messages", __name__)
_MOST_EXPORTED = 100_000


@pages.get("/")
@requires("manager", "operator")
def message_index() -> str:
    """The messages that this person may see, the latest first."""
    query = list_query(SORTABLE, default="-when")
    chosen = visible_messages(signed_in_person(), request.args)
    with reading() as session:
        rows, total = message_list.page(session, chosen, query)
    return render_template(
        "messages.html",
        page=Page(rows, total, query),
        chosen=chosen,
        search=query.search,
        labels=_workflow_labels(),
        is_filtered=bool(query.search or chosen.state or chosen.workflow),
    )


@pages.get("/messages.<any(csv, xlsx):file_format>")
@requires("manager", "operator")
def export(file_format: str) -> Response:
    """The whole list, as it is filtered."""
    query = list_query(SORTABLE, default="-when")
    with reading() as session:
        rows = message_list.everything(
            session, visible_messages(signed_in_person(), request.args), query, most=_MOST_EXPORTED
        )
    labels = _workflow_labels()
    state_word = get_template_attribute("words.html", "state_word")
    reason = get_template_attribute("words.html", "reason")
    return table_response(
        file_format,
        _("messages"),
        [
            _("Occasion"),
            _("Name"),
            _("E-mail"),
            _("Subject"),
            _("State"),
            _("Reason"),
            _("Planned"),
            _("Due"),
            _("Sent"),
        ],
        (
            (
                labels.get(row.workflow, row.workflow),
                row.name,
                row.address,
                row.subject_line,
                str(state_word(row.state)).strip(),
                str(reason(row)).strip(),
                row.planned_at,
                row.due_at,
                row.sent_at,
            )
            for row in rows
        ),
    )


@pages.get("/messages/<uuid:message_id>")
@requires("manager", "operator")
def message(message_id: UUID) -> str:
    with reading() as session:
        found = visible_message(session, signed_in_person(), message_id)
        workflow = workflows().get(found.workflow)
        return render_template(
            "message.html",
            message=found,
            programme=queries.programme_of(session, found.programme) if found.programme else None,
            label=_workflow_labels().get(found.workflow, found.workflow),
            has_letter=workflow is not None,
            hides_link=workflow is not None and workflow.secret_link,
            contents=queries.messages_in_digest(session, found.id),
            labels=_workflow_labels(),
            sees_digests=sees_everything(signed_in_person()),
            can_try_again=found.state is State.FAILED or found.reason is Reason.EXPIRED,
        )


@pages.get("/messages/<uuid:message_id>/letter")
@requires("manager", "operator")
def letter(message_id: UUID) -> Response:
    """The letter in HTML, for the frame on the message's page."""
    return letter_response(_letter(message_id).html)


@pages.get("/messages/<uuid:message_id>/text")
@requires("manager", "operator")
def text(message_id: UUID) -> Response:
    """The letter in plain text."""
    return Response(_letter(message_id).text, mimetype="text/plain")


@pages.post("/messages/<uuid:message_id>/try-again")
@requires("manager", "operator")
def try_again(message_id: UUID) -> AnyResponse:
    with reading() as session:
        visible_message(session, signed_in_person(), message_id)
    try:
        with unit_of_work() as work:
            deciding.try_again(message_id, work)
    except DomainError as error:
        flash(error_message(error), "error")
    else:
        flash(_("The message is on its way again."), "success")
    return redirect(url_for("messages.message", message_id=message_id), 303)


def _letter(message_id: UUID) -> Letter:
    with reading() as session:
        found: Message = visible_message(session, signed_in_person(), message_id)
        if workflows().get(found.workflow) is None:
            raise NotFound("This kind of letter is not written any more.")
        try:
            return writing.preview(session, found, runtime().settings)
        except TemplateError as error:
            raise Conflict("This letter cannot be written: a value that it needs is missing.") from error


def _workflow_labels() -> dict[str, str]:
    locale = current_locale()
    return {key: workflow.label[locale] for key, workflow in workflows().by_key.items()}
