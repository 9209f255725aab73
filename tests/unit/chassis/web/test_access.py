from typing import Any
from uuid import UUID

import flask_smorest
import pytest
from flask import Blueprint, Flask
from flask.views import MethodView
from marshmallow import Schema, fields
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, UUIDConverter

from services.chassis.web.access import (
    Access,
    Route,
    UnprotectedViews,
    access_table,
    internal,
    public,
    requires,
)
from tests.unit.chassis.web.world import FROM_HERE, api_token, build, person, sign_in

ELSEWHERE = {"REMOTE_ADDR": "81.2.69.142"}


class Tree(Schema):
    height = fields.Integer(required=True)


def garden() -> Flask:
    pages = Blueprint("pages", __name__)
    api = flask_smorest.Blueprint("trees", __name__, url_prefix="/trees")

    @pages.get("/open")
    @public
    def anyone() -> str:
        return "seen"

    @pages.get("/members")
    @requires()
    def members() -> str:
        return "seen"

    @pages.get("/office")
    @requires("manager", "adviser")
    def office() -> str:
        return "seen"

    @requires("manager")
    @pages.get("/decorated-the-other-way-round")
    def reversed_order() -> str:
        return "seen"

    @pages.get("/machinery")
    @internal("operator")
    def machinery() -> str:
        return "seen"

    @pages.post("/cut")
    @requires("manager")
    def cut() -> str:
        return "cut"

    class Shed(MethodView):
        @public
        def get(self) -> str:
            return "seen"

        @requires("manager")
        def post(self) -> str:
            return "changed"

    pages.add_url_rule("/shed", view_func=Shed.as_view("shed"))

    def plant(tree: dict[str, Any]) -> dict[str, Any]:
        return tree

    api.route("/", methods=["POST"])(requires("manager")(api.arguments(Tree)(api.response(201, Tree)(plant))))

    return build(pages, api)


def test_an_application_with_an_unmarked_view_does_not_start() -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(UnprotectedViews, match=r"GET /orchard/forgotten \(pages.forgotten\)"):
        build(pages)


def test_an_application_with_an_unmarked_method_of_a_view_class_does_not_start() -> None:
    class Half(MethodView):
        @public
        def get(self) -> str:
            return "seen"

        def post(self) -> str:
            return "changed"

    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/half", view_func=Half.as_view("half"))
    with pytest.raises(UnprotectedViews, match="POST /orchard/half"):
        build(pages)


def test_a_rule_on_a_view_class_holds_for_all_its_methods() -> None:
    @requires("manager")
    class Whole(MethodView):
        def get(self) -> str:
            return "seen"

    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/whole", view_func=Whole.as_view("whole"))
    rules = [route.access for route in access_table(build(pages)) if route.path == "/orchard/whole"]
    assert rules == [Access(roles=("manager",))]


def _plausible(converter: BaseConverter) -> Any:
    match converter:
        case UUIDConverter():
            return UUID(int=1)
        case IntegerConverter():
            return 1
        case AnyConverter():
            return next(iter(converter.items))
        case _:
            return "x"


def an_address_of(app: Flask, route: Route) -> str:
    """An address that leads to the route; what its placeholders stand for need not exist."""
    rule = next(rule for rule in app.url_map.iter_rules(route.endpoint) if rule.rule == route.path)
    values = {name: _plausible(converter) for name, converter in rule._converters.items()}
    return app.url_map.bind("localhost").build(route.endpoint, values, method=route.method)


@pytest.mark.parametrize("role", [None, "manager", "adviser", "buyer", "operator"])
def test_every_route_lets_in_exactly_whom_its_rule_names(role: str | None) -> None:
    app = garden()
    app.testing = False  # a view that fails has been let in to
    client = app.test_client()
    identity = person(role) if role else None
    if identity:
        sign_in(client, identity)
    seen = set()
    for route in access_table(app):
        answer = client.open(
            an_address_of(app, route),
            method=route.method,
            headers=FROM_HERE,
            environ_overrides=ELSEWHERE,
        )
        sent_to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in?")
        refused = sent_to_sign_in or answer.status_code in (401, 403)
        assert refused is not route.access.allows(identity), f"{role}: {route} gave {answer.status}"
        seen.add(route.path)
    assert {"/orchard/office", "/orchard/api/trees/", "/orchard/metrics", "/orchard/shed"} <= seen


def test_a_stranger_is_sent_to_sign_in_and_back_again() -> None:
    answer = garden().test_client().get("/orchard/office?page=2")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=%2Forchard%2Foffice%3Fpage%3D2"


def test_a_strangers_form_is_sent_to_sign_in_and_then_to_a_page_that_exists() -> None:
    answer = garden().test_client().post("/orchard/cut")
    assert answer.location == "/sign-in?next=%2Forchard%2F"


def test_what_was_typed_when_the_session_ended_comes_back_to_be_sent_again() -> None:
    answer = garden().test_client().post("/orchard/cut", data={"reason": "too <tall>", "tree": ["1", "2"]})
    assert answer.status_code == 401
    assert '<input type="hidden" name="reason" value="too &lt;tall&gt;">' in answer.text
    assert answer.text.count('name="tree"') == 2
    assert 'href="/sign-in?next=%2Forchard%2F"' in answer.text


def test_a_strangers_program_is_told_to_bring_credentials() -> None:
    answer = garden().test_client().post("/orchard/api/trees/", json={"height": 3})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_person_with_another_role_is_refused_with_a_page() -> None:
    client = garden().test_client()
    sign_in(client, person("buyer"))
    answer = client.get("/orchard/office")
    assert answer.status_code == 403
    assert answer.mimetype == "text/html"


def test_a_program_with_another_role_is_refused_with_a_problem() -> None:
    client = garden().test_client()
    sign_in(client, person("buyer"))
    answer = client.post("/orchard/api/trees/", json={"height": 3}, headers=FROM_HERE)
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["status"] == 403


def test_the_rule_is_applied_before_the_request_is_read() -> None:
    answer = garden().test_client().post("/orchard/api/trees/", data="not even JSON")
    assert answer.status_code == 401


def test_asking_only_for_headers_or_for_options_does_not_get_around_the_rule() -> None:
    client = garden().test_client()
    assert client.head("/orchard/office").status_code == 303
    assert client.options("/orchard/office").status_code == 303


def test_a_page_that_does_not_exist_is_not_found_rather_than_forbidden() -> None:
    assert garden().test_client().get("/orchard/nowhere").status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.4.7", "192.168.1.20"])
def test_internal_views_are_open_to_the_machines_own_network(address: str) -> None:
    answer = garden().test_client().get("/orchard/machinery", environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_what_a_proxy_forwards_does_not_come_from_the_machines_own_network(header: str) -> None:
    answer = garden().test_client().get("/orchard/machinery", headers={header: "for=127.0.0.1"})
    assert answer.status_code == 303


def test_internal_views_are_open_to_an_operators_token_from_elsewhere() -> None:
    client = garden().test_client()
    headers = {"Authorization": f"Bearer {api_token(person('operator'))}"}
    assert client.get("/orchard/machinery", headers=headers, environ_overrides=ELSEWHERE).status_code == 200
    assert client.get("/orchard/machinery", environ_overrides=ELSEWHERE).status_code == 303


def test_an_internal_view_has_to_name_who_may_call_it_from_elsewhere() -> None:
    with pytest.raises(ValueError, match="roles"):
        internal()


def test_the_access_table_reads_like_a_sentence() -> None:
    told = {route.path: str(route.access) for route in access_table(garden())}
    assert told["/orchard/open"] == "public"
    assert told["/orchard/members"] == "any signed-in person"
    assert told["/orchard/office"] == "manager or adviser"
    assert told["/orchard/machinery"] == "internal network or operator"
