"""Writes a message: from its occasion and the directory to the letter and the mail that leaves."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any
from urllib.parse import urljoin

from sqlalchemy.orm import Session

from services.chassis.settings import Settings
from services.notifications.calendar_parts import calendar_part
from services.notifications.delivery.mail import build_mail
from services.notifications.domain.digest import WEEKLY_DIGEST
from services.notifications.domain.message import Message
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.preferences import unsubscribe_headers, unsubscribe_token
from services.notifications.handlers.present_names import with_present_names
from services.notifications.letters import Letter, write_letter, write_subject
from services.notifications.storage import queries
from services.notifications.workflow_file import LOCALES, workflows

HIDDEN_LINK = "#"


def write_mail(session: Session, message: Message, settings: Settings) -> tuple[EmailMessage, str]:
    """The mail, and its subject line.

    Raises ValueError when the address is none, and whatever a template raises that cannot be filled.
    """
    values = _values(session, message, settings)
    letter = write_letter(message.workflow, _locale(message), values)
    unsubscribe_link = values["unsubscribe_link"]
    mail = build_mail(
        letter,
        message_id=message.id,
        sender=settings.mail_from,
        sender_name=values["sender_name"],
        reply_to=values["contact_email"],
        recipient=message.address,
        recipient_name=message.name,
        locale=_locale(message),
        date=message.claimed_at or message.planned_at,
        headers=unsubscribe_headers(unsubscribe_link) if unsubscribe_link else {},
        calendar=calendar_part(session, message, settings),
    )
    return mail, letter.subject


def preview(session: Session, message: Message, settings: Settings) -> Letter:
    """The letter as others than its recipient may see it, without links with which one could act for them."""
    values = _values(session, message, settings, hide_secrets=True)
    return write_letter(message.workflow, _locale(message), values)


def _values(
    session: Session, message: Message, settings: Settings, *, hide_secrets: bool = False
) -> dict[str, Any]:
    workflow = workflows()[message.workflow]
    occasion = session.get_one(Occasion, message.occasion_id)
    programme = queries.programme_of(session, message.programme)
    link = urljoin(f"{settings.public_url}/", workflow.path(occasion.values))
    has_account = message.recipient_id is not None or queries.person_with_address(session, message.address)
    unsubscribe = f"{settings.public_url}/notifications/unsubscribe/"
    values = {
        **with_present_names(session, occasion.values),
        "sender_name": programme.name if programme else settings.product_name,
        "contact_email": programme.contact_email if programme else None,
        "recipient": {"name": message.name},
        "link": HIDDEN_LINK if hide_secrets and workflow.secret_link else link,
        "preferences_link": f"{settings.public_url}/notifications/preferences" if has_account else None,
        "unsubscribe_link": None
        if not workflow.is_optional
        else HIDDEN_LINK
        if hide_secrets
        else unsubscribe + unsubscribe_token(message.address, settings.secret_key),
    }
    if message.workflow == WEEKLY_DIGEST:
        values["items"] = _items(session, message, settings, hide_secrets=hide_secrets)
    return values


def _items(
    session: Session, digest: Message, settings: Settings, *, hide_secrets: bool
) -> list[dict[str, Any]]:
    """What a digest tells: of each message in it the subject, the link and the day."""
    items = []
    for message in queries.messages_in_digest(session, digest.id):
        values = _values(session, message, settings, hide_secrets=hide_secrets)
        occasion = session.get_one(Occasion, message.occasion_id)
        items.append(
            {
                "subject": write_subject(message.workflow, _locale(digest), values),
                "link": values["link"],
                "occurred_at": occasion.occurred_at,
            }
        )
    return items


def _locale(message: Message) -> str:
    return message.locale if message.locale in LOCALES else LOCALES[0]
