"""A small service around the web chassis: what the chassis needs of a process, and nothing real behind it."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask
from flask.testing import FlaskClient
from prometheus_client import Metric
from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.chassis.gauges import gauge
from services.chassis.messages import audit_entry, session_state
from services.chassis.web.application import create_app
from services.chassis.web.identity import Grant, Identity, SessionClaim
from services.chassis.web.session import SESSION_COOKIE, SESSION_LIFETIME, issue_api_token
from services.chassis.web.tokens import SESSION_AUDIENCE, encode_token, generate_key_pair

MONDAY = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)
TOKEN_LIFETIME = timedelta(days=30)
PROGRAM = UUID("01928f6e-0000-7000-8000-0000000000a1")
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@cache
def keys(whose: str = "ours") -> tuple[str, str]:
    """Private and public key of somebody who signs tokens."""
    return generate_key_pair()


@dataclass
class Settings:
    public_url: str = "http://localhost"
    session_public_key: str = field(default_factory=lambda: keys()[1])
    session_private_key: str | None = field(default_factory=lambda: keys()[0])
    secret_key: str = "a secret of the tests"
    embedded: bool = False
    product_name: str = "Cesar"
    trusted_proxies: int = 0


@dataclass
class Service:
    name: str = "orchard"


@dataclass
class Runtime:
    settings: Settings = field(default_factory=Settings)
    now: datetime = MONDAY
    problems: list[str] = field(default_factory=list)
    has_been_ready: bool = False
    database: Database = field(default_factory=lambda: log_only())

    def read(self) -> AbstractContextManager[Session]:
        return self.database.read()

    def clock(self) -> datetime:
        return self.now

    def check_ready(self) -> list[str]:
        return self.problems

    def measure(self) -> Iterable[Metric]:
        return [gauge("ripe_fruit", "Fruit that is ripe.", "any", 3)]


def log_only() -> Database:
    """A database with nothing in it but the audit log, and one token whose use was told just now."""
    database = Database(f"sqlite:///{mkdtemp(prefix='cesar-orchard-')}/orchard.db")
    audit_entry.create(database.engine)
    session_state.create(database.engine)
    with database.write() as session:
        row = {"session_id": PROGRAM, "version": 1, "expires_at": MONDAY + TOKEN_LIFETIME, "used_at": MONDAY}
        session.execute(insert(session_state).values(row))
    return database


def build(
    *blueprints: Blueprint,
    runtime: Runtime | None = None,
    service: str = "orchard",
    folder: Path | None = None,
    **options: Any,
) -> Flask:
    app = create_app(Service(service), runtime or Runtime(), blueprints, folder=folder, **options)
    app.testing = True
    return app


def write_templates(folder: Path, **templates: str) -> Path:
    """A service's folder with these templates; returns the folder."""
    place = folder / "web" / "templates"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (place / f"{name}.html").write_text(text, "utf-8")
    return folder


def person(*roles: str, locale: str = "fr", grants: Iterable[Grant] = ()) -> Identity:
    return Identity(
        person_id=UUID("01928f6e-0000-7000-8000-000000000001"),
        name="Élise Martin",
        email="elise.martin@example.fr",
        locale=locale,
        grants=(*(Grant(role, "cesar") for role in roles), *grants),
    )


def api_token(
    identity: Identity, expires_at: datetime = MONDAY + TOKEN_LIFETIME, *, key: str | None = None
) -> str:
    """A token for a program of this person's, signed with our private key or another."""
    named = replace(identity, session=SessionClaim(PROGRAM, expires_at))
    return issue_api_token(key or keys()[0], named, TOKEN_LIFETIME, now=MONDAY)


def sign_in(client: FlaskClient, identity: Identity, *, now: datetime = MONDAY) -> None:
    """Give the browser the cookie that signing in would."""
    token = encode_token(
        keys()[0], identity, audience=SESSION_AUDIENCE, issued_at=now, lifetime=SESSION_LIFETIME
    )
    client.set_cookie(SESSION_COOKIE, token)
