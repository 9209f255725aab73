"""How long a component is waited for, and what its failure is called."""

from __future__ import annotations

from dataclasses import dataclass, field

from deploy.stack import Component
from deploy.swarm.deployed import Deployed
from deploy.swarm.failures import reason
from deploy.swarm.progress import Progress, State

# How many of its containers may end badly before a component that is not being updated is given up.
_ATTEMPTS = 3
# How long no machine may be free to take a container, beyond what an old one takes to leave; in seconds.
_HOMELESS = 30.0


@dataclass(kw_only=True)
class Wait:
    """One component on its way. Instants are seconds of a steady clock.

    ``known_failures``: the containers that had ended badly before. ``is_undone``: it is on its way back to
    what it was.
    """

    component: Component
    fingerprint: str
    until: float
    known_failures: frozenset[str] = frozenset()
    homeless_since: float | None = field(default=None, init=False)
    is_undone: bool = field(default=False, init=False)

    def is_hopeless(self, deployed: Deployed | None, progress: Progress, now: float) -> bool:
        """Whether waiting on makes no sense."""
        if progress.state.is_final:
            return not progress.state.is_reached
        if deployed is None or now > self.until or self._is_homeless_for_long(progress, now):
            return True
        # Swarm gives up an update by itself.
        counts = progress.state in (State.STARTING, State.UNWELL) and not deployed.runs_once
        new_failures = deployed.failures - self.known_failures
        return counts and len(new_failures) >= _ATTEMPTS * max(1, progress.desired)

    def failure(self, deployed: Deployed | None, progress: Progress) -> str:
        """What happened, as a sentence."""
        name, why = self.component.name, reason(self.component, progress.error)
        if deployed is None:
            return f"{name} was removed while it was waited for."
        if progress.state is State.WENT_BACK:
            if deployed.image == self.component.image:
                return f"{name} went back to what it was: as it is described now, {why}."
            return f"{name} went back to {deployed.image}: with {self.component.image} {why}."
        if deployed.runs_once:
            return f"{name} did not end well: {why}."
        return f"{name} does not get well: {why}."

    def _is_homeless_for_long(self, progress: Progress, now: float) -> bool:
        if not progress.is_homeless:
            self.homeless_since = None
            return False
        if self.homeless_since is None:
            self.homeless_since = now
        return now - self.homeless_since > _HOMELESS + self.component.stop_grace
