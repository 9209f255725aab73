"""On PostgreSQL, the same request sent many times at the same instant: one effect, and one answer for all."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.enrolment.web import create_app
from tests.integration.enrolment.at_once import at_once, postgres_world
from tests.support.postgres import Postgres
from tests.unit.enrolment.test_idempotency import OTHER, SUPPLIER
from tests.unit.enrolment.world import HELENE, World

TOGETHER = 12


@pytest.fixture
def world(postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with postgres_world(postgres, tmp_path) as world:
        yield world


@pytest.fixture
def callers(world: World) -> list[FlaskClient]:
    """As many programs, all of which act for the manager."""
    app = create_app(world.runtime)
    app.testing = True
    clients = [app.test_client() for _ in range(TOGETHER)]
    for client in clients:
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        client.post("/sign-in", data={"email": HELENE})
        assert client.post(world.told("sign_in.requested")[-1]["url"]).status_code == 303
    return clients


def sent(
    callers: list[FlaskClient], body_of: dict[int, dict[str, str]], key: str
) -> list[TestResponse | Exception]:
    def sending(number: int, client: FlaskClient) -> TestResponse:
        body = body_of.get(number, SUPPLIER)
        return client.post("/api/suppliers", json=body, headers={"Idempotency-Key": key})

    return at_once([lambda n=number, c=client: sending(n, c) for number, client in enumerate(callers)])


def test_one_has_an_effect_and_all_get_its_answer(world: World, callers: list[FlaskClient]) -> None:
    answers = sent(callers, {}, str(uuid4()))
    assert [answer.status_code for answer in answers] == [201] * TOGETHER
    assert len({answer.get_data() for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == TOGETHER - 1
    assert len(world.told("supplier.invited")) == 1


def test_of_two_bodies_with_one_key_one_is_refused(world: World, callers: list[FlaskClient]) -> None:
    answers = sent(callers, dict.fromkeys(range(0, TOGETHER, 2), OTHER), str(uuid4()))
    assert sorted(answer.status_code for answer in answers) == [201] * (TOGETHER // 2) + [422] * (
        TOGETHER // 2
    )
    assert len(world.told("supplier.invited")) == 1


def test_while_the_first_fails_the_next_takes_its_turn(world: World, callers: list[FlaskClient]) -> None:
    """What is refused leaves nothing behind, so that whoever waited tries for itself."""
    wrong = {"siret": "1"}
    answers = sent(callers, dict.fromkeys(range(TOGETHER), wrong), str(uuid4()))
    assert [answer.status_code for answer in answers] == [422] * TOGETHER
    assert not world.told("supplier.invited")
