"""Why a component does not get well, in the words of whoever has to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docker import DockerClient
from docker.errors import DockerException

from deploy.engine import EngineProblem
from deploy.stack import Component
from deploy.swarm.deployed import Deployed, Task
from deploy.swarm.logs import lines
from deploy.swarm.problems import StackProblem

_LINES = 10


def reason(component: Component, error: str) -> str:
    """The engine's complaint as the rest of a sentence."""
    if code := re.search(r"non-zero exit \((\d+)\)(?!.*unhealthy)", error):
        killed = ", killed, perhaps for want of memory" if code[1] == "137" else ""
        return f"its process ended with exit code {code[1]}{killed}"
    if "unhealthy" in error:
        return "its health check fails"
    if "address already in use" in error:
        taken = [str(port.published) for port in component.ports if f":{port.published}" in error]
        return f"port {' or '.join(taken) or 'of the machine'} is taken by another program"
    if "host-mode port already in use" in error:
        ports = " or ".join(str(port.published) for port in component.ports)
        return f"port {ports} is taken by another service of the swarm"
    if "No such image" in error:
        return f"the machine that it was given to does not have the image {component.image}"
    if "scheduling constraints not satisfied" in error:
        place = component.node or "a manager of the swarm"
        return f"it has to run on {place}, which is not there or takes no work"
    if missing := re.search(r"bind source path does not exist: (\S+)", error):
        return f"its machine does not have {missing[1]}"
    if "no space left on device" in error:
        return "the disk of its machine is full"
    return error or "it takes too long to get well"


def last_words(client: DockerClient, stack: str, deployed: Deployed, fingerprint: str) -> list[str]:
    """What the latest container of this specification said, of those that ended badly if there are any:
    its health check's answer and the last lines it printed."""
    tasks = [task for task in deployed.tasks if task.fingerprint == fingerprint and task.container]
    failed = [task for task in tasks if task.failed]
    if not (failed or tasks):
        return []
    task = (failed or tasks)[-1]
    return [*_health_answer(client, task), *_printed(client, stack, deployed, task)]


def _health_answer(client: DockerClient, task: Task) -> Iterator[str]:
    if task.container is None:
        return
    try:
        state = client.api.inspect_container(task.container)["State"]
    except DockerException:
        # On another machine, or already removed.
        return
    checks = state.get("Health", {}).get("Log") or []
    if checks and checks[-1]["ExitCode"] != 0:
        answer = checks[-1]["Output"].strip().splitlines()
        yield f"health check: {answer[-1] if answer else 'exit code ' + str(checks[-1]['ExitCode'])}"


def _printed(client: DockerClient, stack: str, deployed: Deployed, task: Task) -> list[str]:
    try:
        printed = lines(client, stack, deployed.component, tail=_LINES, follow=False)
        return [line.text for line in printed if line.task == task.id][-_LINES:]
    except (EngineProblem, StackProblem) as error:
        return [f"(what it printed cannot be read: {error})"]
