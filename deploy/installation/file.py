"""``cesar.toml``: read with every mistake named, and written short, with what else could be set."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from deploy.installation.fields import MEGABYTE, sentences
from deploy.installation.model import SERVICES, BadInstallation, Installation, Mail
from deploy.installation.schema import InstallationSchema
from deploy.stack import Replicas

_INTRODUCTION = """\
# An installation of Cesar. After a change: cesar deploy up
# What stands behind a # holds already; take the # away to change it.
# Passwords and keys are not here: Docker keeps them as secrets (cesar deploy secret --help).
"""


def load(path: Path) -> Installation:
    """The installation that a file describes. Raises BadInstallation."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise BadInstallation(f"There is no {path}. Write one with: cesar deploy init") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInstallation(f"{path} cannot be read: {reason}.") from error
    try:
        return parse(text)
    except BadInstallation as error:
        raise BadInstallation(f"{path}: {error}") from error


def parse(text: str) -> Installation:
    """The installation that the text of a file describes. Raises BadInstallation."""
    try:
        return InstallationSchema().load(tomllib.loads(text))  # type: ignore[no-any-return]
    except tomllib.TOMLDecodeError as error:
        raise BadInstallation(f"This is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise BadInstallation("\n".join(sentences(error.normalized_messages()))) from error


def render(installation: Installation) -> str:
    """The file that describes this installation; what is as it would be anyway stands in comments."""
    usual = Installation(public_url="", release="", mail=Mail(url="", sender=""))
    tables = zip(_tables(installation), _tables(usual), strict=True)
    return "\n".join([_INTRODUCTION, *(_written(table, default) for table, default in tables)])


@dataclass(frozen=True)
class _Table:
    """A table of the file, with what is said about it."""

    name: str
    note: str
    settings: Mapping[str, Any]


def _tables(installation: Installation) -> Iterator[_Table]:
    yield _Table(
        "",
        "",
        {
            "name": installation.name,
            "public_url": installation.public_url,
            "release": installation.release,
            "product_name": installation.product_name,
        },
    )
    mail = {"url": installation.mail.url, "from": installation.mail.sender}
    yield _Table("mail", "A password for it: cesar deploy secret mail-password", mail)
    note = "How many containers. Workers between {least = 1, most = 4} follow the events that wait."
    for service in SERVICES:
        size = installation.services[service]
        settings = {"web": size.web, "worker": size.worker, "release": size.release}
        yield _Table(f"services.{service}", note, settings)
        note = ""
    ports = {"http": installation.ports.http, "https": installation.ports.https}
    yield _Table("ports", "http leads to https.", ports)
    yield _Table(
        "tls",
        "true: a certificate of your own, by “cesar deploy secret tls-certificate” and tls-key.",
        {"given": installation.tls.is_given},
    )
    yield _Table(
        "database",
        "external: elsewhere, by “cesar deploy secret database-enrolment” and so on.",
        {
            "external": installation.database.is_external,
            "memory_megabytes": installation.database.memory // MEGABYTE,
        },
    )
    yield _Table(
        "broker",
        "nodes: 3 survive the loss of one. external: elsewhere, by “cesar deploy secret broker-uri”.",
        {
            "nodes": installation.broker.nodes,
            "external": installation.broker.is_external,
            "memory_megabytes": installation.broker.memory // MEGABYTE,
        },
    )
    yield _Table(
        "limits",
        "requests_per_second: from one address. memory_megabytes: of each container of a service.",
        {
            "requests_per_second": installation.limits.requests_per_second,
            "upload_megabytes": installation.limits.upload // MEGABYTE,
            "memory_megabytes": installation.limits.memory // MEGABYTE,
        },
    )
    yield _Table(
        "places",
        'On a cluster, which machine has what: proxy = "a", database = "b", broker = ["a", "b", "c"].',
        {
            "proxy": installation.places.proxy,
            "database": installation.places.database,
            "broker": installation.places.broker,
        },
    )
    yield _Table(
        "images",
        "What our images are named after, and what they are made of or run as.",
        vars(installation.images),
    )
    yield _Table(
        "registers",
        "companies_url: where a SIRET is looked up (Recherche d'entreprises); empty: nowhere.",
        {"companies_url": installation.company_register_url},
    )
    yield _Table(
        "openid",
        "Signing in with an OpenID Connect provider. Its secret: cesar deploy secret openid-client-secret",
        vars(installation.openid),
    )
    yield _Table(
        "watching",
        "traces_url: where OpenTelemetry traces go (OTLP over HTTP).",
        {"traces_url": installation.traces_url, "log_level": installation.log_level},
    )
    yield _Table(
        "engine", "Docker's socket on the machines that manage.", {"socket": installation.engine_socket}
    )


def _written(table: _Table, default: _Table) -> str:
    lines = [f"# {table.note}"] if table.note else []
    if table.name:
        lines.append(f"[{table.name}]")
    for key, value in table.settings.items():
        if value not in (None, ()):
            is_active = value != default.settings[key] or isinstance(value, Replicas)
            lines.append(f"{'' if is_active else '# '}{key} = {_toml(value)}")
    return "".join(f"{line}\n" for line in lines)


def _toml(value: Any) -> str:
    match value:
        case Replicas(is_elastic=True):
            return f"{{least = {value.least}, most = {value.most}}}"
        case Replicas():
            return str(value.least)
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            # A line of printable text, a whole number or a truth value is the same in TOML as in JSON.
            return json.dumps(value, ensure_ascii=False)
