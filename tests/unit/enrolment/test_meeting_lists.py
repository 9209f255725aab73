"""Lists of workshops and appointments: those to come first, and of which programme each is."""

import pytest

from services.enrolment.domain.person import Role
from services.enrolment.handlers.appointments import Book, book
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.meeting_world import CLAIRE, JULIEN, MeetingWorld
from tests.unit.enrolment.world import HELENE, World


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def order_of(page: str, *words: str) -> list[str]:
    """The words in the order in which they stand in a page's table."""
    table = page[page.index("<tbody") :]
    return sorted(words, key=table.index)


def test_workshops_to_come_are_listed_first_and_the_nearest_before_all(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    for title, days in (("Passé de loin", 1), ("Passé de peu", 3), ("Lointain", 40), ("Prochain", 12)):
        start = meetings.in_days(days)
        meetings.workshop(title=title, starts_at=start, ends_at=meetings.in_days(days + 0.1))
    world.clock.move(days=5)
    expected = ["Prochain", "Lointain", "Passé de peu", "Passé de loin"]
    browser = visit(HELENE)
    assert order_of(browser.get("/workshops").text, *expected) == expected
    listed = browser.get("/api/workshops").get_json()["items"]
    assert [each["workshop"]["title"] for each in listed] == expected
    by_title = browser.get("/workshops?sort=title").text
    assert order_of(by_title, *expected) == sorted(expected)


def test_appointments_to_come_are_listed_first_and_the_nearest_before_all(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    adviser, mauguio = meetings.adviser(), meetings.buyer()
    meetings.follow(adviser, mauguio)
    for subject, days in (("Passé", 1), ("Lointain", 40), ("Prochain", 12)):
        booked = Book(
            slot_id=meetings.slot(adviser, days).id,
            organisation_id=mauguio,
            person_id=world.person(CLAIRE, Role.BUYER).id,
            subject=subject,
        )
        world.do(book, booked)
    world.clock.move(days=5)
    expected = ["Prochain", "Lointain", "Passé"]
    assert order_of(visit(JULIEN).get("/appointments").text, *expected) == expected


def test_whoever_works_for_several_programmes_reads_of_which_each_workshop_is(
    world: World, meetings: MeetingWorld, visit: Visit
) -> None:
    meetings.workshop()
    assert "C.E.S.A.R." not in visit(HELENE).get("/workshops").text.partition("<tbody")[2]
    world.programme("sobre")
    world.person(HELENE, Role.MANAGER, programme="sobre")
    page = visit(HELENE).get("/workshops")
    assert "C.E.S.A.R." in page.text.partition("<tbody")[2]
    assert "Programmer pour C.E.S.A.R., promotion 2027" in page.text
    assert "Cartographier" not in visit(HELENE).get("/workshops?programme=sobre").text
    assert "Cartographier" in visit(HELENE).get("/workshops?programme=cesar").text


def test_a_workshop_says_of_which_programme_it_is(world: World, meetings: MeetingWorld, visit: Visit) -> None:
    workshop = meetings.workshop()
    world.person(HELENE, Role.MANAGER)
    assert "C.E.S.A.R." in visit(HELENE).get(f"/workshops/{workshop.id}").text
