"""Assessment's web application, and the people who come to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from services.assessment.domain.assessment import Person
from services.assessment.reactions import reactions
from services.assessment.service import SERVICE
from services.assessment.web import create_app
from services.chassis.events import Event
from services.chassis.service import Runtime
from services.chassis.settings import Settings
from services.chassis.web.identity import Grant, Identity
from services.chassis.web.session import SESSION_COOKIE
from services.chassis.web.tokens import SESSION_AUDIENCE, encode_token, generate_key_pair
from tests.unit.assessment.examples import ADVISER, MARIE, NOON
from tests.unit.assessment.service_examples import GARDENS, HISTORY, HOSPITAL, MAUGUIO

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@cache
def keys() -> tuple[str, str]:
    return generate_key_pair()


class Site:
    """The application, a clock that tests can set, and clients for people in their roles."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        settings = Settings(
            database_url=f"sqlite:///{folder}/assessment.db",
            amqp_uri="memory://",
            public_url="http://localhost",
            mail_url="maildir:mail",
            mail_from="cesar@example.fr",
            session_public_key=keys()[1],
            secret_key="not a secret in tests",
        )
        self.runtime = Runtime.start(SERVICE, settings, clock=lambda: self.now)
        SERVICE.metadata.create_all(self.runtime.database.engine)
        self.app: Flask = create_app(self.runtime)
        self.app.testing = True

    def begin_again(self) -> None:
        """One supplier has been assigned an assessment; nothing else has happened, and it is noon."""
        self.now = NOON
        with self.runtime.unit_of_work() as unit_of_work:
            for table in reversed(SERVICE.metadata.sorted_tables):
                unit_of_work.session.execute(delete(table))
            for event in HISTORY:
                reactions.apply(event, unit_of_work)

    def hear(self, *events: Event) -> None:
        """Something more is told by enrolment."""
        with self.runtime.unit_of_work() as unit_of_work:
            for event in events:
                reactions.apply(event, unit_of_work)

    def visitor(self, role: str | None, organisation: UUID | None = None, **who: object) -> FlaskClient:
        """A browser; with a role, somebody is signed in."""
        client = self.app.test_client()
        if role is not None:
            person = who.get("person", MARIE)
            programme = who.get("programme", "cesar")
            assert isinstance(person, Person)
            grant = Grant(role, str(programme), organisation)
            identity = Identity(person.id, person.name, "someone@example.fr", "en", (grant,))
            issued_at: datetime = self.now
            token = encode_token(
                keys()[0],
                identity,
                audience=SESSION_AUDIENCE,
                issued_at=issued_at,
                lifetime=timedelta(days=9),
            )
            client.set_cookie(SESSION_COOKIE, token)
        return client

    def supplier(self) -> FlaskClient:
        return self.visitor("supplier", GARDENS)

    def adviser(self) -> FlaskClient:
        return self.visitor("adviser", person=ADVISER)

    def buyer(self) -> FlaskClient:
        return self.visitor("buyer", MAUGUIO)

    def other_buyer(self) -> FlaskClient:
        return self.visitor("buyer", HOSPITAL)


@contextmanager
def a_site() -> Iterator[Site]:
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        yield site
        site.runtime.database.close()
