"""The containers of one service: the migration that comes first, the pages, the workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy import credentials
from deploy.installation import Installation
from deploy.stack import Attachment, Component, Health
from deploy.topology import broker, database
from deploy.topology.part import (
    DATA,
    FRONT,
    OUTSIDE,
    TEMPORARY,
    WEB_PORT,
    WEB_PROCESSES,
    WEB_THREADS,
    Part,
    mounted_secrets,
    secret_path,
)

WATCH_PORT = 9100
# Whose work is with the world outside: public registers and single sign-on; mail servers.
_WORKS_OUTSIDE = ("enrolment-web", "enrolment-worker", "notifications-worker")


def part(installation: Installation, service: str) -> Part:
    """The three components of a service."""
    migrate = _component(
        installation,
        service,
        "migrate",
        runs_once=True,
        after=database.names(installation),
    )
    is_enrolment = service == "enrolment"
    outside = _world_outside(installation) if is_enrolment else {}
    web = _component(
        installation,
        service,
        "web",
        environment=outside
        | {
            "CESAR_BIND": f"0.0.0.0:{WEB_PORT}",
            "CESAR_TRUSTED_PROXIES": "1",
            "CESAR_WEB_PROCESSES": str(WEB_PROCESSES),
            "CESAR_WEB_THREADS": str(WEB_THREADS),
        },
        secrets=_sign_in_secrets(installation) if is_enrolment else {},
        networks=(FRONT,),
        replicas=installation.services[service].web,
        health=_health("web"),
        after=(migrate.name,),
    )
    worker = _component(
        installation,
        service,
        "worker",
        environment={"CESAR_WATCH_BIND": f"0.0.0.0:{WATCH_PORT}"},
        secrets={"CESAR_MAIL_PASSWORD": credentials.MAIL_PASSWORD}
        if service == "notifications" and installation.mail.needs_password
        else {},
        replicas=installation.services[service].worker,
        health=_health("worker"),
        after=(migrate.name, *broker.names(installation)),
    )
    return Part(components=(migrate, web, worker))


def _component(
    installation: Installation,
    service: str,
    kind: str,
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    networks: tuple[str, ...] = (),
    **others: Any,
) -> Component:
    """What all three have in common. ``secrets`` by the setting that each is the value of."""
    name = f"{service}-{kind}"
    values = {
        f"CESAR_{service.upper()}_DATABASE_URL": credentials.database_url(service),
        "CESAR_AMQP_URI": credentials.BROKER_URI,
        "CESAR_SECRET_KEY": credentials.SECRET_KEY,
        "CESAR_SESSION_PUBLIC_KEY": credentials.SESSION_PUBLIC_KEY,
    } | dict(secrets or {})
    reached = (DATA, *networks, *((OUTSIDE,) if _reaches_out(installation, name) else ()))
    return Component(
        name=name,
        image=installation.image_of(service),
        command=(kind, service),
        environment=_settings(installation)
        | {f"{setting}_FILE": secret_path(secret) for setting, secret in values.items()}
        | dict(environment or {}),
        secrets=mounted_secrets(values.values()),
        networks=tuple(Attachment(network=network) for network in reached),
        tmpfs=(TEMPORARY,),
        memory=installation.limits.memory,
        **others,
    )


def _world_outside(installation: Installation) -> dict[str, str]:
    """Whom the pages of enrolment ask."""
    register = {"CESAR_COMPANY_REGISTER_URL": installation.company_register_url}
    if not installation.openid.issuer:
        return register
    return register | {
        "CESAR_OPENID_ISSUER": installation.openid.issuer,
        "CESAR_OPENID_CLIENT_ID": installation.openid.client_id,
        "CESAR_OPENID_NAME": installation.openid.name,
    }


def _sign_in_secrets(installation: Installation) -> dict[str, str]:
    """Only where people are signed in."""
    secrets = {"CESAR_SESSION_PRIVATE_KEY": credentials.SESSION_PRIVATE_KEY}
    if installation.openid.issuer:
        secrets["CESAR_OPENID_CLIENT_SECRET"] = credentials.OPENID_SECRET
    return secrets


def _health(kind: str) -> Health:
    """Each check is a process of its own that has to start, also on a machine that is busy."""
    return Health(command=("cesar", "health", kind), timeout=20, retries=4, start_period=90)


def _settings(installation: Installation) -> dict[str, str]:
    """What every process of every service is told (see ``services.chassis.settings``)."""
    return {
        "CESAR_PUBLIC_URL": installation.public_url,
        "CESAR_MAIL_URL": installation.mail.url,
        "CESAR_MAIL_FROM": installation.mail.sender,
        "CESAR_PRODUCT_NAME": installation.product_name,
        "CESAR_LOG_LEVEL": installation.log_level,
        "CESAR_TRACES_URL": installation.traces_url,
    }


def _reaches_out(installation: Installation, name: str) -> bool:
    has_servers_outside = installation.database.is_external or installation.broker.is_external
    return name in _WORKS_OUTSIDE or has_servers_outside or bool(installation.traces_url)
