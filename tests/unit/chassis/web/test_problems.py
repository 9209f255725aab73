import json
from collections.abc import Callable, Iterator
from typing import Any

import flask_smorest
import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from structlog.testing import capture_logs
from werkzeug.exceptions import MethodNotAllowed, TooManyRequests
from werkzeug.test import TestResponse

from services.chassis.model import Conflict, DomainError, Forbidden, Gone, NotFound
from services.chassis.web.access import public
from services.chassis.web.refusals import ProblemSchema
from tests.unit.chassis.web.world import build

DATABASE_AWAY = OperationalError("SELECT 1", {}, Exception("connection refused by db.internal"))


class Line(Schema):
    quantity = fields.Integer(required=True, validate=validate.Range(min=1))


class Order(Schema):
    name = fields.String(required=True)
    lines = fields.List(fields.Nested(Line))


class Filters(Schema):
    year = fields.Integer()


@pytest.fixture(autouse=True)
def logs_are_kept_off_the_screen() -> Iterator[None]:
    with capture_logs():
        yield


def failing(error: BaseException | Callable[[], Any]) -> FlaskClient:
    """A service whose page and whose API fail in the same way."""

    def fail() -> str:
        if isinstance(error, BaseException):
            raise error
        error()
        return "not reached"

    pages, api = (
        Blueprint("pages", __name__),
        flask_smorest.Blueprint("things", __name__, url_prefix="/things"),
    )
    pages.add_url_rule("/page", "page", public(fail))
    api.add_url_rule("/", "thing", public(documented(api, fail)))
    app = build(pages, api)
    app.testing = False
    return app.test_client()


def documented(api: flask_smorest.Blueprint, view: Callable[[], str]) -> Callable[[], str]:
    """The view, of which the document says that it answers with a text and may refuse for any reason."""
    view = api.alt_response(200, schema={"type": "string"}, content_type="text/html")(view)
    for status in (400, 403, 404, 405, 409, 410, 422, 428, 429):
        problem = {"schema": ProblemSchema, "content_type": "application/problem+json"}
        view = api.alt_response(status, **problem)(view)
    return view


def as_problem(error: BaseException | Callable[[], Any]) -> TestResponse:
    return failing(error).get("/orchard/api/things/")


def as_page(error: BaseException | Callable[[], Any]) -> TestResponse:
    return failing(error).get("/orchard/page")


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.content_type == "application/problem+json"
    assert isinstance(answer.json, dict)
    return answer.json


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError("No."), 422),
        (NotFound("No."), 404),
        (Conflict("No."), 409),
        (Forbidden("No."), 403),
        (Gone("No."), 410),
        (ValidationError("No."), 422),
        (StaleDataError("1 row expected, 0 matched"), 409),
        (TooManyRequests(), 429),
        (MethodNotAllowed(["GET"]), 405),
        (DATABASE_AWAY, 503),
        (PoolTimeout("QueuePool limit reached"), 503),
        (ZeroDivisionError("division by zero"), 500),
        (IntegrityError("INSERT", {}, Exception("unique")), 500),
        (lambda: abort(500), 500),
    ],
)
def test_each_failure_has_the_same_status_for_people_and_for_programs(error: Any, status: int) -> None:
    assert as_page(error).status_code == status
    problem = told(as_problem(error))
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["instance"].startswith("urn:uuid:")
    assert problem["title"] and problem["detail"]


def test_a_rule_of_the_domain_is_told_with_its_values_at_its_field() -> None:
    error = DomainError("At most %(places)s places are left.", field="members.count", places=3)
    assert told(as_problem(error))["detail"] == "At most 3 places are left."
    assert told(as_problem(error))["errors"] == [
        {"field": "members.count", "detail": "At most 3 places are left.", "pointer": "#/members/count"}
    ]
    assert "At most 3 places are left." in as_page(error).text


def test_a_percent_sign_in_a_rule_without_values_is_just_one() -> None:
    assert told(as_problem(DomainError("Shares add up to 100 %.")))["detail"] == "Shares add up to 100 %."


def test_what_a_rule_says_is_escaped_on_the_page() -> None:
    error = DomainError("%(name)s is not known.", name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in as_page(error).text


def test_an_unexpected_failure_gives_a_number_to_quote_that_is_also_in_the_log() -> None:
    with capture_logs() as logs:
        answer = as_page(ZeroDivisionError("division by zero"))
    (entry,) = [entry for entry in logs if entry["event"] == "unexpected_error"]
    assert entry["reference"] in answer.text
    assert isinstance(entry["exc_info"], ZeroDivisionError)


def test_an_unexpected_failure_tells_nothing_of_what_is_inside() -> None:
    error = RuntimeError("the password is swordfish")
    assert "swordfish" not in as_page(error).text
    assert "swordfish" not in as_problem(error).text
    assert told(as_problem(error))["reference"]


def test_a_body_that_is_nested_too_deeply_is_the_senders_fault_and_our_own_depth_is_ours() -> None:
    deep = failing(lambda: json.loads("[" * 100_000))
    assert deep.get("/orchard/api/things/", json={}).status_code == 400
    assert deep.get("/orchard/page").status_code == 500


def test_a_text_that_no_database_keeps_is_refused_before_it_is_read() -> None:
    client = failing(lambda: None)
    assert client.get("/orchard/api/things/", json={"name": "a\\u0000"}).status_code == 200
    refused = client.get("/orchard/api/things/", json={"name": "a\x00"})
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert "U+0000" in refused.json["detail"]


def test_a_database_that_is_away_says_when_to_come_back_and_not_where_it_is() -> None:
    answer = as_problem(DATABASE_AWAY)
    assert answer.headers["Retry-After"] == "10"
    assert "db.internal" not in answer.text
    assert "SELECT" not in answer.text


def test_a_method_that_is_not_allowed_names_those_that_are() -> None:
    answer = failing(ValueError()).post("/orchard/api/things/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_problem_that_says_more_is_quoted() -> None:
    assert told(as_problem(lambda: abort(409, "The door is locked.")))["detail"] == "The door is locked."


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("fr", "If-Match manque", "Envoyez l’en-tête If-Match"),
        ("en", "If-Match is missing", "Send the header"),
    ],
)
def test_a_problem_says_what_to_do_in_the_language_of_the_caller(
    language: str, title: str, detail: str
) -> None:
    client = failing(lambda: abort(428))
    answer = told(client.get("/orchard/api/things/", headers={"Accept-Language": language}))
    assert answer["title"] == title
    assert answer["detail"].startswith(detail)


def test_a_failure_of_the_error_page_itself_still_answers(tmp_path: Any) -> None:
    def no_navigation(_person: Any) -> list[Any]:
        raise DATABASE_AWAY

    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/page", "page", public(lambda: abort(404)))
    app = build(pages, navigation=no_navigation)
    app.testing = False
    answer = app.test_client().get("/orchard/page")
    assert (answer.status_code, answer.mimetype, answer.text) == (404, "text/plain", "404")


def test_defects_are_not_hidden_from_tests() -> None:
    pages = Blueprint("pages", __name__)

    def broken() -> str:
        raise ZeroDivisionError

    pages.add_url_rule("/page", "page", public(broken))
    with pytest.raises(ZeroDivisionError):
        build(pages).test_client().get("/orchard/page")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
    ],
)
def test_the_caller_gets_what_it_can_read(accept: str, kind: str) -> None:
    answer = failing(NotFound("No.")).get("/orchard/page", headers={"Accept": accept})
    assert answer.mimetype == kind


def ordering() -> Flask:
    api = flask_smorest.Blueprint("orders", __name__, url_prefix="/orders")

    def order(filters: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        return body

    view = api.arguments(Filters, location="query")(api.arguments(Order)(order))
    api.route("/", methods=["POST"])(public(view))
    return build(api)


def test_every_wrong_field_of_a_body_is_pointed_at_in_the_persons_language() -> None:
    body = {"lines": [{"quantity": 1}, {"quantity": 0}], "a/b": 1}
    answer = ordering().test_client().post("/orchard/api/orders/", json=body)
    assert answer.status_code == 422
    assert told(answer)["detail"] == "3 points sont à corriger\u00a0; «\u00a0errors\u00a0» dit lesquels."
    found = {error["field"]: (error["pointer"], error["detail"]) for error in told(answer)["errors"]}
    assert found == {
        "name": ("#/name", "Merci de remplir ce champ."),
        "lines.1.quantity": ("#/lines/1/quantity", "La plus petite valeur possible est 1."),
        "a/b": ("#/a~1b", "Ce champ n’est pas connu."),
    }


def test_a_wrong_argument_of_the_address_is_named_without_a_pointer() -> None:
    answer = ordering().test_client().post("/orchard/api/orders/?year=soon", json={"name": "A"})
    assert told(answer)["detail"] == "Écrivez un nombre entier, par exemple 12."
    assert told(answer)["errors"] == [
        {"field": "year", "detail": "Écrivez un nombre entier, par exemple 12."}
    ]


def test_a_body_that_is_not_json_is_a_bad_request() -> None:
    answer = ordering().test_client().post("/orchard/api/orders/", data="{", content_type="application/json")
    assert answer.status_code == 400
    assert told(answer)["errors"] == [
        {"field": "", "detail": "Le corps de la requête n’est pas du JSON valable.", "pointer": "#"}
    ]


def test_who_is_refused_gets_a_number_that_is_in_the_log_as_a_warning() -> None:
    with capture_logs() as logs:
        answer = as_page(Forbidden("Only the programme's team may do this."))
    (entry,) = [entry for entry in logs if entry["event"] == "refused"]
    assert entry["reference"] in answer.text
    assert entry["log_level"] == "warning"
