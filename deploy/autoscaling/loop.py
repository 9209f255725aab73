"""The loop that lets the number of workers follow their queues, and what it leaves for people to read."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from docker import DockerClient

from deploy.autoscaling.decision import Memory, Sample, decide, learn
from deploy.autoscaling.measuring import Reading, read_workers, sample
from deploy.engine import EngineProblem, engine_problems
from deploy.stack import Component, Stack
from deploy.swarm import StackProblem, observe, scale

# On the service in the engine: it is there for whoever asks, and for the next autoscaler.
LABEL = "cesar.autoscaling"
# Of samples every few seconds: longer than it has to be calm.
_REMEMBERED = 120

Report = Callable[[str], None]
Look = Callable[[str, float], Reading | None]


@dataclass(frozen=True, kw_only=True)
class LastDecision:
    """The latest change of a component's count, and how many events a second one of its workers handles."""

    at: datetime
    before: int
    after: int
    reason: str
    capacity: float | None

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} UTC: {self.before} → {self.after}. {self.reason}"

    def as_label(self) -> str:
        return json.dumps({**vars(self), "at": self.at.isoformat(timespec="seconds")})


def last_decision(labels: Mapping[str, str]) -> LastDecision | None:
    """What the autoscaler did last to the service with these labels; None when it never did anything."""
    if LABEL not in labels:
        return None
    told = json.loads(labels[LABEL])
    return LastDecision(**{**told, "at": datetime.fromisoformat(told["at"])})


@dataclass
class Autoscaler:
    """One elastic component, watched."""

    client: DockerClient
    stack: str
    component: Component
    report: Report
    look: Look = read_workers
    _before: Reading | None = field(default=None, init=False)
    _samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=_REMEMBERED), init=False)
    _memory: Memory | None = field(default=None, init=False)

    def take_turn(self, now: float) -> None:
        """Look, decide and scale. ``now`` in seconds since 1970. Raises EngineProblem, StackProblem."""
        name = self.component.name
        with engine_problems():
            there = observe(self.client, self.stack).get(name)
        # A count of 0 is a person's decision: everything stands still, for a restore.
        if there is None or there.replicas == 0:
            return
        self._note(self.look(name, now))
        samples = list(self._samples)
        memory = self._memory = learn(self._remembered(there.specification["Labels"]), samples)
        decision = decide(samples, there.replicas, self.component.replicas, memory)
        if decision.replicas == there.replicas:
            return
        made = LastDecision(
            at=datetime.fromtimestamp(now, UTC),
            before=there.replicas,
            after=decision.replicas,
            reason=decision.reason,
            capacity=memory.capacity,
        )
        with engine_problems():
            scale(self.client, self.stack, name, made.after, notes={LABEL: made.as_label()})
        self._memory = replace(memory, changed_at=now)
        self.report(f"{name} at {made}")

    def _remembered(self, labels: Mapping[str, str]) -> Memory:
        """What this autoscaler knows, or an earlier one left."""
        if self._memory is not None:
            return self._memory
        last = last_decision(labels)
        return Memory(changed_at=last.at.timestamp(), capacity=last.capacity) if last else Memory()

    def _note(self, reading: Reading | None) -> None:
        if reading is not None and self._before is not None:
            self._samples.append(sample(self._before, reading))
        self._before = reading


def run(client: DockerClient, stack: Stack, report: Report, interval: float = 5.0) -> None:
    """Watch every elastic component of the stack for ever, every ``interval`` seconds."""
    scalers = [
        Autoscaler(client, stack.name, component, report)
        for component in stack.components
        if component.replicas.is_elastic
    ]
    while True:
        for scaler in scalers:
            try:
                scaler.take_turn(time.time())
            except (EngineProblem, StackProblem) as error:
                report(str(error))
        time.sleep(interval)
