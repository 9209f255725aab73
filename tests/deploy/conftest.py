"""A Docker engine and images for the tests that deploy. They run by themselves: `make test-deploy`."""

from collections.abc import Iterator, Mapping

import docker
import pytest

from deploy.images.build import Built, build_images
from deploy.installation import Images, Installation, Mail
from services.chassis.release import RELEASE
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


def pytest_configure(config: pytest.Config) -> None:
    """Docker's library leaves a socket open when nobody answers at the other end."""
    config.addinivalue_line(
        "filterwarnings", r"ignore:unclosed <socket.socket fd=\d+, family=1,:ResourceWarning"
    )
