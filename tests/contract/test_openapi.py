"""Each service describes its JSON API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from services.console.installed import installed_names
from tests.support.answered import described, never_answered
from tests.support.openapi import PROBLEM, Document, Json

SPECIFICATION = Path(__file__).with_name("openapi-3.1.json")
"""The schema of OpenAPI documents, from https://spec.openapis.org/oas/3.1/schema/2022-10-07."""

each_service = pytest.mark.parametrize("service", installed_names())


@pytest.fixture(scope="module")
def documents() -> dict[str, Json]:
    return {name: described(name) for name in installed_names()}


@each_service
def test_each_document_is_valid(documents: dict[str, Json], service: str) -> None:
    specification = jsonschema_rs.validator_for(json.loads(SPECIFICATION.read_text("utf-8")))
    found = specification.iter_errors(documents[service])
    wrong = [f"{error.instance_path}: {error.message}" for error in found]
    assert not wrong, "\n".join(wrong)
    for schema in documents[service]["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@each_service
def test_each_schema_of_an_answer_can_be_followed(documents: dict[str, Json], service: str) -> None:
    document = Document(documents[service])
    assert len(document.operations) > 5
    for operation in document.operations:
        assert list(document.validators(operation)), operation


@each_service
def test_each_field_says_of_which_type_it_is(documents: dict[str, Json], service: str) -> None:
    untold = [
        f"{name}.{field}"
        for name, schema in documents[service]["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.keys() & {"type", "$ref", "allOf", "anyOf", "enum"}
    ]
    assert not untold, untold


@each_service
def test_each_operation_says_what_it_does_and_how_it_may_end(
    documents: dict[str, Json], service: str
) -> None:
    document = Document(documents[service])
    sections = {tag["name"]: tag["description"] for tag in documents[service]["tags"]}
    for (method, path), operation in document.operations.items():
        told, statuses = f"{method} {path}", operation["responses"].keys()
        assert operation["summary"].endswith("."), told
        assert operation["tags"] and all(sections[tag] for tag in operation["tags"]), told
        assert len([status for status in statuses if status.startswith("2")]) == 1, told
        assert "default" in statuses, told
        assert ("401" in statuses) == ("security" not in operation), told
        assert ("400" in statuses) == ("requestBody" in operation), told
        named = {name for place, name in document.parameters((method, path)) if place == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path)), told
    ids = [operation["operationId"] for operation in document.operations.values()]
    assert len(ids) == len(set(ids)), "an operation's id is its own"


@each_service
def test_each_refusal_is_a_problem_and_shows_one(documents: dict[str, Json], service: str) -> None:
    document, shown = Document(documents[service]), set()
    for operation, told in document.operations.items():
        for status, response in told["responses"].items():
            if status.startswith(("2", "3")):
                continue
            content = document.resolved(response)["content"]
            assert content.keys() == {PROBLEM}, f"{operation}: {status}"
            example = content[PROBLEM]["example"]
            assert status in (str(example["status"]), "default")
            shown.add(json.dumps(example))
    problem = jsonschema_rs.Draft202012Validator(
        {"$ref": "#/components/schemas/Problem", "components": documents[service]["components"]}
    )
    for each in shown:
        problem.validate(json.loads(each))
    assert len(shown) > 5


@each_service
def test_the_headers_of_versions_and_of_repeated_requests_are_told_where_they_work(
    documents: dict[str, Json], service: str
) -> None:
    document = Document(documents[service])
    for operation, told in document.operations.items():
        asked = {name for place, name in document.parameters(operation) if place == "header"}
        statuses = told["responses"].keys()
        [success] = [response for status, response in told["responses"].items() if status.startswith("2")]
        answered = success.get("headers", {}).keys()
        assert ("If-Match" in asked) == ("428" in statuses) == ("412" in statuses), operation
        assert ("If-None-Match" in asked) == ("304" in statuses), operation
        assert "ETag" in answered or "304" not in statuses, operation
        repeats = operation[0] == "POST" and "security" not in told
        assert ("Idempotency-Key" in asked) == ("Idempotency-Replayed" in answered) == repeats, operation


@each_service
def test_an_operation_that_no_test_asks_for_is_named(documents: dict[str, Json], service: str) -> None:
    every = Document(documents[service]).operations.keys()
    forgotten = next(iter(every))
    assert never_answered([documents[service]], every) == []
    assert never_answered([documents[service]], every - {forgotten}) == [" ".join(forgotten)]
