"""A notifications service with an empty database, what others tell it, and a mail server that obeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select

from services.chassis.database import Database
from services.chassis.events import Event
from services.chassis.failures import list_failed
from services.chassis.inbox import Delivery, handle
from services.chassis.messages import outbox
from services.chassis.service import Runtime
from services.chassis.settings import Settings
from services.notifications.domain.message import Message
from services.notifications.handlers.sending import send_due
from services.notifications.service import SERVICE
from tests.unit.notifications import samples
from tests.unit.notifications.examples import THURSDAY

PUBLIC_URL = "http://localhost:8000"


@dataclass
class PostOffice:
    """A transport that keeps what it takes, or fails as it is told."""

    is_idempotent: bool = False
    reaches_people: bool = True
    failure: Exception | None = None
    taken: list[EmailMessage] = field(default_factory=list)

    def deliver(self, mail: EmailMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.taken.append(mail)


@dataclass
class World:
    """The service at work, on a day that the test chooses."""

    runtime: Runtime
    post: PostOffice
    now: datetime = THURSDAY

    def hears(self, *events: Event, replaying: bool = False) -> None:
        """One transaction for each event, as if they came one by one."""
        for event in events:
            handle(self.runtime, [Delivery(event.to_bytes(), replaying=replaying)])

    def hears_at_once(self, *events: Event) -> None:
        """All of them in one batch, in this order."""
        handle(self.runtime, [Delivery(event.to_bytes()) for event in events])

    def sends(self) -> list[EmailMessage]:
        """Send until nothing is due; the mails that left."""
        before = len(self.post.taken)
        while send_due(self.runtime, self.post):
            pass
        return self.post.taken[before:]

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def messages(self, workflow: str | None = None) -> list[Message]:
        with self.runtime.read() as session:
            found = session.scalars(select(Message)).all()
            return sorted(
                (each for each in found if workflow in (None, each.workflow)),
                key=lambda each: (each.workflow, each.address),
            )

    def the(self, workflow: str) -> Message:
        """The only message of a workflow."""
        [message] = self.messages(workflow)
        return message

    def published(self) -> list[Event]:
        with self.runtime.read() as session:
            bodies = session.scalars(select(outbox.c.body).order_by(outbox.c.position))
            return [Event.from_bytes(body) for body in bodies]

    def unhandled(self) -> list[str]:
        """What could not be handled: a test that only looks at results would miss it."""
        with self.runtime.read() as session:
            return [failed.error for failed in list_failed(session)]


def new_world(folder: Path, **post: Any) -> World:
    settings = Settings(
        database_url=f"sqlite:///{folder / 'notifications.db'}",
        amqp_uri="memory://",
        public_url=PUBLIC_URL,
        mail_url=f"maildir://{folder / 'mailbox'}",
        mail_from="Cesar <cesar@cci.example>",
        session_public_key="none is needed",
        secret_key="a secret of sixteen characters or more",
    )
    database = Database(settings.database_url)
    SERVICE.metadata.create_all(database.engine)
    world = World(Runtime(SERVICE, settings, database), PostOffice(**post))
    world.runtime.clock = lambda: world.now
    return world


def told(
    event_type: str,
    data: Mapping[str, Any],
    sequence: int = 1,
    at: datetime = THURSDAY,
    *,
    subject: str | None = None,
) -> Event:
    """An event as its producer publishes it; the same type, subject and sequence are the same event."""
    about = UUID(subject or str(data["id"]))
    return Event(
        id=uuid5(NAMESPACE_OID, f"{event_type}/{about}/{sequence}"),
        source=event_type.partition(".")[0],
        type=event_type,
        version=1,
        subject=about,
        sequence=sequence,
        time=at,
        data=data,
        correlation_id=about,
    )


def person(name: str, *grants: Mapping[str, Any], sequence: int = 1) -> Event:
    identifier = uuid5(NAMESPACE_OID, name)
    data = {
        "id": str(identifier),
        "name": name,
        "email": f"{name.split()[0].lower()}@cci.example",
        "locale": "fr",
        "grants": list(grants),
    }
    return told(
        "enrolment.person.registered" if sequence == 1 else "enrolment.person.updated", data, sequence
    )


def grant(role: str, programme: str | None = "cesar", organisation_id: str | None = None) -> dict[str, Any]:
    return {"role": role, "programme": programme, "organisation_id": organisation_id}


def programme() -> Event:
    data = {
        "id": str(UUID(int=999)),
        "slug": "cesar",
        "name": "C.E.S.A.R.",
        "chamber": "CCI Hérault",
        "contact_email": "cesar@cci.example",
    }
    return told("enrolment.programme.created", data)


def application(what: str, sequence: int = 1, at: datetime = THURSDAY, **changes: Any) -> Event:
    states = {"returned": "draft", "review_started": "under_review", "resumed": "enrolled"}
    data = samples.application(state=states.get(what, what), **changes)
    return told(f"enrolment.application.{what}", data, sequence, at)


def supplier(what: str, sequence: int = 1, at: datetime = THURSDAY, **changes: Any) -> Event:
    states = {"activated": "active"}
    url = samples.supplier()["invitation_url"] if what == "invited" else None
    data = samples.supplier(**{"state": states.get(what, what), "invitation_url": url} | changes)
    return told(f"enrolment.supplier.{what}", data, sequence, at)


def assessment(what: str, sequence: int = 1, at: datetime = THURSDAY, **changes: Any) -> Event:
    states = {
        "started": "in_progress",
        "reopened": "in_progress",
        "review_started": "in_review",
        "changes_requested": "in_progress",
    }
    data = samples.assessment(**{"state": states.get(what, what)} | changes)
    return told(f"assessment.assessment.{what}", data, sequence, at)


def sharing(what: str, sequence: int = 1, at: datetime = THURSDAY) -> Event:
    return told(f"assessment.sharing.{what}", samples.sharing(), sequence, at)


def sign_in(at: datetime = THURSDAY, number: int = 0) -> Event:
    data = samples.sign_in(
        id=str(UUID(int=7000 + number)), expires_at=(at + timedelta(minutes=20)).isoformat()
    )
    return told("enrolment.sign_in.requested", data, 1, at)


MANAGER = person("Claire Manager", grant("manager"))
ADVISER = person("Adrien Adviser", grant("adviser"))
BUYER = person("Beatrice Buyer", grant("buyer", organisation_id=samples.BUYER_ID))
OTHER_BUYER = person("Olivier Other", grant("buyer", organisation_id=samples.FIRM_ID))
TEAM = (programme(), MANAGER, ADVISER, BUYER, OTHER_BUYER)


def addresses(mails: Iterable[EmailMessage]) -> list[str]:
    return sorted(mail["To"].addresses[0].addr_spec for mail in mails)


def subjects(mails: Iterable[EmailMessage]) -> list[str]:
    """The subjects, without the difference between one kind of space and another."""
    return [" ".join(str(mail["Subject"]).split()) for mail in mails]
