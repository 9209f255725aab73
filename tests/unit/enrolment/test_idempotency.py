"""A POST of the JSON API that is sent twice with one key has its effect once and one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from services.chassis.web.idempotency import REPLAYED
from services.enrolment.domain.person import Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

SUPPLIER = {
    "organisation_name": "Jardins du Lez",
    "contact_name": "Marie Vidal",
    "contact_email": "marie@jardins.example",
}
OTHER = SUPPLIER | {"organisation_name": "Atelier des Garrigues", "contact_email": "aude@atelier.example"}
KEY = {"Idempotency-Key": "0190c1a0-7f3e"}


def test_the_second_request_gets_the_first_answer_and_has_no_effect(world: World, visit: Visit) -> None:
    api = visit(HELENE)
    first = api.post("/api/suppliers", json=SUPPLIER, headers=KEY)
    again = api.post("/api/suppliers", json=SUPPLIER, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert len(world.told("supplier.invited")) == 1


def test_without_a_key_each_request_is_one_of_its_own(world: World, visit: Visit) -> None:
    api = visit(HELENE)
    assert api.post("/api/suppliers", json=SUPPLIER).status_code == 201
    assert api.post("/api/suppliers", json=SUPPLIER).status_code == 409


def test_a_key_with_another_body_is_refused(world: World, visit: Visit) -> None:
    api = visit(HELENE)
    api.post("/api/suppliers", json=SUPPLIER, headers=KEY)
    refused = api.post("/api/suppliers", json=OTHER, headers=KEY)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert len(world.told("supplier.invited")) == 1


def test_a_key_belongs_to_its_caller(world: World, visit: Visit) -> None:
    world.person("paul@cci.example", Role.MANAGER, name="Paul")
    assert visit(HELENE).post("/api/suppliers", json=SUPPLIER, headers=KEY).status_code == 201
    assert visit("paul@cci.example").post("/api/suppliers", json=OTHER, headers=KEY).status_code == 201
    assert len(world.told("supplier.invited")) == 2


def test_what_was_refused_can_be_mended_and_sent_again_with_the_same_key(world: World, visit: Visit) -> None:
    api = visit(HELENE)
    assert api.post("/api/suppliers", json={"siret": "1"}, headers=KEY).status_code == 422
    assert api.post("/api/suppliers", json=SUPPLIER, headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(visit: Visit, key: str) -> None:
    answer = visit(HELENE).post("/api/suppliers", json=SUPPLIER, headers={"Idempotency-Key": key})
    assert answer.status_code == 422


def test_a_key_is_free_again_after_a_week(world: World, visit: Visit) -> None:
    visit(HELENE).post("/api/suppliers", json=SUPPLIER, headers=KEY)
    world.clock.now += timedelta(days=7, minutes=1)
    assert visit(HELENE).post("/api/suppliers", json=OTHER, headers=KEY).status_code == 201


def test_of_requests_at_the_same_instant_one_has_an_effect(world: World, visit: Visit) -> None:
    browsers = [visit(HELENE) for _ in range(4)]
    together = Barrier(len(browsers))

    def send(number: int) -> tuple[int, object]:
        together.wait()
        answer = browsers[number].post("/api/suppliers", json=SUPPLIER, headers=KEY)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(len(browsers)) as callers:
        answers = list(callers.map(send, range(len(browsers))))
    assert {status for status, _body in answers} == {201}
    assert all(body == answers[0][1] for _status, body in answers)
    assert len(world.told("supplier.invited")) == 1


def test_the_document_of_the_api_speaks_of_the_key(visit: Visit) -> None:
    document = visit().get("/api/openapi.json").json
    assert document is not None
    named = [each["name"] for each in document["paths"]["/api/suppliers"]["post"]["parameters"]]
    assert "Idempotency-Key" in named
