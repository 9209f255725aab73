"""The secrets of a stack in the engine, which alone knows their values.

A secret of a swarm never changes. A new value is a new secret, ``<stack>_<name>.<number>``, and the highest
number is the one in use: what runs keeps the old one until it is updated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from docker import DockerClient
from docker.errors import APIError
from docker.models.secrets import Secret

from deploy.engine import engine_problems

STACK_LABEL = "cesar.stack"


def in_use(client: DockerClient, stack: str) -> Mapping[str, Secret]:
    """By name, the secret that the stack's containers are to be given. Raises EngineProblem."""
    newest: dict[str, tuple[int, Secret]] = {}
    for name, number, secret in _all_of(client, stack):
        if name not in newest or number > newest[name][0]:
            newest[name] = number, secret
    return {name: secret for name, (_, secret) in newest.items()}


def put(client: DockerClient, stack: str, values: Mapping[str, str]) -> None:
    """Keep new values; what had one already is replaced. Raises EngineProblem.

    Numbers start with 1. Of a pair that is interrupted half-way, the next try replaces both.
    """
    numbers = {name: number for name, number, _ in sorted(_all_of(client, stack), key=lambda item: item[1])}
    with engine_problems():
        for name, value in values.items():
            client.secrets.create(
                name=f"{stack}_{name}.{numbers.get(name, 0) + 1}",
                data=value.encode(),
                labels={STACK_LABEL: stack},
            )


def remove_replaced(client: DockerClient, stack: str) -> None:
    """Remove the values that were replaced, except where something still runs with them.

    Raises EngineProblem.
    """
    kept = {secret.id for secret in in_use(client, stack).values()}
    for _, _, secret in _all_of(client, stack):
        if secret.id not in kept:
            _remove_unless_used(secret)


def _remove_unless_used(secret: Secret) -> None:
    with engine_problems():
        try:
            secret.remove()
        except APIError as error:
            # "rpc error: ... secret 'x' is in use by the following service"
            if "in use" not in str(error.explanation):
                raise


def _all_of(client: DockerClient, stack: str) -> Iterator[tuple[str, int, Secret]]:
    """Every secret of the stack: its name there, its number, and itself."""
    pattern = re.compile(rf"{re.escape(stack)}_(.+)\.(\d+)")
    with engine_problems():
        secrets = client.secrets.list(filters={"label": f"{STACK_LABEL}={stack}"})
    for secret in secrets:
        if found := pattern.fullmatch(secret.name):
            yield found[1], int(found[2]), secret
