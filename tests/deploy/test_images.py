"""The images, on an engine: what they hold, how they run, that they can be built again."""

from collections.abc import Mapping
from typing import Any

import docker
import pytest
from docker.errors import ContainerError
from docker.models.containers import Container

from deploy.images.build import Built, build_images
from deploy.images.contents import IMAGES, OPERATOR
from deploy.installation import SERVICES, Installation
from services.chassis.release import RELEASE
from tests.deploy.installed import wait_until

MEGABYTE = 1_000_000
# What an image adds to its base. Enrolment prints documents in every script that names are written in.
LARGEST = {"enrolment": 280 * MEGABYTE, OPERATOR: 70 * MEGABYTE}
LARGEST_OTHER = 160 * MEGABYTE

# As a stack runs them.
CONFINED: dict[str, Any] = {
    "read_only": True,
    "tmpfs": {"/tmp": ""},
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
    "init": True,
}

IMPORT_ALL = """
import importlib, pathlib, sys
code = pathlib.Path("/opt/cesar/code")
files = [file for folder in sys.argv[1:] for file in sorted((code / folder).rglob("*.py"))]
for file in files:
    if "migrations" not in file.parts and file.name != "describe_python.py":
        importlib.import_module(".".join(file.relative_to(code).with_suffix("").parts).removesuffix(".__init__"))
print(len(files))
"""


def printed(
    client: docker.DockerClient, image: str, command: list[str], *, entrypoint: str | None = None
) -> str:
    """What a command in a container of its own prints, which has no network."""
    output = client.containers.run(
        image, command, entrypoint=entrypoint, network_mode="none", remove=True, stderr=True, **CONFINED
    )
    return output.decode()


def layers(client: docker.DockerClient, image: str) -> list[str]:
    return list(client.images.get(image).attrs["RootFS"]["Layers"])


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_as_nobody_on_a_file_system_that_it_cannot_write(
    engine: docker.DockerClient, images: Mapping[str, Built], image: str
) -> None:
    look = "id -u; touch /tmp/file || exit; touch /opt/cesar/file || true"
    said = printed(engine, images[image].name, ["-c", look], entrypoint="sh").splitlines()
    assert sorted(said) == ["10001", "touch: cannot touch '/opt/cesar/file': Read-only file system"]
    assert "Commands" in printed(engine, images[image].name, ["--help"])


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_has_every_library_that_its_code_needs(
    engine: docker.DockerClient, images: Mapping[str, Built], image: str
) -> None:
    folders = ["deploy"] if image == OPERATOR else [f"services/{image}", "services/console/commands"]
    said = printed(engine, images[image].name, ["-c", IMPORT_ALL, *folders], entrypoint="python3")
    assert int(said.splitlines()[-1]) > 30


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_has_the_code_of_no_other_service(
    engine: docker.DockerClient, images: Mapping[str, Built], image: str
) -> None:
    find = "find / -xdev -path '*/services/*' -name '*.py' 2>/dev/null || true"
    files = printed(engine, images[image].name, ["-c", find], entrypoint="sh").splitlines()
    rooms = {file.partition("/services/")[2].partition("/")[0] for file in files}
    assert rooms == {"chassis", "console", image} - {OPERATOR}


def test_a_services_image_says_what_it_cannot_do(
    engine: docker.DockerClient, images: Mapping[str, Built]
) -> None:
    with pytest.raises(ContainerError) as ended:
        printed(engine, images["reporting"].name, ["worker", "enrolment"])
    assert ended.value.stderr.decode() == "There is no service “enrolment” here. There is: reporting.\n"
    with pytest.raises(ContainerError, match="No such command 'run'"):
        printed(engine, images["reporting"].name, ["run"])


def test_the_operators_image_deploys(engine: docker.DockerClient, images: Mapping[str, Built]) -> None:
    assert "--file" in printed(engine, images[OPERATOR].name, ["deploy", "autoscale", "--help"])


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_says_what_it_is(
    engine: docker.DockerClient, images: Mapping[str, Built], installation: Installation, image: str
) -> None:
    config = engine.images.get(images[image].name).attrs["Config"]
    revision = config["Labels"].pop("org.opencontainers.image.revision")
    assert len(revision.removesuffix("+")) == 40
    assert config["Labels"] == {
        "org.opencontainers.image.title": f"Cesar: {image}",
        "org.opencontainers.image.version": RELEASE,
        "org.opencontainers.image.base.name": installation.images.python,
    }
    assert config["Entrypoint"] == ["cesar"]
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"] == ["CMD", "cesar-health"]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_small(images: Mapping[str, Built], image: str) -> None:
    assert images[image].own_size < LARGEST.get(image, LARGEST_OTHER)


def test_the_services_images_share_the_libraries_that_all_of_them_need(
    engine: docker.DockerClient, images: Mapping[str, Built], installation: Installation
) -> None:
    base = len(layers(engine, installation.images.python))
    shared = {tuple(layers(engine, images[service].name)[: base + 2]) for service in SERVICES}
    assert len(shared) == 1


@pytest.mark.parametrize("image", ["reporting", OPERATOR])
def test_building_again_without_any_cache_gives_the_same_layers(
    engine: docker.DockerClient, images: Mapping[str, Built], installation: Installation, image: str
) -> None:
    before = layers(engine, images[image].name)
    [again] = build_images(engine, installation, [image], use_cache=False)
    assert layers(engine, again.name) == before


def test_building_again_with_the_cache_changes_nothing(
    engine: docker.DockerClient, installation: Installation
) -> None:
    [once] = build_images(engine, installation, ["assessment"])
    assert build_images(engine, installation, ["assessment"]) == [once]


def test_the_pages_are_served_and_the_container_knows_that_it_is_well(
    engine: docker.DockerClient, images: Mapping[str, Built]
) -> None:
    settings = {
        "CESAR_REPORTING_DATABASE_URL": "sqlite:////tmp/reporting.db",
        "CESAR_AMQP_URI": "memory://",
        "CESAR_PUBLIC_URL": "https://cesar.example.org",
        "CESAR_MAIL_URL": "smtp://mail.example.org:587",
        "CESAR_MAIL_FROM": "cesar@example.org",
        "CESAR_SESSION_PUBLIC_KEY": "none",
        "CESAR_SECRET_KEY": "a secret of some length",
        "CESAR_BIND": "0.0.0.0:8000",
    }
    container = engine.containers.run(
        images["reporting"].name,
        ["-c", "cesar migrate reporting && exec cesar web reporting"],
        entrypoint="sh",
        environment=settings,
        network_mode="none",
        healthcheck={"interval": 1_000_000_000},
        detach=True,
        **CONFINED,
    )
    try:
        wait_until(lambda: health_of(container) == "healthy", "the container is well", 60)
        status, output = container.exec_run(["cesar", "health", "web"])
        assert (status, output) == (0, b"The web process is well.\n")
        container.stop(timeout=25)
        container.reload()
        assert container.attrs["State"]["ExitCode"] == 0
    finally:
        container.remove(force=True)


def health_of(container: Container) -> str:
    container.reload()
    if container.attrs["State"]["Status"] != "running":
        raise AssertionError(container.logs().decode())
    return str(container.attrs["State"]["Health"]["Status"])
