"""How many workers a service should have, from what waits and how fast it is handled: no clock, no engine.

Up fast, because people wait; down slowly, because a worker too many costs little. Between the two there is
room in which nothing happens, so that a steady load leads to a steady count: a worker is taken away only when
those that stay could bear the load with room to spare.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from deploy.stack import Replicas


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was seen at an instant (seconds).

    ``waiting`` events were in the queue, ``rate`` events a second were handled since the sample before, by
    ``replicas`` workers together.
    """

    at: float
    waiting: int
    rate: float
    replicas: int


@dataclass(frozen=True, kw_only=True)
class Policy:
    """When it is too much and when it is little. Times in seconds.

    Up to ``few`` waiting events are no queue but one batch. An event may wait ``tolerable`` long; what waits
    should be gone within ``drained_within``. The effect of a change shows after ``pause``. A worker is taken
    away after ``calm`` without a queue, if the others then use at most ``most_used`` of what they can do.
    """

    few: int = 500
    tolerable: float = 10.0
    drained_within: float = 60.0
    pause: float = 30.0
    calm: float = 300.0
    most_used: float = 0.7


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What is known from before: when the count was changed last (seconds), and how many events a second one
    worker handles when there is enough to do."""

    changed_at: float = -math.inf
    capacity: float | None = None


@dataclass(frozen=True)
class Decision:
    """How many replicas there should be, and why, as a sentence."""

    replicas: int
    reason: str


DEFAULT = Policy()
# How much a new measurement of a worker's capacity counts against the older ones.
_WEIGHT = 0.2


def decide(
    samples: Sequence[Sample], replicas: int, bounds: Replicas, memory: Memory, policy: Policy = DEFAULT
) -> Decision:
    """The count of workers from now on, within the bounds; ``samples`` are in the order of time."""
    if replicas < bounds.least:
        return Decision(bounds.least, f"At least {bounds.least} are wanted.")
    if replicas > bounds.most:
        return Decision(bounds.most, f"At most {bounds.most} are allowed.")
    if not samples:
        return Decision(replicas, "Nothing is known of the queue.")
    recent = _since(samples, max(memory.changed_at, samples[-1].at - policy.pause))
    delay = _delay(recent)
    if recent[-1].waiting > policy.few and delay > policy.tolerable:
        return _up(recent, delay, replicas, bounds, memory, policy)
    return _down(samples, replicas, bounds, memory, policy)


def learn(memory: Memory, samples: Sequence[Sample], policy: Policy = DEFAULT) -> Memory:
    """What the latest sample teaches of a worker's capacity.

    Whoever leaves a queue behind has done what it could. Without a queue a worker shows at least that it can
    do as much as it did.
    """
    latest = samples[-1] if samples else None
    if latest is None or not latest.rate or not latest.replicas:
        return memory
    known, measured = memory.capacity, latest.rate / latest.replicas
    is_busy = latest.waiting > policy.few
    if known is None:
        return replace(memory, capacity=measured) if is_busy else memory
    if measured > known:
        return replace(memory, capacity=measured)
    return replace(memory, capacity=known + _WEIGHT * (measured - known)) if is_busy else memory


def _up(
    recent: Sequence[Sample], delay: float, replicas: int, bounds: Replicas, memory: Memory, policy: Policy
) -> Decision:
    now, waiting = recent[-1].at, recent[-1].waiting
    lag = f"{waiting} events wait, for {delay:.0f} s" if delay < math.inf else f"{waiting} events wait"
    growth = _growth(recent)
    if now - memory.changed_at < policy.pause:
        return Decision(replicas, f"{lag}; the latest change has yet to show its effect.")
    if growth < 0 and waiting <= -growth * policy.drained_within:
        return Decision(replicas, f"{lag}, and will be gone in {waiting / -growth:.0f} s.")
    if replicas == bounds.most:
        return Decision(replicas, f"{lag}, and {bounds.most} is the most that is allowed.")
    wanted: float = replicas + 1
    if capacity := _mean_rate(recent) / replicas:
        arriving = max(0.0, _mean_rate(recent) + growth)
        wanted = (arriving + waiting / policy.drained_within) / capacity
    # Not more than twice as many at once: the servers that they share have to bear them too.
    most = min(2 * replicas, bounds.most)
    return Decision(math.ceil(min(max(wanted, replicas + 1), most)), f"{lag}.")


def _down(
    samples: Sequence[Sample], replicas: int, bounds: Replicas, memory: Memory, policy: Policy
) -> Decision:
    now, waiting = samples[-1].at, samples[-1].waiting
    if replicas == bounds.least:
        return Decision(replicas, f"{waiting} events wait, and {bounds.least} is the least that is wanted.")
    lately = _since(samples, now - policy.calm)
    is_calm = all(sample.waiting <= policy.few for sample in lately)
    if not is_calm or now - max(memory.changed_at, samples[0].at) < policy.calm:
        return Decision(replicas, f"{waiting} events wait; it has not been calm for long enough.")
    if memory.capacity:
        used = _mean_rate(lately) / (memory.capacity * (replicas - 1))
        if used > policy.most_used:
            return Decision(replicas, f"{waiting} events wait; {replicas - 1} would be {used:.0%} busy.")
    return Decision(replicas - 1, f"No queue for {policy.calm / 60:.0f} minutes.")


def _since(samples: Sequence[Sample], instant: float) -> Sequence[Sample]:
    """The samples since then; at least the latest."""
    return [sample for sample in samples if sample.at >= instant] or samples[-1:]


def _delay(recent: Sequence[Sample]) -> float:
    """How long the last event of the queue will wait, in seconds."""
    rate = _mean_rate(recent)
    return recent[-1].waiting / rate if rate else math.inf


def _mean_rate(samples: Sequence[Sample]) -> float:
    return sum(sample.rate for sample in samples) / len(samples)


def _growth(samples: Sequence[Sample]) -> float:
    """Events a second by which the queue has grown; negative while it shrinks."""
    first, last = samples[0], samples[-1]
    return (last.waiting - first.waiting) / (last.at - first.at) if last.at > first.at else 0.0
