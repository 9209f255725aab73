"""Installations for tests: one that says only what it must, and any that is valid."""

from typing import Any

from hypothesis import strategies as st

from deploy.installation import (
    SERVICES,
    Broker,
    Database,
    Images,
    Installation,
    Limits,
    Mail,
    OpenId,
    Places,
    Ports,
    ServiceSize,
    Tls,
)
from deploy.stack import Replicas, Stack

MEGABYTE = 2**20

SHORTEST = """
public_url = "https://cesar.example.org"
release = "1.2.0"

[mail]
url = "smtp://mail.example.org"
from = "Cesar <cesar@example.org>"
"""


def an_installation(**changes: Any) -> Installation:
    told: dict[str, Any] = {
        "public_url": "https://cesar.example.org",
        "release": "1.2.0",
        "mail": Mail(url="smtp://mail.example.org", sender="Cesar <cesar@example.org>"),
    }
    return Installation(**told | changes)


def sizes(**changes: ServiceSize) -> dict[str, ServiceSize]:
    return {service: changes.get(service, ServiceSize()) for service in SERVICES}


def names(stack: Stack) -> list[str]:
    return [component.name for component in stack.components]


def file_of(stack: Stack, component: str, path: str) -> str:
    """What a config of the component says, by its place in the container."""
    (mounted,) = [mount for mount in stack.component(component).configs if mount.target == f"/cesar/{path}"]
    return stack.configs[mounted.name].decode()


_hosts = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,3})?", fullmatch=True)
_releases = st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}(-rc[0-9])?", fullmatch=True)
_lines = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20
).filter(str.isprintable)
_replicas = st.builds(
    lambda one, other: Replicas(least=min(one, other), most=max(one, other)),
    st.integers(1, 50),
    st.integers(1, 50),
)
_ISSUER = "https://id.example.org/realms/chamber"
_providers = st.builds(OpenId, issuer=st.just(_ISSUER), client_id=_lines, name=_lines)
_sizes = st.builds(ServiceSize, web=_replicas, worker=_replicas, release=st.none() | _releases)
_megabytes = st.integers(256, 5000).map(lambda number: number * MEGABYTE)


@st.composite
def installations(draw: st.DrawFn) -> Installation:
    """Any installation that a file can describe."""
    is_external = draw(st.booleans())
    nodes = 1 if is_external else draw(st.sampled_from([1, 3]))
    machines = st.lists(_hosts, min_size=nodes, max_size=nodes, unique=True).map(tuple)
    http, https = draw(st.lists(st.integers(1, 65535), min_size=2, max_size=2, unique=True))
    user = draw(st.sampled_from(["", "cesar@"]))
    return Installation(
        name=draw(st.from_regex(r"[a-z][a-z0-9-]{0,19}", fullmatch=True)),
        public_url=f"https://{draw(_hosts)}.example.org{draw(st.sampled_from(['', ':8443']))}",
        release=draw(_releases),
        product_name=draw(_lines),
        mail=Mail(
            url=f"{draw(st.sampled_from(['smtp', 'smtps']))}://{user}{draw(_hosts)}:587",
            sender="Cesar <cesar@example.org>",
        ),
        services={service: draw(_sizes) for service in SERVICES},
        ports=Ports(http=http, https=https),
        tls=Tls(is_given=draw(st.booleans())),
        database=Database(is_external=draw(st.booleans()), memory=draw(_megabytes)),
        broker=Broker(nodes=nodes, is_external=is_external, memory=draw(_megabytes)),
        limits=Limits(
            requests_per_second=draw(st.integers(1, 10_000)),
            upload=draw(st.integers(1, 25)) * MEGABYTE,
            memory=draw(_megabytes),
        ),
        places=Places(
            proxy=draw(st.none() | _hosts),
            database=draw(st.none() | _hosts),
            broker=draw(st.just(()) | machines),
        ),
        images=Images(prefix=draw(st.sampled_from(["cesar", "registry.example.org:5000/programmes/cesar"]))),
        openid=draw(
            st.just(OpenId()) | st.builds(OpenId, issuer=st.just(_ISSUER), client_id=_lines, name=_lines)
        ),
        company_register_url=draw(st.sampled_from(["", "https://companies.example.org/v1"])),
        traces_url=draw(st.sampled_from(["", "http://traces:4318"])),
        log_level=draw(st.sampled_from(["debug", "info", "warning", "error"])),
        engine_socket=draw(st.sampled_from(["/var/run/docker.sock", "/run/user/1000/docker.sock"])),
    )
