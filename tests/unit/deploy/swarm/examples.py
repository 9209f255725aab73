"""A small stack, and what the engine's API says of services and tasks."""

from dataclasses import replace
from typing import Any

from deploy.stack import Attachment, Component, Health, Mounted, Network, Port, Stack
from deploy.swarm import labels
from deploy.swarm.deployed import Deployed, read
from deploy.swarm.specification import Identities, SecretInUse, Specification, mode, specify

WEB = Component(
    name="web",
    image="cesar/web:1",
    entrypoint=("serve",),
    command=("--port", "8000"),
    environment={"CESAR_LOG_LEVEL": "info"},
    secrets=(Mounted(name="word", target="/run/secrets/word"),),
    configs=(Mounted(name="pages.abc", target="/cesar/pages", mode=0o400),),
    networks=(Attachment(network="front", aliases=("site",)),),
    tmpfs=("/tmp",),
    health=Health(command=("ask",), interval=2, timeout=3, retries=4, start_period=10),
    memory=64 * 2**20,
)
JOB = Component(name="job", image="cesar/web:1", command=("migrate",), runs_once=True)
IDENTITIES = Identities(
    images={"cesar/web:1": "sha256:one", "cesar/web:2": "sha256:two"},
    secrets={"word": SecretInUse(id="id-of-word", name="small_word.1")},
)
PROXY = replace(WEB, name="proxy", ports=(Port(published=443, target=8443),))


def small_stack(*components: Component) -> Stack:
    return Stack(
        name="small",
        release="1",
        components=components,
        networks={"front": Network()},
        volumes=("data",),
        configs={"pages.abc": b"pages"},
        secrets=("word",),
    )


def specified(component: Component, identities: Identities = IDENTITIES) -> Specification:
    return specify("small", component, identities)


def task(
    component: Component,
    state: str = "running",
    *,
    number: int = 1,
    desired: str = "running",
    error: str = "",
    iteration: int = 0,
    fingerprint: str | None = None,
) -> dict[str, Any]:
    """A task as GET /tasks gives it; ``number`` orders them in time."""
    marks = {**specified(component).labels}
    if fingerprint is not None:
        marks[labels.FINGERPRINT] = fingerprint
    status: dict[str, Any] = {"State": state, "ContainerStatus": {"ContainerID": f"container-{number}"}}
    if error:
        status["Err"] = error
    return {
        "ID": f"task-{number}",
        "CreatedAt": f"2026-11-25T08:00:{number:02}.000000000Z",
        "Spec": {"ContainerSpec": {"Image": "sha256:one", "Labels": marks}},
        "ServiceID": f"id-of-{component.name}",
        "Slot": number,
        "Status": status,
        "DesiredState": desired,
        "JobIteration": {"Index": iteration} if iteration else {},
    }


def service(
    component: Component, *, replicas: int = 1, update: str = "", iteration: int = 0, image: str = ""
) -> dict[str, Any]:
    """A service as GET /services gives it."""
    known = specified(component)
    found: dict[str, Any] = {
        "ID": f"id-of-{component.name}",
        "Version": {"Index": 7},
        "Spec": {
            "Name": known.name,
            "Labels": {**known.labels, labels.IMAGE: image or component.image},
            "TaskTemplate": dict(known.task),
            "Mode": _as_answered(mode(component, replicas)),
        },
    }
    if update:
        found["UpdateStatus"] = {"State": update}
    if component.runs_once:
        found["JobStatus"] = {"JobIteration": {"Index": iteration} if iteration else {}}
    return found


def deployed(component: Component, *tasks: dict[str, Any], **about: Any) -> Deployed:
    return read(service(component, **about), list(tasks))


def _as_answered(told: dict[str, Any]) -> dict[str, Any]:
    """The engine takes “replicated” and answers “Replicated”."""
    return {name[0].upper() + name[1:]: value for name, value in told.items()}
