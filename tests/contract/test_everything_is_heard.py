"""An event that nobody hears is never taken by the broker: it stays in the outbox and raises an alarm."""

import pytest

from services.console.installed import NAMES, load_service


@pytest.mark.parametrize("service", NAMES)
def test_every_type_that_a_service_publishes_is_heard_by_one(service: str) -> None:
    published = {contract.type for contract in load_service(service).contracts}
    heard = {event_type for name in NAMES for event_type in load_service(name).reactions.event_types}
    assert published <= heard
