"""One run: events flow, faults strike one after another, everything comes to rest, the ledger is drawn up."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.chaos.faults import FAULTS
from tests.chaos.ledger import Flow, failures_of, state_of_things, table
from tests.chaos.world import World


@dataclass(frozen=True)
class Strike:
    """One fault of a run: after how many events it struck, how long it and its mending took (seconds)."""

    fault: str
    events: int
    seconds: float
    what: str


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    seed: int
    strikes: Sequence[Strike]
    flows: tuple[Flow, Flow]
    drained_after: float
    seconds: float
    failed: dict[str, dict[str, int]]
    gave_up: Sequence[str]
    things_agree: bool

    def report(self) -> str:
        """The faults and the ledger as tables."""
        strikes = [
            {"": index, "fault": strike.fault, "after events": strike.events, "what": strike.what}
            for index, strike in enumerate(self.strikes, 1)
        ]
        return "\n\n".join(
            [
                table(strikes),
                table([flow.row() for flow in self.flows]),
                f"Seed {self.seed}. {len(self.strikes)} faults in {self.seconds:.0f} s; "
                f"drained {self.drained_after:.1f} s after the last commit. "
                f"Events that failed on the way and were tried again: {_words(self.failed)}. "
                f"Workers that gave up by themselves: {len(self.gave_up)}. "
                f"The keeper knows every thing as the maker has it: {'yes' if self.things_agree else 'NO'}.",
            ]
        )

    def check(self, drain_limit: float) -> None:
        """Raises AssertionError with the report unless nothing was lost, doubled, invented or stuck."""
        report = "\n" + self.report()
        for flow in self.flows:
            faults = (flow.lost, flow.forgotten, flow.twice, flow.unexpected, flow.stuck)
            assert not any(faults), report
        assert self.things_agree, report
        assert self.drained_after < drain_limit, report
        undecided = {state for states in self.failed.values() for state in states} - {"resolved"}
        assert not undecided, report
        assert not self.gave_up, report + "\n" + "\n\n".join(self.gave_up)


def run(world: World, seed: int, events: int, faults: Sequence[str], drain_limit: float) -> Outcome:
    """Let the webs commit ``events`` events in equal shares: one for each fault, and one for the end."""
    random = Random(seed)
    begun = time.monotonic()
    world.start(seed)
    share = events // (len(faults) + 1)
    strikes: list[Strike] = []
    for index, fault in enumerate(faults):
        world.allow((index + 1) * share)
        world.wait_for_events(round((index + random.uniform(0.1, 0.6)) * share))
        strikes.append(_strike(world, fault, random))
        print(f"{index + 1:3} {strikes[-1]}", flush=True)
    world.allow(events)
    world.wait_for_events(events - 20)
    drained_after = world.drain(drain_limit)
    return Outcome(
        seed=seed,
        strikes=strikes,
        flows=world.accounts(),
        drained_after=drained_after,
        seconds=time.monotonic() - begun,
        failed={name: failures_of(runtime) for name, runtime in world.runtimes.items()},
        gave_up=world.gave_up,
        things_agree=_agree(world),
    )


def _strike(world: World, fault: str, random: Random) -> Strike:
    events, begun = world.recorded(), time.monotonic()
    world.replace_the_dead()
    what = FAULTS[fault](world, random)
    return Strike(fault, events, time.monotonic() - begun, what)


def _agree(world: World) -> bool:
    made, known = state_of_things(world.runtimes["maker"], world.runtimes["keeper"])
    return made == known


def _words(failed: dict[str, dict[str, Any]]) -> str:
    counts = [
        f"{number} {state} in {name}" for name, states in failed.items() for state, number in states.items()
    ]
    return ", ".join(counts) or "none"
