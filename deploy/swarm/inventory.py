"""What of a stack is in the engine beside its services: networks and configs, by their names in the stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docker import DockerClient
from docker.errors import APIError, NotFound
from docker.models.networks import Network

from deploy.stack import Stack
from deploy.swarm import labels
from deploy.swarm.problems import StackProblem

# What the engine says of a network that a service or a container is in.
_IN_USE = ("in use", "active endpoints")


def networks(client: DockerClient, stack: str) -> dict[str, Network]:
    found = client.networks.list(filters=labels.of_stack(stack))
    return {str(network.name).removeprefix(f"{stack}_"): network for network in found}


def configs(client: DockerClient, stack: str) -> dict[str, str]:
    """The engine's ids."""
    found = client.api.configs(filters=labels.of_stack(stack))
    return {config["Spec"]["Name"].removeprefix(f"{stack}_"): config["ID"] for config in found}


def config_ids(client: DockerClient, stack: str) -> dict[str, str]:
    """As above, by their names in the engine."""
    return {labels.full_name(stack, name): identity for name, identity in configs(client, stack).items()}


def check_networks(stack: Stack, existing: Mapping[str, Network]) -> None:
    """A network cannot change what it is. Raises StackProblem."""
    for name, network in stack.networks.items():
        if name in existing and bool(existing[name].attrs["Internal"]) != network.internal:
            raise StackProblem(
                f"The network {name} has to be made anew: run “cesar deploy down”, then “cesar deploy up”."
            )


def make_networks(client: DockerClient, stack: Stack, names: Iterable[str]) -> None:
    for name in names:
        client.networks.create(
            labels.full_name(stack.name, name),
            driver="overlay",
            internal=stack.networks[name].internal,
            # A backup is taken by a container of its own.
            attachable=True,
            labels={labels.STACK: stack.name},
        )


def make_configs(client: DockerClient, stack: Stack, names: Iterable[str]) -> None:
    for name in names:
        client.configs.create(
            name=labels.full_name(stack.name, name),
            data=stack.configs[name],
            labels={labels.STACK: stack.name},
        )


def remove_configs(client: DockerClient, stack: str, names: Iterable[str]) -> None:
    known = configs(client, stack)
    for name in names:
        client.api.remove_config(known[name])


def remove_networks(client: DockerClient, stack: str, names: Iterable[str]) -> list[str]:
    """Ask for their removal; those that are there still, since a container that ends is in them."""
    known = networks(client, stack)
    left = [name for name in names if name in known]
    for name in left:
        _remove(known[name])
    return left


def _remove(network: Network) -> None:
    try:
        network.remove()
    except NotFound:
        return
    except APIError as error:
        if not any(phrase in str(error.explanation) for phrase in _IN_USE):
            raise
