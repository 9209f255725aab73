"""The demonstration's mailbox: every mail that the embedded product sends, for anyone who tries it out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from services.chassis.model import NotFound
from services.chassis.web.access import public
from services.chassis.web.paging import Page, list_query
from services.chassis.web.work import runtime
from services.notifications.delivery import transport_for
from services.notifications.delivery.maildir import CaughtMail, Mailbox, MaildirTransport
from services.notifications.web.letters import letter_response, links_in

pages = Blueprint("mailbox", __name__, url_prefix="/mailbox")
VIEWS = ("letter", "text", "source")


@pages.get("")
@public
def mail_index() -> str:
    """All mails, the newest first."""
    query = list_query((), per_page=25)
    mailbox = _mailbox()
    identifiers = list(mailbox.newest_first())
    if query.search:
        identifiers = [each for each in identifiers if mailbox.mentions(each, query.search)]
    shown = identifiers[query.offset : query.offset + query.per_page]
    summaries = [mailbox.summary(each) for each in shown]
    return render_template(
        "mailbox.html",
        page=Page(summaries, len(identifiers), query),
        search=query.search,
        has_mails=bool(identifiers),
    )


@pages.get("/<uuid:mail_id>")
@public
def mail(mail_id: UUID) -> str:
    """One mail: the letter, its links, its plain text, and its source with all headers."""
    caught = _caught(mail_id)
    view = request.args.get("view")
    return render_template(
        "mail.html",
        mail=caught,
        summary=_mailbox().summary(mail_id),
        letter_links=links_in(caught.body("html")),
        view=view if view in VIEWS else VIEWS[0],
        headers=[(name, str(value)) for name, value in caught.mail.items()],
        text=caught.body("plain"),
    )


@pages.get("/<uuid:mail_id>/letter")
@public
def letter(mail_id: UUID) -> Response:
    """The letter in HTML, for the frame on the mail's page."""
    return letter_response(_caught(mail_id).body("html"))


def _mailbox() -> Mailbox:
    transport = transport_for(runtime().settings.mail_url)
    assert isinstance(transport, MaildirTransport), "The mailbox is only registered with a maildir."
    return Mailbox(transport.folder)


def _caught(mail_id: UUID) -> CaughtMail:
    caught = _mailbox().open(mail_id)
    if caught is None:
        raise NotFound("There is no such mail.")
    return caught
