"""What the tests of enrolment's use cases and pages share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.enrolment.domain.person import Role
from services.enrolment.web import create_app
from tests.support.services import Clock, running
from tests.unit.enrolment.world import HELENE, MONDAY, World

Visit = Callable[..., FlaskClient]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The programme "cesar" with its manager Hélène and the cohort 2027, whose call is open."""
    clock = Clock(MONDAY)
    with running("enrolment", tmp_path, clock) as runtime:
        world = World(runtime, clock)
        world.programme()
        world.cohort()
        world.person(HELENE, Role.MANAGER)
        yield world


@pytest.fixture
def visit(world: World) -> Visit:
    """Gives a browser; with an e-mail address, one in which that person has signed in by a link."""
    app = create_app(world.runtime)
    app.testing = True

    def visit(email: str | None = None) -> FlaskClient:
        client = app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
        if email:
            assert client.post("/sign-in", data={"email": email}).status_code == 303
            link = world.told("sign_in.requested")[-1]
            assert link["email"] == email
            answer = client.post(link["url"])
            assert answer.status_code == 303, answer.text
        return client

    return visit
