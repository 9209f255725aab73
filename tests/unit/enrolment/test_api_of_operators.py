"""The audit log and the events that could not be handled, for programs."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.chassis import failures
from services.chassis.events import Event, new_id
from services.chassis.retry import RetryPolicy
from services.enrolment.domain.person import Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

OLGA = "olga@ops.example"
FAILED = "/api/operations/failed"


@pytest.fixture
def failed(world: World) -> UUID:
    """An event that is parked, and an operator who can decide on it."""
    world.person(OLGA, Role.OPERATOR, programme=None)
    event = Event(
        id=new_id(),
        source="/assessment",
        type="assessment.assessment.submitted",
        version=1,
        subject=new_id(),
        sequence=1,
        time=world.clock(),
        correlation_id=new_id(),
        data={},
    )
    with world.work() as work:
        failures.record_failure(
            work.session,
            event.to_bytes(),
            event,
            ValueError("It makes no sense."),
            work.now,
            replaying=False,
            policy=RetryPolicy(attempts=1),
        )
        return failures.list_failed(work.session)[0].id


def test_a_failed_event_is_listed_looked_at_and_tried_again(visit: Visit, failed: UUID) -> None:
    api = visit(OLGA)
    [listed] = api.get(FAILED).get_json()["items"]
    assert (listed["id"], listed["state"], listed["attempts"]) == (str(failed), "parked", 1)
    assert "It makes no sense." in listed["error"]
    whole = api.get(f"{FAILED}/{failed}").get_json()
    assert '"type":"assessment.assessment.submitted"' in whole["body"].replace(" ", "")
    assert "ValueError" in whole["traceback"]
    decision = f"{FAILED}/{failed}/decision"
    other = {"decision": "retry", "body": "nonsense"}
    assert api.post(decision, json=other).status_code == 422
    assert api.post(decision, json={"decision": "retry"}).get_json()["state"] == "retrying"
    assert api.get(f"{FAILED}?state=parked").get_json()["total"] == 0


def test_giving_it_up_wants_a_reason_and_is_final(visit: Visit, failed: UUID) -> None:
    api, decision = visit(OLGA), f"{FAILED}/{failed}/decision"
    assert api.post(decision, json={"decision": "discard"}).status_code == 422
    given_up = {"decision": "discard", "reason": "Un essai."}
    assert "Un essai." in api.post(decision, json=given_up).get_json()["decision"]
    assert api.post(decision, json=given_up).status_code == 409
    assert api.get(FAILED).get_json()["total"] == 0
    assert api.get(f"{FAILED}?state=discarded").get_json()["total"] == 1
    assert visit(HELENE).get(FAILED).status_code == 403


def test_the_audit_log_is_filtered_as_on_its_page(world: World, visit: Visit) -> None:
    world.programme("autre")
    world.person("paul@autre.example", Role.MANAGER, "autre")
    world.person("julien@cci.example", Role.ADVISER)
    api, today = visit(HELENE), world.today()
    supplier = {"organisation_name": "Bois", "contact_name": "Léa", "contact_email": "lea@bois.example"}
    api.post("/api/suppliers", json=supplier)
    log = f"/api/audit?q=supplier&from={today}&to={today}"
    found = api.get(log).get_json()["items"]
    [invited] = [each for each in found if each["action"] == "enrolment.supplier.invited"]
    assert (invited["outcome"], invited["role"]) == ("done", "manager")
    assert api.get("/api/audit?outcome=refused&q=supplier").get_json()["total"] == 0
    assert api.get("/api/audit?from=hier").status_code == 422
    assert api.get("/api/audit?to=9999-12-31").status_code == 422
    assert visit("paul@autre.example").get(log).get_json()["total"] == 0
    assert visit("julien@cci.example").get(log).status_code == 403
