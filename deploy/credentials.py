"""The secrets of an installation: which there are, what is in each, and who makes it.

Whole addresses are secrets, since the services take them as they are. They consist of characters that need no
escaping anywhere, because shell scripts read them too.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from deploy.installation import SERVICES, Installation

DATABASE_PASSWORD = "database-password"
BROKER_URI = "broker-uri"
BROKER_COOKIE = "broker-cookie"
MAIL_PASSWORD = "mail-password"
OPENID_SECRET = "openid-client-secret"
SECRET_KEY = "secret-key"
SESSION_PRIVATE_KEY = "session-private-key"
SESSION_PUBLIC_KEY = "session-public-key"
TLS_CERTIFICATE = "tls-certificate"
TLS_KEY = "tls-key"
_TLS = (TLS_CERTIFICATE, TLS_KEY)

# What scripts take apart.
_WORD = r"[A-Za-z0-9._-]+"
_LONG_WORD = r"[A-Za-z0-9._-]{16,}"
_ACCOUNT = f"{_WORD}:{_WORD}"
_PEM = r"-----BEGIN [A-Z0-9 ]+-----\s.+-----END [A-Z0-9 ]+-----\s*"


def database_url(service: str) -> str:
    """The name of the secret that is the address of a service's database."""
    return f"database-{service}"


@dataclass(frozen=True)
class Credential:
    """Secrets that belong together: a pair is made as one.

    ``make`` gives a new value for each name; None where only the operator knows it. What an operator gives
    has to fit ``form``, a regular expression.
    """

    names: tuple[str, ...]
    meaning: str
    make: Callable[[], Mapping[str, str]] | None = None
    form: str = r".+"

    def fits(self, value: str) -> bool:
        return re.fullmatch(self.form, value, re.DOTALL) is not None


def credentials_of(installation: Installation) -> Iterator[Credential]:
    """All that the installation needs."""
    names = (SESSION_PRIVATE_KEY, SESSION_PUBLIC_KEY)
    yield Credential(names, "the key pair that signs people in", _session_keys, _PEM)
    yield _random(SECRET_KEY, "what browsers keep is signed with it")
    yield from _of_database(installation)
    yield from _of_broker(installation)
    if installation.tls.is_given:
        yield Credential(_TLS, "the certificate with its chain, and its key, each as PEM", form=_PEM)
    else:
        make = partial(_certificate, installation)
        yield Credential(_TLS, "a certificate that signs itself, and its key", make, _PEM)
    if installation.mail.needs_password:
        yield Credential((MAIL_PASSWORD,), "of the account in mail.url")
    if installation.openid.issuer:
        yield Credential((OPENID_SECRET,), "of the client in openid.client_id")


def secret_names(installation: Installation) -> tuple[str, ...]:
    return tuple(name for credential in credentials_of(installation) for name in credential.names)


def missing_secrets(
    installation: Installation, present: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What is not there yet: new values by name, and the meanings of those that the operator has to give.

    Of a pair of which one is missing, both are made.
    """
    made: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for credential in credentials_of(installation):
        missing = set(credential.names) - set(present)
        if missing and credential.make:
            made |= credential.make()
        else:
            unknown |= dict.fromkeys(sorted(missing), credential.meaning)
    return made, unknown


def _of_database(installation: Installation) -> Iterator[Credential]:
    is_external = installation.database.is_external
    for service in SERVICES:
        host = "host" if is_external else "database"
        yield Credential(
            (database_url(service),),
            f"the database of {service}, as postgresql+psycopg://user:password@{host}/{service}",
            None if is_external else partial(_database_address, service),
            r"postgresql\+psycopg://\S+"
            if is_external
            else rf"postgresql\+psycopg://{_ACCOUNT}@database/{_WORD}",
        )
    if not is_external:
        yield _random(DATABASE_PASSWORD, "of the database's administrator")


def _of_broker(installation: Installation) -> Iterator[Credential]:
    if installation.broker.is_external:
        meaning = "the broker, as amqps://user:password@host/virtual-host"
        yield Credential((BROKER_URI,), meaning, form=r"amqps?://\S+")
    else:
        meaning = "the broker, as amqp://user:password@broker/virtual-host"
        yield Credential((BROKER_URI,), meaning, _broker_address, rf"amqp://{_ACCOUNT}@broker/{_WORD}")
        yield _random(BROKER_COOKIE, "by which the broker's nodes and tools know each other")


def _random(name: str, meaning: str) -> Credential:
    return Credential((name,), meaning, lambda: {name: _random_word()}, _LONG_WORD)


def _random_word() -> str:
    return secrets.token_urlsafe(32)


def _random_suffix() -> str:
    """Each new address has an account of its own: what still runs with the old one is not locked out."""
    return secrets.token_hex(3)


def _database_address(service: str) -> Mapping[str, str]:
    account = f"{service}_{_random_suffix()}:{_random_word()}"
    return {database_url(service): f"postgresql+psycopg://{account}@database/{service}"}


def _broker_address() -> Mapping[str, str]:
    return {BROKER_URI: f"amqp://cesar_{_random_suffix()}:{_random_word()}@broker/cesar"}


def _session_keys() -> Mapping[str, str]:
    from services.chassis.web.tokens import generate_key_pair

    private_key, public_key = generate_key_pair()
    return {SESSION_PRIVATE_KEY: private_key, SESSION_PUBLIC_KEY: public_key}


def _certificate(installation: Installation) -> Mapping[str, str]:
    from deploy.certificate import self_signed

    host = urlsplit(installation.public_url).hostname or ""
    return dict(zip(_TLS, self_signed(host), strict=True))
