"""Any order of a history, with any of its events repeated, in batches of any size, ends in the same state."""

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.chassis.events import Event
from services.console.installed import installed_names
from tests.property.conftest import Hearer

each_service = pytest.mark.parametrize("name", installed_names())
# The same servants are asked again and again; each example starts with a fresh database.
_FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def in_batches(events: Sequence[Event], random: Random) -> list[Sequence[Event]]:
    batches: list[Sequence[Event]] = []
    rest = list(events)
    while rest:
        size = random.choice((1, 2, 3, 10, len(rest)))
        batches.append(rest[:size])
        rest = rest[size:]
    return batches


def one_by_one(hearer: Hearer, events: Sequence[Event]) -> list[Sequence[Event]]:
    """The events in the order in which they happened, each once."""
    ids = {event.id for event in events}
    return [[event] for event in hearer.history if event.id in ids]


@each_service
@settings(max_examples=4, suppress_health_check=_FIXTURES, phases=[Phase.explicit, Phase.generate])
@given(random=st.randoms(use_true_random=False), data=st.data())
def test_the_whole_history(
    name: str, hearer_of: Callable[[str], Hearer], random: Random, data: st.DataObject
) -> None:
    hearer = hearer_of(name)
    now = data.draw(st.sampled_from([hearer.history[0].time, hearer.history[-1].time]))
    shuffled = [*hearer.history, *random.choices(hearer.history, k=len(hearer.history) // 3)]
    random.shuffle(shuffled)
    in_order = hearer.state_after(one_by_one(hearer, hearer.history), now)
    assert hearer.state_after(in_batches(shuffled, random), now) == in_order


@each_service
@settings(max_examples=25, suppress_health_check=_FIXTURES)
@given(random=st.randoms(use_true_random=False), data=st.data())
def test_any_part_of_it(
    name: str, hearer_of: Callable[[str], Hearer], random: Random, data: st.DataObject
) -> None:
    """What has arrived so far is understood, whatever is still on its way."""
    hearer = hearer_of(name)
    subjects = sorted({event.subject for event in hearer.history})
    chosen = set(data.draw(st.lists(st.sampled_from(subjects), min_size=1, max_size=3)))
    about = [event for event in hearer.history if event.subject in chosen]
    heard = data.draw(st.lists(st.sampled_from(about), min_size=1, max_size=10))
    now = data.draw(st.sampled_from([event.time for event in heard]))
    in_order = hearer.state_after(one_by_one(hearer, heard), now)
    assert hearer.state_after(in_batches(heard, random), now) == in_order
