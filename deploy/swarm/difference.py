"""What has to be done to bring the engine to a stack."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from deploy.stack import Component, Replicas, Stack
from deploy.swarm.deployed import Deployed
from deploy.swarm.labels import changed_aspects
from deploy.swarm.specification import Specification


class Action(StrEnum):
    """``REPEAT``: a job that did not end well, or never ran to its end, runs again."""

    CREATE = "create"
    CHANGE = "change"
    REPEAT = "repeat"
    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happens to one component. ``what`` says in words what changes; ``replicas`` is the count after."""

    component: str
    action: Action
    replicas: int = 0
    what: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All changes, in the order of the stack; networks and configs by their names in it."""

    changes: tuple[Change, ...]
    new_networks: tuple[str, ...] = ()
    old_networks: tuple[str, ...] = ()
    new_configs: tuple[str, ...] = ()
    old_configs: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return all(change.action is Action.KEEP for change in self.changes) and not (
            self.new_networks or self.old_networks or self.new_configs or self.old_configs
        )

    def of(self, component: str) -> Change:
        """Raises KeyError."""
        for change in self.changes:
            if change.component == component:
                return change
        raise KeyError(component)


def compare(
    stack: Stack,
    specifications: Mapping[str, Specification],
    deployed: Mapping[str, Deployed],
    *,
    networks: Collection[str] = (),
    configs: Collection[str] = (),
) -> Difference:
    """The difference between a stack and what the engine has of it: components, networks, configs."""
    names = [component.name for component in stack.components]
    return Difference(
        changes=(
            *(
                _change(component, specifications[component.name], deployed.get(component.name))
                for component in stack.components
            ),
            *(Change(component=name, action=Action.REMOVE) for name in deployed if name not in names),
        ),
        new_networks=_only(stack.networks, networks),
        old_networks=_only(networks, stack.networks),
        new_configs=_only(stack.configs, configs),
        old_configs=_only(configs, stack.configs),
    )


def fitting(replicas: Replicas, current: int) -> int:
    """The count that a component keeps: what it was given, as far as its bounds allow."""
    return min(max(current, replicas.least), replicas.most)


def _change(component: Component, specification: Specification, deployed: Deployed | None) -> Change:
    if deployed is None:
        return Change(component=component.name, action=Action.CREATE, replicas=component.replicas.least)
    replicas = 1 if component.runs_once else fitting(component.replicas, deployed.replicas)
    what = list(changed_aspects(deployed.fingerprint, specification.fingerprint))
    if replicas != deployed.replicas:
        what.append(f"replicas {deployed.replicas} → {replicas}")
    if "image" in what and deployed.image != component.image:
        what[what.index("image")] = f"image {deployed.image} → {component.image}"
    action = Action.CHANGE if what else Action.REPEAT if _has_to_run_again(deployed) else Action.KEEP
    return Change(component=component.name, action=action, replicas=replicas, what=tuple(what))


def _has_to_run_again(deployed: Deployed) -> bool:
    """A job of which nothing runs or is to run, and that has not ended well."""
    return deployed.runs_once and not any(
        task.state == "complete" or (task.is_wanted and not task.failed) for task in deployed.current_tasks
    )


def _only(these: Collection[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in others)
