"""What there is to do to bring the engine to a stack, found out without changing anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from docker import DockerClient

from deploy import secrets
from deploy.engine import engine_problems
from deploy.stack import Component, Stack
from deploy.swarm import images, inventory
from deploy.swarm.deployed import observe
from deploy.swarm.difference import Difference, compare
from deploy.swarm.problems import StackProblem
from deploy.swarm.specification import Identities, SecretInUse, Specification, specify

# In place of what an image is, when it is not here yet.
_UNSEEN = "unseen"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A stack, what the engine is told of each of its components, and what that changes."""

    stack: Stack
    specifications: Mapping[str, Specification]
    difference: Difference


def plan(
    client: DockerClient,
    stack: Stack,
    *,
    only: Collection[str] | None = None,
    fetching: Callable[[str], None] | None = None,
) -> Plan:
    """The plan for a stack, or for ``only`` some of its components.

    ``fetching`` is told of an image that is in a registry but not here, before it is fetched; without it such
    an image is taken as another than whatever runs.

    Raises StackProblem when a secret or an image is missing, EngineProblem.
    """
    with engine_problems():
        if only is not None:
            chosen = tuple(component for component in stack.components if component.name in only)
            stack = replace(stack, components=chosen)
        networks = inventory.networks(client, stack.name)
        inventory.check_networks(stack, networks)
        identities = _identities(client, stack, fetching)
        specifications = {
            component.name: specify(stack.name, component, identities) for component in stack.components
        }
        deployed = observe(client, stack.name)
        configs = inventory.configs(client, stack.name)
    if only is None:
        difference = compare(stack, specifications, deployed, networks=networks, configs=configs)
    else:
        deployed = {name: one for name, one in deployed.items() if name in only}
        difference = compare(stack, specifications, deployed, networks=networks, configs=configs)
        # They belong to the components that are not looked at.
        difference = replace(difference, old_networks=(), old_configs=())
    return Plan(stack=stack, specifications=specifications, difference=difference)


def _identities(client: DockerClient, stack: Stack, fetching: Callable[[str], None] | None) -> Identities:
    kept = secrets.in_use(client, stack.name)
    names = {image: images.identify(client, image) for image in _images(stack.components)}
    absent = [image for image, identity in names.items() if identity is None]
    homemade = [image for image in absent if not images.is_in_a_registry(image)]
    if problems := [*_missing_secrets(stack, kept), *_missing_images(homemade)]:
        raise StackProblem("\n".join(problems))
    for image in absent:
        if fetching is not None:
            fetching(image)
            images.fetch(client, image)
            names[image] = images.identify(client, image)
    return Identities(
        images={image: identity or _UNSEEN for image, identity in names.items()},
        secrets={
            name: SecretInUse(id=str(secret.id), name=str(secret.name)) for name, secret in kept.items()
        },
    )


def _images(components: Iterable[Component]) -> list[str]:
    return sorted({component.image for component in components})


def _missing_secrets(stack: Stack, kept: Collection[str]) -> Iterator[str]:
    mounted = {secret.name for component in stack.components for secret in component.secrets}
    if missing := sorted(mounted.difference(kept)):
        yield (
            f"{_listed('secret', missing)} not there: run “cesar deploy init”, which makes what it can, "
            "or give it by “cesar deploy secret NAME”."
        )


def _missing_images(missing: Collection[str]) -> Iterator[str]:
    if missing:
        yield f"{_listed('image', missing)} not here: run “cesar deploy build”."


def _listed(noun: str, names: Collection[str]) -> str:
    return f"The {noun} {', '.join(names)} is" if len(names) == 1 else f"The {noun}s {', '.join(names)} are"
