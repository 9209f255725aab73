from collections.abc import Iterator, MutableMapping
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Blueprint, Flask
from structlog.testing import capture_logs

from services.chassis.context import correlation_of_log_line, current_context
from services.chassis.web.access import public
from tests.unit.chassis.web.world import build, person, sign_in

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
OURS = "01928f6e-1234-7000-8000-000000000001"


@pytest.fixture
def app() -> Flask:
    pages = Blueprint("pages", __name__)

    @pages.get("/work")
    @public
    def work() -> dict[str, str | None]:
        context = current_context()
        structlog.get_logger().info("working")
        return {
            "correlation_id": str(context.correlation_id),
            "actor": str(context.actor) if context.actor else None,
            "traceparent": context.traceparent,
        }

    @pages.get("/sign-in/<token>")
    @public
    def enter(token: str) -> str:
        return "welcome"

    return build(pages)


@pytest.fixture
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs([structlog.contextvars.merge_contextvars, correlation_of_log_line]) as entries:
        yield entries


def test_the_answer_the_work_and_the_log_bear_the_same_number(
    app: Flask, logs: list[MutableMapping[str, Any]]
) -> None:
    answer = app.test_client().get("/orchard/work")
    number = answer.headers["X-Request-ID"]
    assert answer.json is not None
    assert answer.json["correlation_id"] == number
    assert [(entry["event"], entry["correlation_id"]) for entry in logs] == [
        ("working", number),
        ("request", number),
    ]
    assert {entry["service"] for entry in logs} == {"orchard"}


def test_two_requests_are_two_pieces_of_work(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/orchard/work").json != client.get("/orchard/work").json


def test_nothing_of_a_request_is_left_behind(app: Flask) -> None:
    before = structlog.contextvars.get_contextvars()
    app.test_client().get("/orchard/work")
    assert structlog.contextvars.get_contextvars() == before


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Request-ID": OURS}, OURS),
        ({"traceparent": TRACEPARENT}, str(UUID(TRACE))),
        ({"X-Request-ID": OURS, "traceparent": TRACEPARENT}, OURS),
        ({"X-Request-ID": "not a number", "traceparent": TRACEPARENT}, str(UUID(TRACE))),
    ],
)
def test_the_callers_number_is_used(app: Flask, headers: dict[str, str], expected: str) -> None:
    assert app.test_client().get("/orchard/work", headers=headers).headers["X-Request-ID"] == expected


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"{TRACEPARENT}-more",
    ],
)
def test_a_trace_that_is_not_valid_is_dropped(app: Flask, traceparent: str) -> None:
    answer = app.test_client().get("/orchard/work", headers={"traceparent": traceparent, "X-Request-ID": "x"})
    assert answer.json is not None
    assert answer.json["traceparent"] is None
    assert UUID(answer.headers["X-Request-ID"]) != UUID(TRACE)


def test_the_trace_and_the_person_are_part_of_the_work(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, person())
    answer = client.get("/orchard/work", headers={"traceparent": TRACEPARENT})
    assert answer.json is not None
    assert answer.json["traceparent"] == TRACEPARENT
    assert answer.json["actor"] == str(person().person_id)


def test_each_request_is_one_line_of_the_log(app: Flask, logs: list[MutableMapping[str, Any]]) -> None:
    client = app.test_client()
    sign_in(client, person())
    client.get("/orchard/nowhere?email=elise@example.fr")
    (entry,) = logs
    assert entry["method"] == "GET"
    assert entry["path"] == "/orchard/nowhere"
    assert entry["status"] == 404
    assert entry["person_id"] == str(person().person_id)
    assert entry["milliseconds"] >= 0
    assert "elise@example.fr" not in str(entry)


def test_secrets_in_addresses_are_not_logged(app: Flask, logs: list[MutableMapping[str, Any]]) -> None:
    app.test_client().get("/orchard/sign-in/swordfish")
    assert logs[0]["path"] == "/orchard/sign-in/(secret)"
    assert "swordfish" not in str(logs)


def test_what_machines_ask_all_day_is_logged_only_for_debugging(
    app: Flask, logs: list[MutableMapping[str, Any]]
) -> None:
    client = app.test_client()
    for path in ("health/live", "health/ready", "metrics"):
        client.get(f"/orchard/{path}")
    assert {entry["log_level"] for entry in logs} == {"debug"}
