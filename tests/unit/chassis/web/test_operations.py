"""Health and metrics: what those who operate the service see."""

import platform

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from services.chassis.release import RELEASE
from services.chassis.web.access import public
from tests.unit.chassis.web.world import Runtime, build, person, sign_in

ELSEWHERE = {"REMOTE_ADDR": "81.2.69.142"}
AWAY = "The database of orchard cannot be reached."


def site(runtime: Runtime | None = None, service: str = "orchard") -> Flask:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/trees/<number>", "tree", public(lambda number: number))
    return build(pages, runtime=runtime, service=service)


def count(route: str, status: int, method: str = "GET") -> str:
    return (
        f'cesar_http_requests_total{{method="{method}",route="{route}",service="orchard",status="{status}"}}'
    )


def figures(client: FlaskClient, prefix: str = "/orchard") -> str:
    return client.get(f"{prefix}/metrics").text


def test_a_process_that_answers_is_alive_even_when_its_database_is_away() -> None:
    answer = site(Runtime(problems=[AWAY])).test_client().get("/orchard/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_a_process_that_can_work_is_ready() -> None:
    answer = site().test_client().get("/orchard/health/ready")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_a_process_that_cannot_work_says_why_to_its_own_network() -> None:
    answer = site(Runtime(problems=[AWAY])).test_client().get("/orchard/health/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready", "problems": [AWAY]})


def test_a_process_that_has_worked_stays_started_when_its_database_goes_away() -> None:
    never, before = Runtime(problems=[AWAY]), Runtime(problems=[AWAY], has_been_ready=True)
    assert site(never).test_client().get("/orchard/health/started").status_code == 503
    answer = site(before).test_client().get("/orchard/health/started")
    assert (answer.status_code, answer.json) == (200, {"status": "started"})


@pytest.mark.parametrize(("role", "told"), [(None, False), ("buyer", False), ("operator", True)])
def test_from_elsewhere_only_an_operator_is_told_why(role: str | None, told: bool) -> None:
    client = site(Runtime(problems=[AWAY])).test_client()
    if role:
        sign_in(client, person(role))
    answer = client.get("/orchard/health/ready", environ_overrides=ELSEWHERE)
    assert answer.status_code == 503
    assert (AWAY in answer.text) is told


def test_requests_are_counted_by_rule_so_that_figures_do_not_grow_with_addresses() -> None:
    client = site().test_client()
    for number in range(3):
        client.get(f"/orchard/trees/{number}")
    assert f"{count('/orchard/trees/<number>', 200)} 3.0" in figures(client)
    assert 'route="/orchard/trees/1"' not in figures(client)


def test_addresses_and_methods_that_do_not_exist_share_one_figure() -> None:
    client = site().test_client()
    client.get("/orchard/nowhere")
    client.open("/orchard/elsewhere", method="BREW")
    assert f"{count('none', 404, 'any')} 2.0" in figures(client)


def test_the_time_to_answer_is_measured() -> None:
    client = site().test_client()
    client.get("/orchard/trees/1")
    shown = figures(client)
    assert (
        'cesar_http_request_seconds_count{method="GET",route="/orchard/trees/<number>",service="orchard"} 1.0'
        in shown
    )
    assert "cesar_http_request_seconds_bucket{" in shown


def test_services_that_share_a_process_count_apart() -> None:
    orchard, vineyard = site().test_client(), site(service="vineyard").test_client()
    orchard.get("/orchard/trees/1")
    vineyard.get("/vineyard/trees/1")
    assert "vineyard" not in figures(orchard)
    assert "orchard" not in figures(vineyard, "/vineyard")


def test_the_figures_of_process_messaging_and_database_are_shown_with_them() -> None:
    shown = figures(site().test_client())
    assert "process_resident_memory_bytes " in shown
    assert "# TYPE cesar_events_published_total counter" in shown
    assert 'ripe_fruit{service="any"} 3.0' in shown


def test_it_is_told_which_code_runs() -> None:
    build = f'cesar_build_info{{kind="web",python="{platform.python_version()}",release="{RELEASE}"'
    assert build in figures(site().test_client())


def test_from_elsewhere_figures_are_for_operators() -> None:
    client = site().test_client()
    assert client.get("/orchard/metrics", environ_overrides=ELSEWHERE).status_code == 303
    sign_in(client, person("operator"))
    assert client.get("/orchard/metrics", environ_overrides=ELSEWHERE).status_code == 200
