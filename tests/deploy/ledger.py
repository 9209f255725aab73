"""What was promised and what became of it in each service, as Jepsen accounts for a queue."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.deploy.installed import Installed
from tests.deploy.traffic import Traffic

_CONSUMERS = {
    "assessment": "SELECT enrolment_id FROM supplier",
    "reporting": "SELECT id FROM supplier",
    "notifications": "SELECT subject_id FROM occasion WHERE workflow = 'supplier-invitation'",
}
_OPEN = (
    "SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)"
    " + (SELECT count(*) FROM failed_event WHERE state IN ('retrying', 'parked'))"
)


@dataclass(frozen=True)
class Account:
    """``lost``: promised or there, and without an effect; ``twice``: with more than one; ``unexpected``: with
    an effect, and not there; ``stuck``: events that wait for the broker, or that a service could not handle.
    """

    promised: int
    recorded: int
    lost: int
    twice: int
    unexpected: int
    stuck: int

    @property
    def is_exact(self) -> bool:
        return not (self.lost or self.twice or self.unexpected or self.stuck)


def account(installed: Installed, promised: set[str]) -> Account:
    """The state of things now, over all services. What callers were not told of may be there as well."""
    recorded = set(installed.query("enrolment", "SELECT id FROM supplier_enrolment"))
    lost, twice, unexpected, stuck = len(promised - recorded), 0, 0, 0
    for service, effects in _CONSUMERS.items():
        seen = Counter(installed.query(service, effects))
        lost += len(recorded - seen.keys())
        twice += sum(number - 1 for number in seen.values())
        unexpected += len(seen.keys() - recorded)
    for service in ("enrolment", *_CONSUMERS):
        stuck += int(installed.query(service, _OPEN)[0])
    return Account(len(promised), len(recorded), lost, twice, unexpected, stuck)


def settled(installed: Installed, promised: set[str], timeout: float = 60) -> Account:
    """The account once it is exact, or what it is when the time (seconds) is over."""
    deadline = time.monotonic() + timeout
    while True:
        found = account(installed, promised)
        if found.is_exact or time.monotonic() > deadline:
            return found
        time.sleep(1)


@contextmanager
def ledger(installed: Installed, token: str, promised: set[str]) -> Iterator[Traffic]:
    """Callers at work while inside; at the end, what they were promised has had its effect exactly once."""
    with Traffic(installed.url, token) as traffic:
        yield traffic
    promised |= traffic.accepted
    found = settled(installed, promised)
    assert found.is_exact, f"{found}, failures of callers: {traffic.failures}"
