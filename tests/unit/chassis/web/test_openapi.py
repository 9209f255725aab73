from typing import Any

import flask_smorest
from flask import Flask
from marshmallow import Schema, fields

from services.chassis.web.access import public, requires
from tests.unit.chassis.web.world import build


class Tree(Schema):
    height = fields.Integer(required=True, metadata={"description": "In metres."})


def site() -> Flask:
    api = flask_smorest.Blueprint("trees", __name__, url_prefix="/trees", description="Trees of the orchard")

    def plant(tree: dict[str, Any]) -> dict[str, Any]:
        return tree

    def show() -> list[dict[str, Any]]:
        return [{"height": 3}]

    def fell(number: str) -> None:
        """Fell a tree."""

    api.route("/", methods=["POST"])(requires("manager")(api.arguments(Tree)(api.response(201, Tree)(plant))))
    api.route("/", methods=["GET"])(public(api.response(200, Tree(many=True))(show)))
    api.route("/<uuid:number>", methods=["DELETE"])(requires()(api.response(204)(fell)))
    return build(api, api_title="Orchard", api_version="7")


def document() -> dict[str, Any]:
    answer = site().test_client().get("/orchard/api/openapi.json")
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    return answer.json


def test_the_api_describes_itself_to_anyone() -> None:
    found = document()
    assert found["openapi"] == "3.1.0"
    assert found["info"] == {"title": "Orchard", "version": "7"}
    own = {path for path in found["paths"] if path.startswith("/orchard/api/trees")}
    assert own == {"/orchard/api/trees/", "/orchard/api/trees/{number}"}
    assert set(found["paths"]) - own == {
        "/orchard/api/audit",
        "/orchard/api/operations/failed",
        "/orchard/api/operations/failed/{failed_id}",
        "/orchard/api/operations/failed/{failed_id}/decision",
    }, "what every service has"


def test_operations_say_who_may_call_them_as_it_is_enforced() -> None:
    paths = document()["paths"]
    assert paths["/orchard/api/trees/"]["get"]["security"] == []
    assert paths["/orchard/api/trees/"]["post"]["x-access"] == "manager"
    assert paths["/orchard/api/trees/{number}"]["delete"]["x-access"] == "any signed-in person"
    assert "security" not in paths["/orchard/api/trees/"]["post"]


def test_programs_bring_a_bearer_token_and_browsers_the_session() -> None:
    found = document()
    assert found["security"] == [{"bearer": []}, {"session": []}]
    assert found["components"]["securitySchemes"] == {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "session": {"type": "apiKey", "in": "cookie", "name": "cesar_session"},
    }


def test_errors_are_described_as_problem_details_and_results_as_json() -> None:
    found = document()
    error = found["components"]["responses"]["UNPROCESSABLE_ENTITY"]["content"]
    assert error.keys() == {"application/problem+json"}
    assert error["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    required = found["components"]["schemas"]["Problem"]["required"]
    assert set(required) == {"type", "title", "status", "detail", "instance"}
    created = found["paths"]["/orchard/api/trees/"]["post"]["responses"]["201"]["content"]
    assert list(created) == ["application/json"]


def test_an_operation_tells_of_the_refusals_that_its_nature_brings() -> None:
    paths = document()["paths"]
    everywhere = {"401", "403", "404", "409", "422", "default"}
    assert paths["/orchard/api/trees/"]["get"]["responses"].keys() == {"200", "default"}
    assert paths["/orchard/api/trees/"]["post"]["responses"].keys() == {"201", "400", "413", *everywhere}
    assert paths["/orchard/api/trees/{number}"]["delete"]["responses"].keys() == {"204", *everywhere}
    one = paths["/orchard/api/operations/failed/{failed_id}"]["get"]["responses"]
    assert one.keys() == {"200", "401", "403", "404", "default"}
    rows = paths["/orchard/api/operations/failed"]["get"]["responses"]
    assert rows.keys() == {"200", "401", "403", "422", "default"}


def test_no_page_of_the_api_loads_scripts_from_elsewhere() -> None:
    rules = {rule.rule for rule in site().url_map.iter_rules() if rule.endpoint.startswith("api-docs")}
    assert rules == {"/orchard/api/openapi.json"}


def test_the_documented_operations_work() -> None:
    client = site().test_client()
    assert client.get("/orchard/api/trees/").json == [{"height": 3}]


def test_an_answer_has_every_field_and_a_request_those_that_it_needs() -> None:
    schemas = document()["components"]["schemas"]
    assert set(schemas["FailedEvent"]["required"]) == set(schemas["FailedEvent"]["properties"])
    assert schemas["EventDecision"]["required"] == ["decision"]
    assert set(schemas["Problem"]["required"]) == {"type", "title", "status", "detail", "instance"}
    assert set(schemas["FieldError"]["required"]) == {"field", "detail"}
