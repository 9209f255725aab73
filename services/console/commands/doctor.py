"""``cesar doctor``: what works, what does not, and what to do about it."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer
from sqlalchemy.exc import SQLAlchemyError

from services.chassis import failures
from services.chassis.service import Runtime
from services.chassis.settings import MEMORY_BROKER, BadSettings, Settings
from services.console.command_settings import command_settings
from services.console.findings import Finding, tell
from services.console.installed import installed_names, load_service


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Check settings, databases, broker, queues and mail of every installed service, and say what to do.

    Ends with exit code 1 when something is not well.
    """
    tell([finding for name in installed_names() for finding in examine(name)], as_json=as_json)


def examine(name: str) -> Iterator[Finding]:
    """All findings about one service."""
    try:
        settings = command_settings(name)
    except BadSettings as error:
        yield Finding(
            name,
            "settings",
            False,
            str(error),
            "Set it in the environment or in the file CESAR_CONFIG names.",
        )
        return
    yield Finding(name, "settings", True, "complete and readable")
    runtime = Runtime.start(load_service(name), settings)
    yield from _database(runtime)
    yield _broker(runtime)
    if name == "notifications":
        yield _mail(settings)
    if name == "enrolment" and (finding := openid_finding(settings)) is not None:
        yield finding


def _database(runtime: Runtime) -> Iterator[Finding]:
    name = runtime.service.name
    try:
        problems = runtime.check_ready()
        if problems:
            yield Finding(
                name,
                "database",
                False,
                " ".join(problems),
                f"Run “cesar migrate {name}”, or start the server.",
            )
            return
        yield Finding(
            name, "database", True, f"{runtime.database.url.get_backend_name()}, at the newest schema"
        )
        with runtime.read() as session:
            parked = failures.count_parked(session)
        yield Finding(name, "parked events", parked == 0, str(parked), "See “cesar parked list”.")
    except SQLAlchemyError as error:
        yield Finding(name, "database", False, str(error).splitlines()[0], "Start the database server.")


def _broker(runtime: Runtime) -> Finding:
    from services.chassis.messaging import topology
    from services.chassis.messaging.broker import BadBroker, broker_errors, connect
    from services.chassis.outbox import BrokerUnavailable

    name, uri = runtime.service.name, runtime.settings.amqp_uri
    if uri.startswith(MEMORY_BROKER):
        return Finding(name, "broker", True, "in memory, within “cesar run”")
    try:
        with connect(uri) as connection, broker_errors():
            waiting = topology.waiting(connection, name)
            if waiting is None:
                advice = f"Start “cesar worker {name}”, which declares it."
                return Finding(
                    name, "broker", False, "reached, but this service's queue does not exist", advice
                )
            topology.declare(connection, name, runtime.service.reactions.event_types)
            return Finding(name, "broker", True, f"reached, {waiting} events wait in the queue")
    except BadBroker as error:
        return Finding(name, "broker", False, str(error), "Correct CESAR_AMQP_URI or the broker's rights.")
    except BrokerUnavailable as error:
        return Finding(name, "broker", False, str(error), "Start the broker, or correct CESAR_AMQP_URI.")


def openid_finding(settings: Settings) -> Finding | None:
    """Whether the OpenID Connect provider answers; None where there is none."""
    from services.enrolment.openid.provider import ProviderFailed, make_provider

    provider = make_provider(settings)
    if provider is None:
        return None
    try:
        provider.metadata()
        provider.keys()
    except ProviderFailed as error:
        advice = "Correct CESAR_OPENID_ISSUER, or wait; people sign in by e-mail meanwhile."
        return Finding("enrolment", "sign-in", False, str(error), advice)
    return Finding("enrolment", "sign-in", True, f"{provider.name} answers")


def _mail(settings: Settings) -> Finding:
    address = urlsplit(settings.mail_url)
    if address.scheme == "maildir":
        folder = Path(address.path)
        well = os.access(folder if folder.exists() else folder.parent, os.W_OK)
        return Finding("notifications", "mail", well, f"kept in {folder}", "Make the folder writable.")
    client = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with client(address.hostname or "", address.port or 0, timeout=5) as connection:
            connection.ehlo()
            if address.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls()
            if address.username:
                password = settings.mail_password or unquote(address.password or "")
                connection.login(unquote(address.username), password)
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        detail = f"{address.hostname} does not take mail: {error}"
        return Finding(
            "notifications", "mail", False, detail, "Correct CESAR_MAIL_URL or start the mail server."
        )
    return Finding("notifications", "mail", True, f"{address.hostname} takes mail")
