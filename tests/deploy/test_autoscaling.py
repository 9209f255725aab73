"""Workers that follow their queue, on an engine. The queue and the clock are the test's."""

import json

from deploy.autoscaling.loop import Autoscaler, last_decision
from deploy.autoscaling.measuring import Reading
from deploy.swarm import observe
from tests.deploy.small import Small, reporting, stack

WORKER = "reporting-worker"


def test_a_queue_brings_workers_and_calm_takes_them_away_again(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))
    small.up(described)
    said: list[str] = []
    waiting = {"events": 0}

    def look(component: str, now: float) -> Reading:
        # Each handles a hundred events a second while there are any.
        busy = 100 if waiting["events"] else 0
        addresses = [str(number) for number in range(replicas())]
        return Reading(now, waiting["events"], dict.fromkeys(addresses, now * busy))

    def replicas() -> int:
        return observe(small.client, small.name)[WORKER].replicas or 0

    def turns(first: int, last: int) -> None:
        for now in range(first, last, 5):
            scaler.take_turn(float(now))

    scaler = Autoscaler(small.client, small.name, described.component(WORKER), said.append, look)
    turns(0, 15)
    assert replicas() == 1

    waiting["events"] = 50_000
    turns(15, 60)
    assert replicas() == 3
    small.up(described)
    assert replicas() == 3, "what the queue asks for stays when an operator converges"
    assert len(small.containers(WORKER)) == 3

    waiting["events"] = 0
    turns(60, 1_200)
    assert replicas() == 1
    labels = observe(small.client, small.name)[WORKER].specification["Labels"]
    last = last_decision(labels)
    assert last is not None
    assert (last.before, last.after) == (2, 1)
    assert said[-1].endswith(last.reason), json.dumps(said, indent=1)
