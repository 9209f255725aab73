"""What the containers of a component print, from whatever machine they are on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from docker import DockerClient
from docker.errors import NotFound

from deploy.engine import engine_problems
from deploy.swarm import labels
from deploy.swarm.problems import StackProblem

_TASK = "com.docker.swarm.task.id="


@dataclass(frozen=True, kw_only=True)
class Line:
    """``task`` is the engine's name of the container's turn; ``slot`` its number among those that run the
    same, 0 when it is no longer known. ``time`` in ISO 8601."""

    task: str
    time: str
    text: str
    slot: int = 0


def lines(client: DockerClient, stack: str, component: str, *, tail: int, follow: bool) -> Iterator[Line]:
    """The last lines of each container, oldest first; then, to ``follow``, what comes.

    Raises StackProblem when there is no such component, EngineProblem.
    """
    service = labels.full_name(stack, component)
    with engine_problems():
        try:
            client.api.inspect_service(service)
        except NotFound:
            raise StackProblem(f"{component} is not there: run “cesar deploy up” first.") from None
        slots = _slots(client, stack, component)
        printed = client.api.service_logs(
            service,
            details=True,
            follow=follow,
            stdout=True,
            stderr=True,
            timestamps=True,
            tail=str(tail),
            is_tty=False,
        )
        found = (read_line(raw) for raw in printed)
        for line in found if follow else sorted(found, key=lambda line: line.time):
            if line.task not in slots:
                slots = {line.task: 0, **slots, **_slots(client, stack, component)}
            yield replace(line, slot=slots[line.task])


def read_line(raw: bytes) -> Line:
    """A line as the engine gives it with time and details: “<time> <key>=<value>,… <text>”."""
    time, details, text = raw.decode("utf-8", "replace").rstrip("\n").split(" ", 2)
    task = next((part.removeprefix(_TASK) for part in details.split(",") if part.startswith(_TASK)), "")
    return Line(task=task, time=time, text=text)


def _slots(client: DockerClient, stack: str, component: str) -> dict[str, int]:
    tasks = client.api.tasks(filters=labels.of_component(stack, component))
    return {task["ID"]: task.get("Slot", 0) for task in tasks}
