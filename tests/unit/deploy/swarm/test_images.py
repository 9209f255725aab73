"""Which image is meant, and where it may come from."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import docker
import pytest
from docker.errors import ImageNotFound

from deploy.swarm.images import identify, is_in_a_registry


def engine_with(*digests: str) -> Any:
    client = create_autospec(docker.DockerClient, instance=True)
    client.images.get.return_value = SimpleNamespace(id="sha256:own", attrs={"RepoDigests": list(digests)})
    return client


def test_an_image_that_was_made_here_is_known_by_its_id() -> None:
    assert identify(engine_with(), "cesar/web:1") == "sha256:own"


def test_an_image_from_a_registry_is_known_by_its_digest_there() -> None:
    digests = ("other/postgres@sha256:bb", "registry.example.org:5000/cesar/web@sha256:aa")
    assert identify(engine_with(*digests), "registry.example.org:5000/cesar/web:1") == digests[1]
    assert identify(engine_with(*digests), "postgres:17") == "sha256:own"


def test_an_image_that_is_not_there_has_no_identity() -> None:
    client = engine_with()
    client.images.get.side_effect = ImageNotFound("404")
    assert identify(client, "cesar/web:1") is None


@pytest.mark.parametrize(
    "image", ["postgres:17", "registry.example.org/cesar/web:1", "localhost/web", "host:5000/x"]
)
def test_an_image_whose_name_says_where_it_is_may_be_fetched(image: str) -> None:
    assert is_in_a_registry(image)


def test_an_image_of_ours_is_never_taken_from_a_stranger_of_that_name() -> None:
    assert not is_in_a_registry("cesar/web:1")
