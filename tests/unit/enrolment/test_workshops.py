"""Workshops: scheduled, changed, cancelled; places, the waiting list, and who was there."""

from datetime import timedelta
from hashlib import sha256

import pytest

from services.chassis.model import Conflict, DomainError, Forbidden, Gone
from services.enrolment.domain.check_in import current_code
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import Presence, Registration, RegistrationState
from services.enrolment.handlers import programmes, workshop_registrations, workshops
from services.enrolment.storage.attendance_proofs import attendance_sheet
from tests.unit.enrolment.meeting_world import CLAIRE, MeetingWorld
from tests.unit.enrolment.world import World

SECRET = "a secret of the service"


@pytest.fixture
def meetings(world: World) -> MeetingWorld:
    return MeetingWorld(world)


def told(world: World, what: str) -> list[str]:
    """Whom the registrations of this kind were about."""
    return [each["contact"]["email"] for each in world.told(f"workshop_registration.{what}")]


def test_a_workshop_is_announced_to_the_contacts_of_the_buyers_that_take_part(
    world: World, meetings: MeetingWorld
) -> None:
    meetings.buyer("Ville de Mauguio")
    world.accept(world.apply("Suez"))
    meetings.workshop()
    [event] = world.told("workshop.scheduled")
    assert event["cohort_label"] == "2027"
    assert event["meeting"]["title"] == "Cartographier ses achats"
    assert [each["email"] for each in event["invited"]] == [CLAIRE]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": None, "video_url": None}, "place"),
        ({"capacity": 0}, "capacity"),
        ({"ends_at": None}, "ends"),
    ],
)
def test_details_that_make_no_sense_are_refused_at_the_field(
    meetings: MeetingWorld, changes: dict[str, object], field: str
) -> None:
    if "ends_at" in changes:
        changes = {"ends_at": meetings.in_days(9)}
    with pytest.raises(DomainError) as refusal:
        meetings.workshop(**changes)
    assert refusal.value.field == field


def test_a_completed_cohort_has_no_more_workshops(world: World, meetings: MeetingWorld) -> None:
    with world.runtime.read() as session:
        from services.enrolment.storage.queries import cohort_by_label

        cohort_id = cohort_by_label(session, "cesar", "2027").id
    world.do(programmes.start_cohort, cohort_id)
    world.do(programmes.complete_cohort, cohort_id)
    with pytest.raises(Conflict):
        meetings.workshop()


def test_several_people_of_one_buyer_can_register_and_twice_is_once(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    first = meetings.register(workshop, mauguio)
    again = meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "paul@mauguio.example", "Paul Roux")
    assert first.id == again.id
    assert told(world, "registered") == [CLAIRE, "paul@mauguio.example"]


def test_only_buyers_whose_agreement_is_signed_can_register(world: World, meetings: MeetingWorld) -> None:
    accepted, workshop = world.buyer("Suez"), meetings.workshop()
    with pytest.raises(Forbidden):
        meetings.register(workshop, accepted)


def test_when_it_is_full_people_wait_and_move_up_in_their_order(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=1)
    seated = meetings.register(workshop, mauguio)
    world.clock.move(minutes=1)
    first = meetings.register(workshop, mauguio, "first@mauguio.example", "Un")
    world.clock.move(minutes=1)
    second = meetings.register(workshop, mauguio, "second@mauguio.example", "Deux")
    assert (first.state, second.state) == (RegistrationState.WAITING, RegistrationState.WAITING)
    world.do(workshop_registrations.unregister, seated.id)
    assert world.read(Registration, first.id).state is RegistrationState.REGISTERED
    assert world.read(Registration, second.id).state is RegistrationState.WAITING
    world.do(
        workshops.change_workshop, workshop.id, meetings.details(capacity=2, starts_at=workshop.starts_at)
    )
    assert world.read(Registration, second.id).state is RegistrationState.REGISTERED
    assert told(world, "registered")[1:] == ["first@mauguio.example", "second@mauguio.example"]


def test_somebody_who_comes_back_queues_anew(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=1)
    seated = meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "first@mauguio.example", "Un")
    world.do(workshop_registrations.unregister, seated.id)
    assert meetings.register(workshop, mauguio).state is RegistrationState.WAITING


def test_there_are_never_fewer_places_than_people_registered(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "paul@mauguio.example", "Paul")
    with pytest.raises(DomainError, match="2 people are registered"):
        world.do(workshops.change_workshop, workshop.id, meetings.details(capacity=1))


def test_everybody_registered_is_told_when_time_or_place_changes_and_not_otherwise(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    meetings.register(workshop, mauguio)
    world.do(workshops.change_workshop, workshop.id, meetings.details(title="Autre titre"))
    assert told(world, "changed") == []
    world.do(workshops.change_workshop, workshop.id, meetings.details(place="Sète"))
    assert told(world, "changed") == [CLAIRE]
    [event] = world.told("workshop_registration.changed")
    assert (event["meeting"]["sequence"], event["meeting"]["place"]) == (1, "Sète")


def test_a_workshop_is_cancelled_with_a_reason_and_everybody_is_told(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=1)
    meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "waits@mauguio.example", "Attend")
    with pytest.raises(DomainError) as refusal:
        world.do(workshops.cancel_workshop, workshop.id, " ")
    assert refusal.value.field == "reason"
    world.do(workshops.cancel_workshop, workshop.id, "Intervenante malade")
    assert set(told(world, "cancelled")) == {CLAIRE, "waits@mauguio.example"}
    [event] = world.told("workshop.cancelled")
    assert (event["state"], event["reason"], event["meeting"]["sequence"]) == (
        "cancelled",
        "Intervenante malade",
        1,
    )
    with pytest.raises(Conflict):
        world.do(workshops.cancel_workshop, workshop.id, "encore")


def test_nobody_registers_by_themselves_once_it_has_begun_but_the_team_adds_who_has_come(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    world.clock.move(days=10, minutes=5)
    with pytest.raises(Conflict):
        meetings.register(workshop, mauguio)
    command = workshop_registrations.Register(
        workshop_id=workshop.id,
        organisation_id=mauguio,
        name="Ali",
        email="ali@mauguio.example",
        by_team=True,
    )
    assert world.do(workshop_registrations.register, command).state is RegistrationState.REGISTERED


def test_attendance_is_ticked_on_the_list_and_can_be_corrected(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    claire = meetings.register(workshop, mauguio)
    paul = meetings.register(workshop, mauguio, "paul@mauguio.example", "Paul")
    with pytest.raises(Conflict, match="not begun"):
        world.do(workshop_registrations.mark_attendance, workshop.id, {claire.id})
    world.clock.move(days=10)
    assert world.do(workshop_registrations.mark_attendance, workshop.id, {claire.id}) == 1
    assert world.do(workshop_registrations.mark_attendance, workshop.id, {paul.id}) == 1
    assert told(world, "attended") == [CLAIRE, "paul@mauguio.example"]
    assert told(world, "absent") == [CLAIRE]
    assert world.read(Registration, paul.id).presence is Presence.LIST


def test_a_person_confirms_their_presence_by_the_code_on_the_screen(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    claire = meetings.register(workshop, mauguio)
    world.clock.move(days=10)
    code = current_code(SECRET, workshop.id, world.clock())
    for _ in range(2):
        world.do(workshop_registrations.check_in, workshop.id, code, SECRET, claire.person_id)
    assert world.read(Registration, claire.id).presence is Presence.CODE
    assert told(world, "attended") == [CLAIRE]


def test_a_code_lasts_for_minutes_and_is_of_its_workshop_alone(world: World, meetings: MeetingWorld) -> None:
    mauguio = meetings.buyer()
    workshop, other = meetings.workshop(), meetings.workshop()
    person = meetings.register(workshop, mauguio).person_id
    world.clock.move(days=10)
    code = current_code(SECRET, workshop.id, world.clock())
    assert code != current_code(SECRET, other.id, world.clock())
    assert code != current_code("another secret", workshop.id, world.clock())
    world.clock.move(minutes=5)
    for stale in (code, current_code(SECRET, other.id, world.clock()), "", "é"):
        with pytest.raises(Gone):
            world.do(workshop_registrations.check_in, workshop.id, stale, SECRET, person)


def test_nobody_checks_in_a_day_early_or_without_a_place(world: World, meetings: MeetingWorld) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop(capacity=1)
    claire = meetings.register(workshop, mauguio)
    waiting = meetings.register(workshop, mauguio, "waits@mauguio.example", "Attend")
    with pytest.raises(Conflict, match="hour before"):
        code = current_code(SECRET, workshop.id, world.clock())
        world.do(workshop_registrations.check_in, workshop.id, code, SECRET, claire.person_id)
    world.clock.move(days=10)
    code = current_code(SECRET, workshop.id, world.clock())
    with pytest.raises(Conflict, match="not registered"):
        world.do(workshop_registrations.check_in, workshop.id, code, SECRET, waiting.person_id)


def test_a_held_workshop_keeps_its_sheet_byte_for_byte_and_its_attendance_is_frozen(
    world: World, meetings: MeetingWorld
) -> None:
    mauguio, workshop = meetings.buyer(), meetings.workshop()
    claire = meetings.register(workshop, mauguio)
    meetings.register(workshop, mauguio, "paul@mauguio.example", "Paul")
    with pytest.raises(Conflict):
        world.do(workshops.hold_workshop, workshop.id, None)
    world.clock.move(days=10)
    world.do(workshop_registrations.mark_attendance, workshop.id, {claire.id})
    world.clock.move(hours=2, minutes=59)
    with pytest.raises(Conflict, match="going on"):
        world.do(workshops.hold_workshop, workshop.id, None)
    world.clock.move(minutes=1)
    world.do(workshops.hold_workshop, workshop.id, None)
    assert world.read(Workshop, workshop.id).state is WorkshopState.HELD
    [event] = world.told("workshop.held")
    assert (event["registered"], event["present"]) == (2, 1)
    with world.runtime.read() as session:
        sheet = attendance_sheet(session, workshop.id)
    assert sheet.content.startswith(b"%PDF-")
    assert sheet.sha256 == sha256(sheet.content).hexdigest()
    for forbidden in (
        (workshop_registrations.mark_attendance, workshop.id, set()),
        (workshop_registrations.unregister, claire.id),
        (workshops.change_workshop, workshop.id, meetings.details()),
        (workshops.hold_workshop, workshop.id, None),
    ):
        with pytest.raises(Conflict):
            world.do(*forbidden)


def test_the_days_of_a_change_of_clocks_keep_their_hours(meetings: MeetingWorld) -> None:
    from datetime import UTC, date, datetime, time

    from services.enrolment.domain.local_time import instant_of, same_hour_after

    before = instant_of(date(2027, 3, 21), time(14), field="starts")
    assert before == datetime(2027, 3, 21, 13, tzinfo=UTC)
    assert same_hour_after(before, 7) == datetime(2027, 3, 28, 12, tzinfo=UTC)
    with pytest.raises(DomainError, match="does not exist") as refusal:
        instant_of(date(2027, 3, 28), time(2, 30), field="starts")
    assert refusal.value.field == "starts"
    assert instant_of(date(2027, 10, 31), time(2, 30), field="x") + timedelta(hours=1) == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )
