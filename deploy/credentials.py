"""The secrets of an installation: which there are, what is in each, and who makes it.

Whole addresses are secrets, since the services take them as they are. They consist of characters that need no
escaping anywhere, because shell scripts read them too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from deploy.installation import SERVICES, Installation

DATABASE_PASSWORD = "database-password"
BROKER_URI = "broker-uri"
BROKER_COOKIE = "broker-cookie"
MAIL_PASSWORD = "mail-password"
SECRET_KEY = "secret-key"
SESSION_PRIVATE_KEY = "session-private-key"
SESSION_PUBLIC_KEY = "session-public-key"
TLS_CERTIFICATE = "tls-certificate"
TLS_KEY = "tls-key"
_TLS = (TLS_CERTIFICATE, TLS_KEY)


def database_url(service: str) -> str:
    """The name of the secret that is the address of a service's database."""
    return f"database-{service}"


@dataclass(frozen=True)
class Credential:
    """Secrets that belong together: a pair is made, and replaced, as one.

    ``make`` gives a new value for each name. None where only the operator knows the value.
    """

    names: tuple[str, ...]
    meaning: str
    make: Callable[[], Mapping[str, str]] | None = None


def credentials_of(installation: Installation) -> Iterator[Credential]:
    """All that the installation needs."""
    yield Credential(
        (SESSION_PRIVATE_KEY, SESSION_PUBLIC_KEY), "the key pair that signs people in", _session_keys
    )
    yield _random(SECRET_KEY, "what browsers keep is signed with it")
    yield from _of_database(installation)
    yield from _of_broker(installation)
    if installation.tls.is_given:
        yield Credential(_TLS, "the certificate chain and its key, both as PEM")
    else:
        make = partial(_certificate, installation)
        yield Credential(_TLS, "a certificate that signs itself, and its key", make)
    if installation.mail.needs_password:
        yield Credential((MAIL_PASSWORD,), "of the account in mail.url")


def secret_names(installation: Installation) -> tuple[str, ...]:
    return tuple(name for credential in credentials_of(installation) for name in credential.names)


def _of_database(installation: Installation) -> Iterator[Credential]:
    for service in SERVICES:
        name = database_url(service)
        if installation.database.is_external:
            form = f"postgresql+psycopg://user:password@host/{service}"
            yield Credential((name,), f"the database of {service}, as {form}")
        else:
            make = partial(_database_address, service)
            yield Credential((name,), f"the address of {service}'s database", make)
    if not installation.database.is_external:
        yield _random(DATABASE_PASSWORD, "of the database's administrator")


def _of_broker(installation: Installation) -> Iterator[Credential]:
    if installation.broker.is_external:
        yield Credential((BROKER_URI,), "the broker, as amqps://user:password@host/virtual-host")
    else:
        yield Credential((BROKER_URI,), "the address of the broker", _broker_address)
        yield _random(BROKER_COOKIE, "by which the broker's nodes and tools know each other")


def _random(name: str, meaning: str) -> Credential:
    return Credential((name,), meaning, lambda: {name: _random_word()})


def _random_word() -> str:
    return secrets.token_urlsafe(32)


def _database_address(service: str) -> Mapping[str, str]:
    return {database_url(service): f"postgresql+psycopg://{service}:{_random_word()}@database/{service}"}


def _broker_address() -> Mapping[str, str]:
    return {BROKER_URI: f"amqp://cesar:{_random_word()}@broker/cesar"}


def _session_keys() -> Mapping[str, str]:
    from services.chassis.web.tokens import generate_key_pair

    private_key, public_key = generate_key_pair()
    return {SESSION_PRIVATE_KEY: private_key, SESSION_PUBLIC_KEY: public_key}


def _certificate(installation: Installation) -> Mapping[str, str]:
    from deploy.certificate import self_signed

    host = urlsplit(installation.public_url).hostname or ""
    return dict(zip(_TLS, self_signed(host), strict=True))
