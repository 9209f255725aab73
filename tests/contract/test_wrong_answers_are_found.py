"""An answer of a JSON API that is not as its document says fails the test that asked for it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import public
from services.chassis.web.whole_answers import SOMETIMES
from tests.unit.chassis.web.world import build


class Tree(Schema):
    height = fields.Integer(required=True)
    planted_on = fields.Date(allow_none=True)
    note = fields.String(metadata=SOMETIMES)
    owner = fields.Nested(Schema.from_dict({"name": fields.String()}, name="Owner"))


TREE = {"height": 3, "planted_on": "2026-11-23", "owner": {"name": "Élise"}}


def orchard(view: Callable[[], Any]) -> Flask:
    """A service that documents a tree and answers with what the view makes."""
    api = Blueprint("trees", __name__, url_prefix="/trees", description="Trees.")
    api.add_url_rule("/<int:number>", "tree", public(api.response(200, Tree)(lambda number: view())))
    return build(api)


def with_header(name: str) -> Response:
    answer = jsonify(TREE)
    answer.headers[name] = "something"
    return answer


def ask(view: Callable[[], Any]) -> None:
    orchard(view).test_client().get("/orchard/api/trees/1")


@pytest.mark.parametrize("tree", [TREE, {**TREE, "note": "Old."}, {**TREE, "planted_on": None}])
def test_an_answer_as_documented_is_fine(tree: dict[str, Any]) -> None:
    ask(lambda: jsonify(tree))


@pytest.mark.parametrize(
    ("tree", "told"),
    [
        ({**TREE, "age": 9}, "age"),
        ({**TREE, "owner": {"name": "Élise", "phone": "04"}}, "/owner: .*phone"),
        ({"height": 3, "owner": {"name": "Élise"}}, "planted_on"),
        ({**TREE, "owner": {}}, "name"),
        ({**TREE, "height": None}, "/height"),
        ({**TREE, "height": "3"}, "/height"),
        ({**TREE, "planted_on": "23/11/2026"}, "/planted_on"),
        ([TREE], "not of type"),
    ],
)
def test_a_body_that_is_not_as_its_schema_says_is_found(tree: Any, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        ask(lambda: jsonify(tree))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: (jsonify(TREE), 202), "this status is not declared, only 200, 404, default"),
        (lambda: Response("a tree", mimetype="text/plain"), "text/plain is not declared"),
        (lambda: Response('{"status": 404}', 404, mimetype="application/json"), "not declared"),
        (lambda: Response('{"status": 404}', 404, mimetype="application/problem+json"), "instance"),
        (lambda: with_header("ETag"), "the header ETag is not declared"),
        (lambda: with_header("Location"), "the header Location is not declared"),
    ],
)
def test_a_status_a_kind_or_a_header_that_is_not_declared_is_found(
    answer: Callable[[], Any], told: str
) -> None:
    with pytest.raises(AssertionError, match=told):
        ask(answer)


def test_a_refusal_of_what_is_no_operation_is_a_problem_too() -> None:
    client = orchard(lambda: jsonify(TREE)).test_client()
    assert client.get("/orchard/api/flowers").status_code == 404
    assert client.delete("/orchard/api/trees/1").status_code == 405
    app = orchard(lambda: jsonify(TREE))
    app.register_error_handler(404, lambda error: ({"message": "What?"}, 404))
    with pytest.raises(AssertionError, match="in place of problem details"):
        app.test_client().get("/orchard/api/flowers")
