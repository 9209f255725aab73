"""A Docker engine that remembers secrets and whether it is in a swarm, and nothing else."""

from dataclasses import dataclass, field
from typing import Any
from unittest.mock import create_autospec

import docker
from docker.errors import APIError


@dataclass
class FakeSecret:
    kept: "FakeSecrets"
    name: str
    data: bytes
    labels: dict[str, str]

    @property
    def id(self) -> str:
        return f"id of {self.name}"

    @property
    def attrs(self) -> dict[str, Any]:
        return {"CreatedAt": "2026-11-25T08:00:00.000000000Z"}

    def remove(self) -> None:
        if self.name in self.kept.used:
            raise APIError("400", explanation=f"secret '{self.name}' is in use by the following service: web")
        self.kept.secrets.remove(self)


@dataclass
class FakeSecrets:
    secrets: list[FakeSecret] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def create(self, *, name: str, data: bytes, labels: dict[str, str]) -> None:
        if name in self.names():
            raise APIError("409", explanation=f"secret {name} already exists")
        self.secrets.append(FakeSecret(self, name, data, labels))

    def list(self, filters: dict[str, str]) -> list[FakeSecret]:
        label, _, value = filters["label"].partition("=")
        return [secret for secret in self.secrets if secret.labels.get(label) == value]

    def names(self) -> set[str]:
        return {secret.name for secret in self.secrets}

    def value(self, name: str) -> str:
        (secret,) = [secret for secret in self.secrets if secret.name == name]
        return secret.data.decode()


def fake_engine(swarm: str = "active") -> Any:
    """A client whose engine is in this state: "active" as a manager, or "inactive"."""
    client = create_autospec(docker.DockerClient, instance=True)
    client.secrets = FakeSecrets()
    state = {"LocalNodeState": swarm, "ControlAvailable": swarm == "active"}
    client.info.return_value = {"Swarm": state}
    client.version.return_value = {"ApiVersion": "1.41", "Version": "20.10"}
    client.swarm.init.side_effect = lambda: state.update(LocalNodeState="active", ControlAvailable=True)
    return client
