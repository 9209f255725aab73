"""What to do with an event that could not be handled: a decision as a value."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis.errors import PermanentFailure


@dataclass(frozen=True)
class RetryAt:
    """Try again at this instant."""

    instant: datetime


@dataclass(frozen=True)
class Park:
    """Do not try again by yourself; a person has to look at it."""


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential delays with jitter (so that failures of one cause do not come back at one instant).

    With the defaults the last try is made about five hours after the first: longer than a database's
    restart, shorter than a working day.
    """

    attempts: int = 8
    first_delay: timedelta = timedelta(seconds=1)
    factor: float = 4.0
    longest_delay: timedelta = timedelta(hours=4)
    jitter: float = 0.2

    def decide(self, error: BaseException, attempts: int, now: datetime) -> RetryAt | Park:
        """``attempts`` counts the tries so far, the one that just failed included."""
        if isinstance(error, PermanentFailure) or attempts >= self.attempts:
            return Park()
        delay = min(self.first_delay * self.factor ** (attempts - 1), self.longest_delay)
        return RetryAt(now + delay * random.uniform(1 - self.jitter, 1 + self.jitter))
