"""What exactly the engine has under the name of an image, and where a missing one comes from."""

from __future__ import annotations

from docker import DockerClient
from docker.errors import DockerException, ImageNotFound
from docker.utils import parse_repository_tag

from deploy.swarm.problems import StackProblem


def identify(client: DockerClient, image: str) -> str | None:
    """A name that means this very image for ever, and that no machine looks up elsewhere while it has it.

    Where it is known in a registry, every machine of a swarm can fetch it by that name. None when the engine
    does not have it.
    """
    try:
        found = client.images.get(image)
    except ImageNotFound:
        return None
    repository, _ = parse_repository_tag(image)
    for digest in found.attrs.get("RepoDigests") or []:
        if digest.partition("@")[0] == repository:
            return str(digest)
    return str(found.id)


def is_in_a_registry(image: str) -> bool:
    """Whether the name says where it comes from: a registry's host, or Docker's own library.

    “cesar/reporting” says neither: it is made here, and must never come from a stranger who has that name.
    """
    host, slash, _ = image.partition("/")
    return not slash or "." in host or ":" in host or host == "localhost"


def fetch(client: DockerClient, image: str) -> None:
    """Have the engine fetch it. Raises StackProblem."""
    repository, tag = parse_repository_tag(image)
    try:
        client.images.pull(repository, tag=tag or "latest")
    except DockerException as error:
        reason = getattr(error, "explanation", None) or error
        raise StackProblem(f"The image {image} is not here and cannot be fetched: {reason}.") from error
