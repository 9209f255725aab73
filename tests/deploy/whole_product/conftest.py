"""An installation of the whole product for the tests of one file, on an engine."""

from collections.abc import Iterator, Mapping

import docker
import pytest

from deploy.installation import SERVICES, Images, Installation, Limits, Mail, ServiceSize
from deploy.stack import Replicas
from services.chassis.release import RELEASE
from tests.deploy.installed import MANAGER, Installed
from tests.support.docker_engine import DockerEngine
from tests.support.smtp import MailServer, mail_server

TWO = ServiceSize(web=Replicas(least=2, most=2))


@pytest.fixture(scope="module")
def mails(docker_engine: DockerEngine) -> Iterator[MailServer]:
    """A mail server that the containers reach, outside of the engine's own world."""
    with mail_server(docker_engine.gateway) as server:
        yield server


@pytest.fixture(scope="module")
def installed(
    docker_engine: DockerEngine,
    engine: docker.DockerClient,
    bases: Mapping[str, str],
    mails: MailServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installed]:
    """An installation in which two containers serve each service's pages; nothing of it is up yet."""
    installation = Installation(
        name="whole",
        public_url=f"https://{docker_engine.address}",
        release=RELEASE,
        mail=Mail(url=mails.uri_at_any_hour, sender="Cesar <cesar@cci-herault.example>"),
        services=dict.fromkeys(SERVICES, TWO),
        limits=Limits(requests_per_second=2000),
        company_register_url="",
        images=Images(**bases),
    )
    folder = tmp_path_factory.mktemp("installation")
    one = Installed(engine, docker_engine.url, folder / "cesar.toml", installation)
    one.write()
    yield one
    if one.containers("proxy"):
        one.command("down", "--yes", "--volumes")


@pytest.fixture(scope="module")
def token(installed: Installed) -> str:
    """What programs act with for the programme's manager."""
    return installed.token(MANAGER)


@pytest.fixture(scope="module")
def promised() -> set[str]:
    """The suppliers that any caller of this installation was told of."""
    return set()
