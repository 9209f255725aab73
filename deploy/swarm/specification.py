"""A component in Docker's words.

No name is resolved by swarm's virtual addresses (``dnsrr``): callers see each container, and a proxy can try
the next one. Ports are published by the machine that the container runs on (``host``), which keeps the
callers' addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docker.types import (
    ConfigReference,
    ContainerSpec,
    DriverConfig,
    EndpointSpec,
    Healthcheck,
    Mount,
    NetworkAttachmentConfig,
    Placement,
    Resources,
    RestartPolicy,
    RollbackConfig,
    SecretReference,
    ServiceMode,
    TaskTemplate,
    UpdateConfig,
)

from deploy.stack import Component, Port
from deploy.swarm import labels
from deploy.swarm.labels import full_name

# How often a job is tried again before it counts as failed.
JOB_RETRIES = 2

_SECOND = 1_000_000_000
_RESTART_DELAY = 2 * _SECOND
# Long enough for what dies soon after its start; containers with a health check are watched for longer.
_MONITOR = 5.0
# What the containers print is kept for a while and does not fill the disk.
_LOGS = {"max-size": "10m", "max-file": "3"}


@dataclass(frozen=True, kw_only=True)
class SecretInUse:
    """A secret as the engine knows it."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Identities:
    """What the engine has for names of a stack: what exactly an image is, which version of a secret it is."""

    images: Mapping[str, str]
    secrets: Mapping[str, SecretInUse]


@dataclass(frozen=True, kw_only=True)
class Specification:
    """All that the engine is told of one component, but for how many containers there are.

    A config is referred to by its name only: the engine's id is known once it is there.
    """

    component: str
    name: str
    labels: Mapping[str, str]
    task: TaskTemplate
    endpoint: EndpointSpec
    update: UpdateConfig | None
    rollback: RollbackConfig | None

    @property
    def fingerprint(self) -> str:
        return self.labels[labels.FINGERPRINT]


def specify(stack: str, component: Component, identities: Identities) -> Specification:
    """Raises KeyError when an image or a secret is not among the identities."""
    container = _container(stack, component, identities)
    task = _task(stack, component, container)
    endpoint = EndpointSpec(mode="dnsrr")
    endpoint["Ports"] = [_port(port) for port in component.ports]
    update = rollback = None
    if not component.runs_once:
        rolling = _rolling(component)
        update = UpdateConfig(failure_action="rollback", **rolling)
        rollback = RollbackConfig(failure_action="pause", **rolling)
    aspects: dict[str, Any] = {
        **{name: value for name, value in task.items() if name != "ContainerSpec"},
        **container,
        # Another name of the same image is another release.
        "Image": [component.image, container["Image"]],
        "Ports": endpoint["Ports"],
        "UpdateConfig": update,
        "RollbackConfig": rollback,
    }
    marks = {
        labels.STACK: stack,
        labels.COMPONENT: component.name,
        labels.IMAGE: component.image,
        labels.FINGERPRINT: labels.fingerprint(aspects),
    }
    # On the containers too: a task tells by it which specification it runs.
    container["Labels"] = marks
    return Specification(
        component=component.name,
        name=full_name(stack, component.name),
        labels=marks,
        task=task,
        endpoint=endpoint,
        update=update,
        rollback=rollback,
    )


def mode(component: Component, replicas: int) -> ServiceMode:
    if component.runs_once:
        return ServiceMode("replicated-job", replicas=1)
    return ServiceMode("replicated", replicas=replicas)


def is_started_first(component: Component) -> bool:
    """Whether a new container may run beside the old one: two cannot share a volume or a port."""
    return component.start_first and not component.volumes and not component.ports


def _task(stack: str, component: Component, container: ContainerSpec) -> TaskTemplate:
    constraints = []
    if component.on_manager:
        constraints.append("node.role==manager")
    if component.node is not None:
        constraints.append(f"node.hostname=={component.node}")
    restart = (
        RestartPolicy("on-failure", delay=_RESTART_DELAY, max_attempts=JOB_RETRIES)
        if component.runs_once
        else RestartPolicy("any", delay=_RESTART_DELAY)
    )
    return TaskTemplate(
        container,
        resources=Resources(mem_limit=component.memory),
        restart_policy=restart,
        placement=Placement(constraints=constraints),
        log_driver=DriverConfig("json-file", _LOGS),
        networks=[
            NetworkAttachmentConfig(
                full_name(stack, attachment.network), aliases=[component.name, *attachment.aliases]
            )
            for attachment in component.networks
        ],
    )


def _container(stack: str, component: Component, identities: Identities) -> ContainerSpec:
    return ContainerSpec(
        identities.images[component.image],
        # What Docker's images call the entry point is a service's command, and the other way round.
        command=list(component.entrypoint),
        args=list(component.command),
        hostname=component.hostname,
        env=dict(sorted(component.environment.items())),
        user=component.user,
        mounts=_mounts(stack, component),
        stop_grace_period=_nanoseconds(component.stop_grace),
        stop_signal=component.stop_signal,
        secrets=[
            SecretReference(secret.id, secret.name, filename=mounted.target, mode=mounted.mode)
            for mounted in component.secrets
            for secret in [identities.secrets[mounted.name]]
        ],
        configs=[
            ConfigReference(name, name, filename=mounted.target, mode=mounted.mode)
            for mounted in component.configs
            for name in [full_name(stack, mounted.name)]
        ],
        healthcheck=_health(component),
        read_only=component.read_only,
        init=True,
    )


def _port(port: Port) -> dict[str, Any]:
    return {
        "Protocol": "tcp",
        "TargetPort": port.target,
        "PublishedPort": port.published,
        "PublishMode": "host",
    }


def _mounts(stack: str, component: Component) -> list[Mount]:
    return [
        *(
            Mount(target, full_name(stack, volume), labels={labels.STACK: stack})
            for volume, target in component.volumes.items()
        ),
        *(Mount(target, source, type="bind") for source, target in component.binds.items()),
        *(Mount(target, None, type="tmpfs") for target in component.tmpfs),
    ]


def _health(component: Component) -> Healthcheck:
    health = component.health
    if health is None:
        # Not that of the image, which is meant for another command.
        return Healthcheck(test=["NONE"])
    return Healthcheck(
        test=["CMD", *health.command],
        interval=_nanoseconds(health.interval),
        timeout=_nanoseconds(health.timeout),
        retries=health.retries,
        start_period=_nanoseconds(health.start_period),
    )


def _rolling(component: Component) -> dict[str, Any]:
    """One container after the other, each watched as long as its health check takes to find it unwell."""
    health = component.health
    until_unwell = health.retries * health.interval + health.timeout if health else 0
    return {
        "parallelism": 1,
        "monitor": _nanoseconds(max(_MONITOR, until_unwell)),
        "order": "start-first" if is_started_first(component) else "stop-first",
    }


def _nanoseconds(seconds: float) -> int:
    return round(seconds * _SECOND)
