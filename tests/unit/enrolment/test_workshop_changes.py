"""Workshops that are changed: not to a time that is over, and not over what somebody else has changed."""

import re
from functools import partial

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.workshop import Workshop
from services.enrolment.handlers import workshops
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import MeetingWorld
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def test_nothing_is_scheduled_for_or_moved_to_a_time_that_is_over(
    world: World, meetings: MeetingWorld
) -> None:
    workshop = meetings.workshop()
    over = meetings.details(starts_at=meetings.in_days(-2), ends_at=meetings.in_days(-1))
    with pytest.raises(DomainError, match="is over") as refusal:
        world.do(workshops.change_workshop, workshop.id, over)
    assert refusal.value.field == "day"
    with pytest.raises(DomainError, match="is over"):
        meetings.workshop(starts_at=over.starts_at, ends_at=over.ends_at)
    world.clock.move(days=11)
    as_it_was = meetings.details(starts_at=workshop.starts_at, ends_at=workshop.ends_at, title="Autre titre")
    world.do(workshops.change_workshop, workshop.id, as_it_was)
    assert world.read(Workshop, workshop.id).title == "Autre titre"


def test_the_later_of_two_who_change_a_workshop_is_told_and_loses_nothing_of_the_first(
    world: World, meetings: MeetingWorld
) -> None:
    workshop = meetings.workshop()
    change = partial(workshops.change_workshop, seen_version=workshop.version)
    world.do(change, workshop.id, meetings.details(place="Sète"))
    with pytest.raises(Conflict, match="meanwhile"):
        world.do(change, workshop.id, meetings.details(capacity=9))
    assert world.read(Workshop, workshop.id).place == "Sète"


def test_a_manager_whose_page_of_a_workshop_is_old_overwrites_nothing(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    workshop = meetings.workshop()
    browser, address = visit(HELENE), f"/workshops/{workshop.id}/edit"
    opened = browser.get(address).text
    seen = re.search(r'name="seen_version"[^>]* value="(\d+)"', opened)
    assert seen
    form = {
        "title": "Cartographier ses achats",
        "theme": "Analyse des achats",
        "day": "2026-12-03",
        "starts": "10:00",
        "ends": "13:00",
        "place": "CCI Hérault, salle Méditerranée",
        "capacity": "12",
        "seen_version": seen[1],
    }
    assert browser.post(address, data={**form, "capacity": "9"}).status_code == 303
    late = browser.post(address, data={**form, "place": "Sète"})
    assert late.status_code == 422 and "entre-temps" in late.text
    assert world.read(Workshop, workshop.id).capacity == 9
