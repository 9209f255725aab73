"""Who is written to when something happens, in whatever order the service hears of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.events import Event
from services.notifications.domain.message import Reason, State
from tests.unit.notifications import samples
from tests.unit.notifications.examples import THURSDAY
from tests.unit.notifications.service_examples import (
    ADVISER,
    BUYER,
    MANAGER,
    TEAM,
    World,
    application,
    assessment,
    grant,
    new_world,
    person,
    programme,
    sharing,
    sign_in,
    supplier,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def recipients(world: World, workflow: str) -> list[str]:
    return [message.address for message in world.messages(workflow) if message.state is State.PLANNED]


def test_an_application_is_confirmed_to_its_contact_and_announced_to_the_managers(world: World) -> None:
    world.hears(*TEAM, application("submitted"))

    assert recipients(world, "application-received") == ["helene@lunel.example"]
    assert recipients(world, "application-to-review") == ["claire@cci.example"]
    assert world.unhandled() == []


@pytest.mark.parametrize("decision", ["accepted", "declined", "waitlisted", "returned"])
def test_each_decision_on_an_application_is_told_to_its_contact(world: World, decision: str) -> None:
    world.hears(*TEAM, application("submitted"), application(decision, 2))

    assert recipients(world, f"application-{decision}") == ["helene@lunel.example"]
    assert recipients(world, "application-to-review") == []


def test_an_invited_supplier_gets_the_invitation_and_two_reminders(world: World) -> None:
    world.hears(*TEAM, supplier("invited"))

    assert recipients(world, "supplier-invitation") == ["bruno@maraicher.example"]
    first, second = (world.the(f"supplier-invitation-reminder-{number}") for number in (1, 2))
    assert [(each.due_at - THURSDAY).days for each in (first, second)] == [7, 14]


def test_reminders_stop_when_the_supplier_enrols_and_the_supplier_is_welcomed(world: World) -> None:
    world.hears(*TEAM, supplier("invited"), supplier("enrolled", 2))

    assert recipients(world, "supplier-welcome") == ["bruno@maraicher.example"]
    assert {world.the(f"supplier-invitation-reminder-{number}").state for number in (1, 2)} == {
        State.CANCELLED
    }


def test_no_reminder_is_planned_for_an_invitation_that_is_heard_of_after_the_enrolment(world: World) -> None:
    world.hears(*TEAM, supplier("enrolled", 2), supplier("invited"))

    reminders = [world.the(f"supplier-invitation-reminder-{number}") for number in (1, 2)]
    assert {(each.state, each.reason) for each in reminders} == {(State.CANCELLED, Reason.REASON_GONE)}


def test_a_second_inviter_gives_no_second_series_of_reminders(world: World) -> None:
    world.hears(*TEAM, supplier("invited"), supplier("invited", 2))

    assert len(world.messages("supplier-invitation-reminder-1")) == 1


def test_a_submitted_assessment_is_confirmed_and_given_to_those_who_review(world: World) -> None:
    world.hears(*TEAM, assessment("submitted"))

    assert recipients(world, "assessment-received") == ["bruno@maraicher.example"]
    assert recipients(world, "assessment-to-review") == ["adrien@cci.example", "claire@cci.example"]


def test_nobody_is_asked_to_review_what_the_supplier_has_reopened(world: World) -> None:
    world.hears(*TEAM, assessment("submitted"), assessment("reopened", 2))

    assert recipients(world, "assessment-to-review") == []


@pytest.mark.parametrize("outcome", ["validated", "changes_requested"])
def test_the_outcome_of_a_review_is_told_to_the_supplier(world: World, outcome: str) -> None:
    world.hears(*TEAM, assessment("submitted"), assessment(outcome, 2))

    assert recipients(world, f"assessment-{outcome.replace('_', '-')}") == ["bruno@maraicher.example"]


def test_a_shared_result_is_told_to_the_people_of_that_buyer_and_to_no_other(world: World) -> None:
    world.hears(*TEAM, sharing("granted"))

    assert recipients(world, "result-shared") == ["beatrice@cci.example"]


def test_what_is_no_longer_shared_is_not_announced(world: World) -> None:
    world.hears(*TEAM, sharing("revoked", 2), sharing("granted", 1))

    assert recipients(world, "result-shared") == []


def test_a_sign_in_link_goes_to_the_person_who_asked_for_it(world: World) -> None:
    world.hears(*TEAM, sign_in())

    message = world.the("sign-in-link")
    assert (message.address, message.is_urgent, message.due_at) == ("helene@lunel.example", True, THURSDAY)


def test_a_manager_who_is_heard_of_later_is_told_what_is_still_open(world: World) -> None:
    world.hears(programme(), application("submitted"))
    assert recipients(world, "application-to-review") == []

    world.hears(MANAGER)

    assert recipients(world, "application-to-review") == ["claire@cci.example"]


def test_who_loses_the_role_before_the_mail_has_left_does_not_get_it(world: World) -> None:
    world.hears(*TEAM, application("submitted"), person("Claire Manager", sequence=2))

    message = world.the("application-to-review")
    assert (message.state, message.reason) == (State.CANCELLED, Reason.RECIPIENT_GONE)


def test_people_of_other_programmes_are_not_written_to(world: World) -> None:
    elsewhere = person("Eve Elsewhere", grant("manager", "other"))
    everywhere = person("Alice Everywhere", grant("manager", None))
    world.hears(elsewhere, everywhere, application("submitted"))

    assert recipients(world, "application-to-review") == ["alice@cci.example"]


def test_a_replay_plans_nothing_but_is_remembered(world: World) -> None:
    world.hears(*TEAM, supplier("invited"), supplier("enrolled", 2), replaying=True)
    assert world.messages() == []

    world.hears(supplier("invited", 1, invited_at=None))
    assert recipients(world, "supplier-invitation") == []


def test_history_mails_nobody_and_says_so(world: World) -> None:
    world.passes(days=400)
    world.hears(*TEAM, application("submitted"), supplier("invited"), assessment("validated"))

    assert {(message.state, message.reason) for message in world.messages()} == {
        (State.SUPPRESSED, Reason.EXPIRED)
    }
    assert world.sends() == []
    assert {event.type for event in world.published()} == {"notifications.message.suppressed"}


HISTORY: list[Event] = [
    programme(),
    MANAGER,
    ADVISER,
    BUYER,
    person("Claire Manager", grant("manager"), grant("adviser"), sequence=2),
    application("submitted", 1),
    application("returned", 2),
    application("submitted", 3),
    application("accepted", 4),
    supplier("invited", 1),
    supplier("invited", 2, invited_by=[*samples.supplier()["invited_by"], {"organisation_name": "Biotope"}]),
    supplier("enrolled", 3),
    assessment("submitted", 1),
    assessment("reopened", 2),
    assessment("submitted", 3),
    sharing("granted", 1),
    sharing("revoked", 2),
    sharing("granted", 3),
]


def what_would_be_sent(world: World) -> set[Any]:
    assert world.unhandled() == []
    return {
        (message.id, message.workflow, message.address, message.due_at, message.cause)
        for message in world.messages()
        if message.state is State.PLANNED
    }


with TemporaryDirectory() as _folder:
    _in_order = new_world(Path(_folder))
    _in_order.hears_at_once(*HISTORY)
    EXPECTED = what_would_be_sent(_in_order)


@settings(max_examples=25)
@given(st.permutations(HISTORY), st.lists(st.sampled_from(HISTORY), max_size=10))
def test_any_order_with_any_duplicates_sends_the_same_mails(order: list[Event], twice: list[Event]) -> None:
    with TemporaryDirectory() as folder:
        world = new_world(Path(folder))
        world.hears_at_once(*order)
        world.hears_at_once(*twice)

        assert what_would_be_sent(world) == EXPECTED


def test_the_history_of_that_test_gives_mails_of_every_kind() -> None:
    assert {workflow for _, workflow, *_ in EXPECTED} == {
        "application-received",
        "application-accepted",
        "supplier-welcome",
        "assessment-received",
        "assessment-to-review",
        "result-shared",
    }
