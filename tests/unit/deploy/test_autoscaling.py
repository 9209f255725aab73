"""The count of workers follows the queue: up fast, down slowly, within its bounds, and without swinging."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deploy.autoscaling.decision import DEFAULT, Decision, Memory, Sample, decide, learn
from deploy.stack import Replicas

SECONDS_BETWEEN = 5
HOUR = 3600

instants = st.floats(0, 1e6)
samples = st.builds(
    Sample,
    at=instants,
    waiting=st.integers(0, 10**6),
    rate=st.floats(0, 20_000),
    replicas=st.integers(0, 50),
)
bounds = st.builds(
    lambda least, more: Replicas(least=least, most=least + more), st.integers(1, 10), st.integers(1, 20)
)
memories = st.builds(
    Memory, changed_at=instants | st.just(-math.inf), capacity=st.none() | st.floats(0.1, 10_000)
)


def run(
    seconds: float,
    limits: Replicas,
    waiting: Callable[[float, int, float], tuple[float, float]],
    *,
    replicas: int | None = None,
) -> list[tuple[float, int]]:
    """Let time pass; each change as its instant and the new count.

    ``waiting`` is told instant, replicas and the queue so far; it answers with the queue and the rate.
    """
    count = replicas or limits.least
    memory, seen, queue, changes = Memory(), list[Sample](), 0.0, list[tuple[float, int]]()
    for step in range(int(seconds / SECONDS_BETWEEN)):
        at = float(step * SECONDS_BETWEEN)
        queue, rate = waiting(at, count, queue)
        seen.append(Sample(at=at, waiting=int(queue), rate=rate, replicas=count))
        memory = learn(memory, seen)
        decision = decide(seen[-720:], count, limits, memory)
        if decision.replicas != count:
            count = decision.replicas
            memory = replace(memory, changed_at=at)
            changes.append((at, count))
    return changes


def loaded(
    arriving: Callable[[float], float], capacity: float
) -> Callable[[float, int, float], tuple[float, float]]:
    """A queue that events come into and each worker takes ``capacity`` events a second out of."""

    def pass_time(at: float, replicas: int, queue: float) -> tuple[float, float]:
        there = queue + arriving(at) * SECONDS_BETWEEN
        handled = min(there, capacity * replicas * SECONDS_BETWEEN)
        return there - handled, handled / SECONDS_BETWEEN

    return pass_time


def directions(changes: list[tuple[float, int]], start: int) -> list[bool]:
    """For each change whether it went up, repetitions left out."""
    counts = [start, *(count for _, count in changes)]
    ups = [after > before for before, after in pairwise(counts)]
    return [up for index, up in enumerate(ups) if index == 0 or up != ups[index - 1]]


@given(st.lists(samples, max_size=20), st.integers(0, 100), bounds, memories)
def test_a_decision_is_never_outside_the_bounds(
    seen: list[Sample], replicas: int, limits: Replicas, memory: Memory
) -> None:
    decision = decide(sorted(seen, key=lambda sample: sample.at), replicas, limits, memory)
    assert limits.least <= decision.replicas <= limits.most
    assert decision.reason.endswith(".")


@given(bounds, st.integers(0, 10**6), st.floats(0, 20_000), st.integers(1, 30))
def test_under_a_steady_lag_the_count_goes_one_way_and_stays(
    limits: Replicas, waiting: int, rate: float, start: int
) -> None:
    start = min(max(start, limits.least), limits.most)
    changes = run(4 * HOUR, limits, lambda *_: (waiting, rate), replicas=start)
    assert len(directions(changes, start)) <= 1
    assert all(at < 3 * HOUR for at, _ in changes)


@settings(max_examples=50)
@given(bounds, st.floats(0, 25), st.floats(1, 1_000), st.integers(1, 30))
@example(Replicas(least=1, most=2), 4 / 3, 3.0, 1)
@example(Replicas(least=1, most=13), 5.8, 7.2, 11)
@example(Replicas(least=4, most=11), 9.1, 3.0, 6)
@example(Replicas(least=3, most=21), 4.8, 7.0, 18)
def test_under_a_steady_load_the_count_settles(
    limits: Replicas, load: float, capacity: float, start: int
) -> None:
    """``load`` is what so many workers can just bear. The count may first come down too far, or go up too
    far, but it does not swing."""
    start = min(max(start, limits.least), limits.most)
    changes = run(6 * HOUR, limits, loaded(lambda _: load * capacity, capacity), replicas=start)
    assert len(directions(changes, start)) <= 3
    assert all(at < 4 * HOUR for at, _ in changes)


@given(bounds, st.floats(1, 1_000))
def test_a_lag_that_grows_brings_all_that_are_allowed_within_minutes(
    limits: Replicas, capacity: float
) -> None:
    overload = max(1_000.0, 3 * capacity * limits.most)
    changes = run(HOUR, limits, loaded(lambda _: overload, capacity))
    assert changes[-1][1] == limits.most
    # Doubling, or one more each time where the workers do not say what they can.
    assert changes[-1][0] <= (limits.most - limits.least + 1) * (DEFAULT.pause + 2 * SECONDS_BETWEEN)


@settings(max_examples=20)
@given(bounds)
def test_without_work_the_least_remain(limits: Replicas) -> None:
    changes = run(8 * HOUR, limits, loaded(lambda _: 0, 100), replicas=limits.most)
    assert [count for _, count in changes] == list(range(limits.most - 1, limits.least - 1, -1))
    assert changes[0][0] >= DEFAULT.calm


@given(bounds, st.lists(st.integers(0, 100_000), min_size=20, max_size=200), st.floats(1, 1_000))
def test_whatever_happens_two_changes_are_a_pause_apart(
    limits: Replicas, queues: list[int], rate: float
) -> None:
    changes = run(
        len(queues) * SECONDS_BETWEEN,
        limits,
        lambda at, *_: (queues[int(at / SECONDS_BETWEEN)], rate),
    )
    times = [at for at, _ in changes]
    assert all(after - before >= DEFAULT.pause for before, after in pairwise(times))


def test_a_rush_of_an_hour_is_followed_and_forgotten() -> None:
    def arriving(at: float) -> float:
        return 900 if HOUR <= at < 2 * HOUR else 50

    changes = run(4 * HOUR, Replicas(least=1, most=8), loaded(arriving, 200))
    counts = [count for _, count in changes]
    peak = max(counts)
    assert 5 <= peak <= 8
    assert counts[-1] == 1
    reached = next(at for at, count in changes if count == peak)
    assert reached < HOUR + 180


def learnt(*seen: tuple[int, float]) -> float | None:
    """The capacity of one worker after these samples of (waiting, rate)."""
    memory, samples = Memory(), list[Sample]()
    for waiting, rate in seen:
        samples.append(Sample(at=float(len(samples)), waiting=waiting, rate=rate, replicas=1))
        memory = learn(memory, samples)
    return memory.capacity


def test_what_a_worker_can_do_shows_when_it_leaves_a_queue_behind() -> None:
    assert learnt((0, 50), (400, 80)) is None
    assert learnt((0, 50), (600, 80)) == 80
    assert learnt((600, 80), (900, 60)) == 76
    assert learnt((600, 0)) is None


def test_a_worker_can_do_what_it_once_did() -> None:
    """Else a rush that came at the end of a quiet moment would make it look slow for ever."""
    assert learnt((600, 2), (0, 500)) == 500
    assert learnt((600, 2), (0, 500), (0, 3)) == 500


NOW = 1_000.0


@pytest.mark.parametrize(
    ("waiting", "rate", "replicas", "reason"),
    [
        (5_000, 100, 4, "5000 events wait, for 50 s."),
        (5_000, 0, 3, "5000 events wait."),
        (5_000, 2_000, 2, "5000 events wait; it has not been calm for long enough."),
        (0, 100, 2, "0 events wait; 1 would be 83% busy."),
        (0, 20, 1, "No queue for 5 minutes."),
    ],
)
def test_the_reason_is_said(waiting: int, rate: float, replicas: int, reason: str) -> None:
    seen = [
        Sample(at=NOW - ago, waiting=waiting, rate=rate, replicas=2)
        for ago in range(400, -1, -SECONDS_BETWEEN)
    ]
    memory = Memory(changed_at=0, capacity=120)
    assert decide(seen, 2, Replicas(least=1, most=4), memory) == Decision(replicas, reason)


def test_a_queue_that_shrinks_fast_enough_is_left_to_itself() -> None:
    seen = [
        Sample(at=NOW - ago, waiting=3_000 + 100 * ago, rate=150, replicas=2)
        for ago in range(60, -1, -SECONDS_BETWEEN)
    ]
    decision = decide(seen, 2, Replicas(least=1, most=4), Memory(changed_at=0))
    assert decision == Decision(2, "3000 events wait, for 20 s, and will be gone in 30 s.")


def test_the_most_is_said_to_be_the_most() -> None:
    seen = [Sample(at=NOW, waiting=9_000, rate=10, replicas=4)]
    decision = decide(seen, 4, Replicas(least=1, most=4), Memory())
    assert decision == Decision(4, "9000 events wait, for 900 s, and 4 is the most that is allowed.")


def test_bounds_that_were_changed_are_gone_to_at_once() -> None:
    limits, memory = Replicas(least=2, most=4), Memory(changed_at=NOW)
    assert decide([], 1, limits, memory) == Decision(2, "At least 2 are wanted.")
    assert decide([], 9, limits, memory) == Decision(4, "At most 4 are allowed.")
    assert decide([], 3, limits, memory) == Decision(3, "Nothing is known of the queue.")
