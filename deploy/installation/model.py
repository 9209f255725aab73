"""What an operator decides about an installation, as data. The defaults are those of ``cesar.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.stack import ONE, Replicas

SERVICES = ("enrolment", "assessment", "notifications", "reporting")


class BadInstallation(Exception):
    """The installation's file is missing or wrong. The text is one sentence per setting and names it."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """How mail leaves. The address has no password: that is the secret ``mail-password``."""

    url: str
    sender: str

    @property
    def needs_password(self) -> bool:
        return urlsplit(self.url).username is not None


@dataclass(frozen=True, kw_only=True)
class OpenId:
    """The OpenID Connect provider that signs people in beside the link by e-mail; none without an issuer.

    ``name`` is what its button says. The client's secret is the secret ``openid-client-secret``.
    """

    issuer: str = ""
    client_id: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceSize:
    """How many containers a service runs, and its release where it differs from the installation's."""

    web: Replicas = ONE
    worker: Replicas = ONE
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where people reach it. ``http`` only leads to ``https``."""

    http: int = 80
    https: int = 443


@dataclass(frozen=True, kw_only=True)
class Images:
    """``prefix`` begins the names of our own images; the others are made into ours, or run as they are."""

    prefix: str = "cesar"
    python: str = "python:3.11-slim"
    postgres: str = "postgres:17"
    rabbitmq: str = "rabbitmq:3.13"
    nginx: str = "nginx:stable"


@dataclass(frozen=True, kw_only=True)
class Tls:
    """``is_given``: the operator gives certificate and key; otherwise we make a pair that signs itself."""

    is_given: bool = False


@dataclass(frozen=True, kw_only=True)
class Broker:
    """``nodes`` keep every queue together: of three, one may fail. ``memory`` in bytes, for each node."""

    nodes: int = 1
    is_external: bool = False
    memory: int = 1024 * 2**20


@dataclass(frozen=True, kw_only=True)
class Database:
    """``memory`` in bytes, for the server that we run unless it is elsewhere."""

    is_external: bool = False
    memory: int = 1024 * 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one caller may ask (requests per second from one address, bytes sent at once), and what one
    container of a service may use (bytes of memory)."""

    requests_per_second: int = 50
    upload: int = 25 * 2**20
    memory: int = 512 * 2**20


@dataclass(frozen=True, kw_only=True)
class Places:
    """Machines of a cluster, by host name, for what must stay where its data or its public address is."""

    proxy: str | None = None
    database: str | None = None
    broker: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Installation:
    """All decisions. ``company_register_url`` is empty when no SIRET is looked up; ``traces_url`` when no
    traces are kept; ``engine_socket`` is where a container that has to speak with Docker finds it."""

    public_url: str
    release: str
    mail: Mail
    name: str = "cesar"
    product_name: str = "Cesar"
    services: Mapping[str, ServiceSize] = field(
        default_factory=lambda: {service: ServiceSize() for service in SERVICES}
    )
    ports: Ports = Ports()
    tls: Tls = Tls()
    database: Database = Database()
    broker: Broker = Broker()
    limits: Limits = Limits()
    places: Places = Places()
    images: Images = Images()
    openid: OpenId = OpenId()
    company_register_url: str = "https://recherche-entreprises.api.gouv.fr"
    traces_url: str = ""
    log_level: str = "info"
    engine_socket: str = "/var/run/docker.sock"

    @property
    def public_host(self) -> str:
        """Host and port, as a browser sends them."""
        return urlsplit(self.public_url).netloc

    def release_of(self, service: str) -> str:
        return self.services[service].release or self.release

    def image_of(self, name: str) -> str:
        """The full name of one of our own images: of a service, or ``operator``."""
        release = self.release_of(name) if name in self.services else self.release
        return f"{self.images.prefix}/{name}:{release}"
