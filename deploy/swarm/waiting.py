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


# How long a container may take to leave beyond its grace; one on a machine that is lost never seems to.
_LEAVING = 15.0


@dataclass(kw_only=True)
class Wait:
    """One component on its way. Instants are seconds of a steady clock.

    ``known_failures``: the containers that had ended badly before. ``undone_for``: the engine's complaint for
    which it is brought back to what it was, once it is.
    """

    component: Component
    fingerprint: str
    until: float
    known_failures: frozenset[str] = frozenset()
    undone_for: str | None = field(default=None, init=False)
    _homeless_since: float | None = field(default=None, init=False)
    _settling_since: float | None = field(default=None, init=False)

    def has_arrived(self, progress: Progress, now: float) -> bool:
        """Whether it is as it should be, and what had to leave has left."""
        if progress.state is not State.SETTLING:
            self._settling_since = None
            return progress.state.is_reached
        self._settling_since = self._settling_since or now
        return now - self._settling_since > self.component.stop_grace + _LEAVING

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
        name, error = self.component.name, self.undone_for or progress.error
        why = reason(self.component, error)
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
            self._homeless_since = None
            return False
        self._homeless_since = self._homeless_since or now
        return now - self._homeless_since > _HOMELESS + self.component.stop_grace
