"""What the web application needs of the process that hosts it, and how a request finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from flask import Flask, current_app
from prometheus_client import Metric
from sqlalchemy.orm import Session

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.web.prefixes import service_prefix

_EXTENSION = "cesar"


class WebSettings(Protocol):
    """The settings that the web application reads. Keys are in PEM form, as text."""

    @property
    def public_url(self) -> str: ...
    @property
    def session_public_key(self) -> str: ...
    @property
    def session_private_key(self) -> str | None: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def embedded(self) -> bool: ...
    @property
    def product_name(self) -> str: ...
    @property
    def trusted_proxies(self) -> int: ...


class WebService(Protocol):
    """The service that the pages belong to."""

    @property
    def name(self) -> str: ...


class WebRuntime(Protocol):
    """The process: its settings, its clock, and whether it can do its work."""

    @property
    def settings(self) -> WebSettings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def has_been_ready(self) -> bool: ...
    @property
    def database(self) -> Database:
        """Where what people did is noted."""
        ...

    def measure(self) -> Iterable[Metric]:
        """What can be said of the service's state at this moment, for those who watch it."""
        ...

    def check_ready(self) -> list[str]:
        """One sentence for each reason why requests cannot be answered now; empty when they can."""
        ...


@dataclass(frozen=True)
class OwnOperations:
    """What a service adds to the operator's page: a template of its own and what that is given as ``own``."""

    template: str
    figures: Callable[[Session, datetime], Any]


@dataclass(frozen=True)
class Host:
    """The service and the runtime that an application was made for."""

    service: WebService
    runtime: WebRuntime
    own_operations: OwnOperations | None = None

    @property
    def settings(self) -> WebSettings:
        return self.runtime.settings

    @property
    def prefix(self) -> str:
        """The first path segment of the service's pages, or nothing for the one at the root."""
        return service_prefix(self.service.name)

    @property
    def over_https(self) -> bool:
        return self.settings.public_url.startswith("https:")


def install_host(app: Flask, host: Host) -> None:
    app.extensions[_EXTENSION] = host


def current_host() -> Host:
    """The host of the application that answers the present request."""
    return cast(Host, current_app.extensions[_EXTENSION])
