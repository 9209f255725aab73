"""Attendance sheets as documents: every name on them, in any script, on as many pages as it takes."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from services.enrolment.attendance_sheet import draw_sheet
from services.enrolment.domain.workshop import Workshop
from services.enrolment.handlers import workshop_registrations, workshops
from services.enrolment.storage.attendance_proofs import attendance_sheet
from tests.support.names import BOX, NAMES
from tests.unit.enrolment.meeting_world import MeetingWorld
from tests.unit.enrolment.world import World

READ_BACK = "Zoë Núñez", "Nguyễn Hà", "Жанна Петрова", "王小明", "محمد", "Łukasz Ščepánek"


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def pages_of(world: World, workshop: Workshop) -> list[str]:
    with world.runtime.read() as session:
        document = PdfReader(BytesIO(draw_sheet(session, workshop, world.clock())))
    return [page.extract_text() for page in document.pages]


@pytest.mark.parametrize(("people", "pages"), [(3, 1), (60, 3)])
def test_it_has_as_many_pages_as_its_people_need_each_numbered_and_headed(
    world: World, meetings: MeetingWorld, people: int, pages: int
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=people)
    for number in range(people):
        meetings.register(workshop, mauguio, f"p{number}@mauguio.example", f"Personne {number:02d}")
    found = pages_of(world, workshop)
    assert len(found) == pages
    for number, text in enumerate(found, 1):
        assert f"Page {number} sur {pages}" in text
        assert "Signature" in text
    everything = "\n".join(found)
    assert all(everything.count(f"Personne {number:02d}") == 1 for number in range(people))


def test_it_names_the_workshop_the_chamber_and_its_people(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    for number, name in enumerate(READ_BACK):
        meetings.register(workshop, mauguio, f"p{number}@mauguio.example", name)
    [text] = pages_of(world, workshop)
    for word in (
        "Feuille d’émargement",
        "CCI Hérault",
        "Cartographier ses achats",
        "salle Méditerranée",
        "2027",
    ):
        assert word in text
    assert "jeudi 3 décembre 2026, 10 h 00 – 13 h 00" in text
    assert all(name in text for name in READ_BACK)


def test_names_in_all_scripts_are_printed_with_their_letters(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer("Ville de Mauguio"), meetings.workshop(capacity=60)
    for script, name in NAMES.items():
        meetings.register(workshop, mauguio, f"{script.lower()}@mauguio.example", name)
    text = "".join(pages_of(world, workshop))
    assert NAMES["Ethiopic"] in text
    assert BOX not in text


def test_a_held_workshop_has_a_sheet_that_says_who_was_there(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    claire = meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "paul@mauguio.example", "Paul Roux")
    world.clock.move(days=10)
    world.do(workshop_registrations.mark_attendance, workshop.id, {claire.id})
    world.clock.move(hours=3)
    world.do(workshops.hold_workshop, workshop.id, None)
    with world.runtime.read() as session:
        [page] = PdfReader(BytesIO(attendance_sheet(session, workshop.id).content)).pages
    text = " ".join(page.extract_text().split())
    assert "1 sur 2 personnes inscrites étaient présentes" in text
    assert "Présent(e), pointé(e) sur la liste (10 h 00)" in text
    assert "Absent(e)" in text
