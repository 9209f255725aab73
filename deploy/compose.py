"""The same stack for Docker Compose, on one machine without a swarm.

Source: the Compose Specification (services, networks, volumes, configs, secrets). What only a swarm can do is
left out: the autoscaler, and machines chosen by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.stack import Component, Mounted, Stack

_INTRODUCTION = """\
# Made by "cesar deploy compose" from cesar.toml: change that and make it anew. Then:
#
#   docker compose up --detach
#
# secrets/ holds the values of all passwords and keys: who can read that folder can do anything here.
"""


def document(stack: Stack) -> dict[str, Any]:
    """What compose.yaml says, as plain data."""
    components = composable(stack)
    jobs = {component.name for component in components if component.runs_once}
    described: dict[str, Any] = _escaped(
        {
            "name": stack.name,
            "services": {component.name: _service(component, jobs) for component in components},
            "networks": {name: {"internal": network.internal} for name, network in stack.networks.items()},
            "volumes": {volume: {} for volume in stack.volumes},
            "configs": {name: {"file": f"./configs/{name}"} for name in _used(components, "configs")},
            "secrets": {name: {"file": f"./secrets/{name}"} for name in _used(components, "secrets")},
        }
    )
    return described


def composable(stack: Stack) -> tuple[Component, ...]:
    """The components that make sense without a swarm."""
    return tuple(component for component in stack.components if not component.on_manager)


def write(stack: Stack, folder: Path) -> None:
    """Write compose.yaml and the configs that it names. Raises OSError."""
    text = yaml.safe_dump(document(stack), sort_keys=False, allow_unicode=True, width=110)
    configs = folder / "configs"
    configs.mkdir(parents=True, exist_ok=True)
    for name in _used(composable(stack), "configs"):
        (configs / name).write_bytes(stack.configs[name])
    (folder / "compose.yaml").write_text(_INTRODUCTION + text, "utf-8")


def write_secrets(folder: Path, values: Mapping[str, str]) -> None:
    """Write the values of secrets as the files that compose.yaml names. Raises OSError.

    Containers read them as users of their own, so the files are open, and the folder is closed instead.
    """
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets.chmod(0o700)
    for name, value in values.items():
        (secrets / name).unlink(missing_ok=True)
        (secrets / name).write_text(value, "utf-8")
        (secrets / name).chmod(0o444)


def present_secrets(folder: Path) -> set[str]:
    """The names of the secrets that are there already."""
    secrets = folder / "secrets"
    return {path.name for path in secrets.iterdir()} if secrets.is_dir() else set()


def _service(component: Component, jobs: set[str]) -> dict[str, Any]:
    health = component.health
    service = {
        "image": component.image,
        "entrypoint": list(component.entrypoint),
        "command": list(component.command),
        "environment": dict(component.environment),
        "secrets": _mounts(component.secrets),
        "configs": _mounts(component.configs),
        "networks": {
            attachment.network: {"aliases": list(attachment.aliases)} if attachment.aliases else {}
            for attachment in component.networks
        },
        "ports": [
            {"target": port.target, "published": str(port.published), "protocol": "tcp", "mode": "host"}
            for port in component.ports
        ],
        "volumes": [
            {"type": kind, "source": source, "target": target}
            for kind, mounts in (("volume", component.volumes), ("bind", component.binds))
            for source, target in mounts.items()
        ],
        "tmpfs": list(component.tmpfs),
        "user": component.user,
        "hostname": component.hostname,
        "read_only": component.read_only,
        "init": True,
        "healthcheck": health
        and {
            "test": ["CMD", *health.command],
            "interval": _seconds(health.interval),
            "timeout": _seconds(health.timeout),
            "retries": health.retries,
            "start_period": _seconds(health.start_period),
        },
        "restart": "no" if component.runs_once else "unless-stopped",
        "stop_grace_period": _seconds(component.stop_grace),
        "stop_signal": component.stop_signal,
        "depends_on": {
            name: {"condition": "service_completed_successfully" if name in jobs else "service_healthy"}
            for name in component.after
        },
        "deploy": {
            "replicas": component.replicas.least,
            **({"resources": {"limits": {"memory": str(component.memory)}}} if component.memory else {}),
        },
    }
    return {key: value for key, value in service.items() if value not in (None, [], {})}


def _mounts(mounts: Iterable[Mounted]) -> list[dict[str, str]]:
    return [{"source": mounted.name, "target": mounted.target} for mounted in mounts]


def _used(components: Iterable[Component], kind: str) -> list[str]:
    """The configs or secrets that something mounts, each once."""
    return list(
        dict.fromkeys(mounted.name for component in components for mounted in getattr(component, kind))
    )


def _seconds(duration: float) -> str:
    return f"{duration:g}s"


def _escaped(value: Any) -> Any:
    """A dollar sign would name a variable; two of them are one."""
    match value:
        case str():
            return value.replace("$", "$$")
        case dict():
            return {key: _escaped(inner) for key, inner in value.items()}
        case list():
            return [_escaped(inner) for inner in value]
        case _:
            return value
