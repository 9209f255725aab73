"""What enrolment tells the others, and what it does when it is told something."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis import inbox
from services.chassis.events import Event, new_id
from services.chassis.inbox import Delivery
from services.enrolment.domain.supplier import SupplierEnrolment, SupplierState
from services.enrolment.events import contracts
from services.enrolment.handlers import (
    applications,
    decisions,
    offers,
    programmes,
    supplier_changes,
    supplier_dormancy,
    suppliers,
)
from tests.support.services import recorded
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, MONDAY, World


def a_busy_year(world: World) -> None:
    """Everybody does something once, so that every kind of snapshot is published."""
    mauguio = world.apply("Ville de Mauguio")
    world.do(decisions.hand_back, mauguio.id, "incomplete", "Qui y travaillera ?")
    world.do(applications.submit_again, mauguio.id, "Claire et Luc.")
    lattes, palavas = world.apply("Ville de Lattes"), world.apply("Ville de Palavas")
    world.do(programmes.start_review, mauguio.cohort_id)
    world.do(decisions.start_review, mauguio.id)
    world.accept(mauguio)
    world.do(decisions.put_on_waiting_list, lattes.id, None)
    world.do(offers.withdraw, lattes.id)
    world.do(decisions.decline, palavas.id, None, "Le projet n’est pas mûr.")
    world.do(decisions.enrol, mauguio.id)
    world.do(programmes.start_cohort, mauguio.cohort_id)
    supplier, secret = world.invite(mauguio.organisation_id)
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    world.do(supplier_dormancy.activate_supplier, "cesar", supplier.organisation_id, world.clock())
    world.do(supplier_changes.leave, supplier.id)
    world.do(programmes.complete_cohort, mauguio.cohort_id)


def test_every_change_publishes_the_whole_state_under_a_rising_version(world: World) -> None:
    a_busy_year(world)
    by_subject: dict[UUID, list[Event]] = {}
    for event in recorded(world.runtime):
        by_subject.setdefault(event.subject, []).append(event)
    for events in by_subject.values():
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        for earlier, later in pairwise(events):
            assert set(earlier.data) == set(later.data)
            assert earlier.data["id"] == later.data["id"] == str(later.subject)


def test_the_year_of_an_application_can_be_read_from_its_events(world: World) -> None:
    a_busy_year(world)
    first = world.told("application.submitted")[0]["id"]
    told = [
        (event.type.rsplit(".", 1)[1], event.data["state"])
        for event in recorded(world.runtime)
        if str(event.subject) == first
    ]
    assert told == [
        ("submitted", "submitted"),
        ("returned", "draft"),
        ("submitted", "submitted"),
        ("review_started", "under_review"),
        ("accepted", "accepted"),
        ("enrolled", "enrolled"),
        ("completed", "completed"),
    ]


def test_an_application_says_whom_to_write_to_and_why(world: World) -> None:
    application = world.apply("Ville de Mauguio", locale="en")
    world.do(decisions.hand_back, application.id, "incomplete", "Qui y travaillera ?")
    told = world.told("application.returned")[-1]
    assert told["contact"] == {
        "person_id": str(application.contact_id),
        "name": "Claire Martin",
        "email": "claire@mauguio.example",
        "locale": "en",
    }
    assert (told["organisation_name"], told["cohort_label"]) == ("Ville de Mauguio", "2027")
    assert (told["return_reason"], told["reason"]) == ("incomplete", "Qui y travaillera ?")


def test_every_published_type_is_one_that_the_contracts_promise(world: World) -> None:
    a_busy_year(world)
    for event in recorded(world.runtime):
        assert contracts.current(event.type).version == event.version


def test_what_fails_publishes_nothing(world: World) -> None:
    before = len(recorded(world.runtime))
    with pytest.raises(RuntimeError), world.work() as work:
        programmes.plan_cohort(programmes.PlanCohort(programme="cesar", label="2030"), work)
        raise RuntimeError("the power fails")
    assert len(recorded(world.runtime)) == before


def assessment_event(kind: str, organisation_id: UUID, programme: str = "cesar", **more: Any) -> Event:
    assessment = uuid4()
    time = more.pop("time")
    known = {
        "id": str(assessment),
        "programme": programme,
        "organisation_id": str(organisation_id),
        "state": "submitted" if kind == "submitted" else "in_progress",
        "submitted_at": time.isoformat() if kind == "submitted" else None,
        "validated_at": None,
    }
    return Event(
        id=new_id(),
        source="assessment",
        type=f"assessment.assessment.{kind}",
        version=1,
        subject=assessment,
        sequence=1,
        time=time,
        data={**known, **more},
        correlation_id=new_id(),
        causation_id=None,
        traceparent=None,
    )


def deliver(world: World, *events: Event) -> None:
    inbox.handle(world.runtime, [Delivery(event.to_bytes()) for event in events])


def test_a_supplier_who_begins_the_assessment_is_active_however_often_it_is_told(world: World) -> None:
    supplier, secret = world.invite()
    world.do(suppliers.accept_invitation, secret, "Marie Vidal")
    started = assessment_event("started", supplier.organisation_id, time=world.clock(), news="ignored")
    submitted = assessment_event("submitted", supplier.organisation_id, time=world.clock())
    deliver(world, submitted, started, started)
    deliver(world, started)
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.ACTIVE
    assert len(world.told("supplier.activated")) == 1


def mail_event(kind: str, reason: str, cause: UUID) -> Event:
    return Event(
        id=new_id(),
        source="notifications",
        type=f"notifications.message.{kind}",
        version=1,
        subject=uuid4(),
        sequence=1,
        time=MONDAY,
        data={"cause": str(cause), "reason": reason, "workflow": "whatever"},
        correlation_id=new_id(),
        causation_id=None,
        traceparent=None,
    )


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [("failed", "refused", "not_delivered"), ("suppressed", "unsubscribed", "unsubscribed")],
)
def test_an_invitation_that_reached_nobody_is_told_to_who_invited(
    world: World, visit: Visit, kind: str, reason: str, told: str
) -> None:
    supplier, _ = world.invite()
    [invited] = recorded(world.runtime, "enrolment.supplier.invited")
    [registered] = recorded(world.runtime, "enrolment.organisation.registered")
    browser = visit(HELENE)
    here = f"/api/suppliers/{supplier.id}"
    world.clock.move(minutes=1)
    deliver(
        world,
        mail_event("suppressed", "reason_gone", invited.id),
        mail_event(kind, reason, registered.id),
        mail_event(kind, reason, uuid4()),
    )
    assert browser.get(here).json["not_reached"] is None  # type: ignore[index]
    deliver(world, mail_event(kind, reason, invited.id), mail_event(kind, reason, invited.id))
    found = browser.get(here).json
    assert found is not None
    assert found["not_reached"] == told
    assert [each["what"] for each in found["history"]] == [told, "invited"]
    page = browser.get(f"/suppliers/{supplier.id}").text
    assert "attend une réponse" not in page

    world.clock.move(days=2)
    browser = visit(HELENE)
    browser.post(f"{here}/invitation")
    assert browser.get(here).json["not_reached"] is None, "what is sent anew is waited for"  # type: ignore[index]


def test_an_assessment_of_somebody_else_changes_nothing(world: World) -> None:
    supplier, _ = world.invite()
    before = recorded(world.runtime)
    deliver(
        world,
        assessment_event("started", uuid4(), time=world.clock()),
        assessment_event("started", supplier.organisation_id, programme="elsewhere", time=world.clock()),
    )
    assert recorded(world.runtime) == before
    assert world.read(SupplierEnrolment, supplier.id).state is SupplierState.INVITED
