"""What each service offers an operator's programs: events that it could not handle, and its audit log."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.chassis import failures
from services.chassis.retry import RetryPolicy
from services.chassis.service import Runtime
from services.console.installed import installed_names, load_web
from tests.support.services import Clock, running
from tests.unit.chassis.web.world import MONDAY, api_token, person


@pytest.fixture(params=installed_names())
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    with running(request.param, tmp_path, Clock(MONDAY)) as runtime:
        yield runtime


def operator_of(service: Runtime) -> FlaskClient:
    client = load_web(service.service)(service).test_client()
    token = api_token(person("operator"), key=service.settings.session_private_key)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def fail_to_read(service: Runtime, body: bytes) -> UUID:
    """Have received what cannot be read; returns the id of the failure."""
    with service.unit_of_work() as work:
        reason, policy = ValueError("It is no event."), RetryPolicy()
        failures.record_failure(work.session, body, None, reason, work.now, replaying=False, policy=policy)
        [failed] = failures.list_failed(work.session)
        return failed.id


def test_what_could_not_be_handled_is_listed_looked_at_and_given_up(service: Runtime) -> None:
    failed, operator = fail_to_read(service, b"nonsense"), operator_of(service)
    prefix = "" if service.service.name == "enrolment" else f"/{service.service.name}"
    here = f"{prefix}/api/operations/failed"
    assert [each["id"] for each in operator.get(here).json["items"]] == [str(failed)]
    assert operator.get(f"{here}/{failed}").json["body"] == "nonsense"
    decision = {"decision": "discard", "reason": "Un essai."}
    given_up = operator.post(f"{here}/{failed}/decision", json=decision)
    assert given_up.json["state"] == "discarded"
    assert operator.get(here).json == {"total": 0, "items": []}
    assert operator.get(f"{prefix}/api/audit").status_code == 200
