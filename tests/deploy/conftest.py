"""A Docker engine and images for the tests that deploy. They run by themselves: `make test-deploy`."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import docker
import pytest

from deploy.images.build import Built, build_images
from deploy.installation import Images, Installation, Mail
from services.chassis.release import RELEASE
from tests.deploy.operator import Operator, operator_of, small_stack_of
from tests.deploy.small import Small
from tests.support.base_images import base_images
from tests.support.docker_engine import DockerEngine, any_docker_engine


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[DockerEngine]:
    """An engine for the whole run: where it is, and where what it publishes is. DOCKER_HOST names it too."""
    with any_docker_engine() as engine, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOCKER_HOST", engine.url)
        yield engine


@pytest.fixture(scope="session")
def engine(docker_engine: DockerEngine) -> Iterator[docker.DockerClient]:
    """A client of the engine."""
    with docker_engine.client() as client:
        yield client


@pytest.fixture(scope="session")
def bases(engine: docker.DockerClient) -> Mapping[str, str]:
    """Images like the official ones, by name: python, nginx, postgres and rabbitmq."""
    return base_images(engine)


@pytest.fixture(scope="session")
def image(bases: Mapping[str, str]) -> str:
    """One that has Python in it."""
    return bases["python"]


@pytest.fixture
def small(engine: docker.DockerClient) -> Iterator[Small]:
    """A small stack of which nothing runs yet."""
    one = Small(engine, f"small-{secrets.token_hex(3)}")
    one.give_secret()
    yield one
    one.close()


@pytest.fixture
def operator(
    small: Small, bases: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Operator:
    """Who is responsible for an installation that is as small."""
    monkeypatch.setattr("deploy.topology.stack_of", small_stack_of)
    return operator_of(small, bases, tmp_path)


@pytest.fixture(scope="session")
def installation(bases: Mapping[str, str]) -> Installation:
    """The one whose images are built."""
    return Installation(
        public_url="https://cesar.example.org",
        release=RELEASE,
        mail=Mail(url="smtp://mail.example.org:587", sender="Cesar <cesar@example.org>"),
        images=Images(**bases),
    )


@pytest.fixture(scope="session")
def images(engine: docker.DockerClient, installation: Installation) -> Mapping[str, Built]:
    """All our own images, by service and “operator”."""
    return {built.image: built for built in build_images(engine, installation)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that processes which share the tests end together."""
    items.sort(key=lambda item: "whole_product" not in item.path.parts)


def pytest_configure(config: pytest.Config) -> None:
    """Docker's library leaves a socket open when nobody answers at the other end."""
    config.addinivalue_line(
        "filterwarnings", r"ignore:unclosed <socket.socket fd=\d+, family=1,:ResourceWarning"
    )
