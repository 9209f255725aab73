"""What a page lets one do, the JSON API lets one do too, in the same roles; its lists come in pages."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.chassis.web.access import Route, access_table
from services.chassis.web.identity import Grant, Identity
from services.console.installed import installed_names
from services.enrolment.domain.person import Role
from tests.contract.api_twins import FOR_PEOPLE_ONLY, TWINS, WHOLE_LISTS
from tests.support.product import applications, product_runtimes


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    with product_runtimes(tmp_path_factory.mktemp("product")) as runtimes:
        yield applications(runtimes)


def identity(role: Role) -> Identity:
    return Identity(
        uuid4(), "Élise Martin", "elise@example.org", "fr", (Grant(role.value, "cesar", uuid4()),)
    )


def is_api(route: Route) -> bool:
    return "/api/" in route.path


def actions(app: Flask) -> list[Route]:
    """What the forms of the pages do."""
    return [route for route in access_table(app) if route.method != "GET" and not is_api(route)]


def operations(app: Flask) -> dict[str, Route]:
    return {route.endpoint: route for route in access_table(app) if is_api(route)}


@pytest.mark.parametrize("service", installed_names())
def test_each_action_of_a_page_has_its_twin_in_the_api_or_says_why_not(
    apps: dict[str, Flask], service: str
) -> None:
    known = {*TWINS.get(service, {}), *FOR_PEOPLE_ONLY.get(service, {})}
    missing = [
        f"{route.path} ({route.endpoint})" for route in actions(apps[service]) if route.endpoint not in known
    ]
    assert not missing, (
        "Programs cannot do what these forms do. Build the operation and name it in api_twins.TWINS, or "
        f"say in FOR_PEOPLE_ONLY why it is for people only: {', '.join(missing)}"
    )


@pytest.mark.parametrize("service", installed_names())
def test_what_is_said_of_twins_is_about_what_exists(apps: dict[str, Flask], service: str) -> None:
    twins, alone = TWINS.get(service, {}), FOR_PEOPLE_ONLY.get(service, {})
    pages = {route.endpoint for route in actions(apps[service])}
    assert not (twins.keys() | alone.keys()) - pages, "there is no such form any more"
    assert not twins.keys() & alone.keys(), "an action has a twin or has none"
    named = {endpoint for endpoints in twins.values() for endpoint in endpoints}
    assert not named - operations(apps[service]).keys(), "there is no such operation"
    assert all(twins.values()) and all(len(reason) > 20 for reason in alone.values())


@pytest.mark.parametrize("service", installed_names())
def test_whoever_may_use_a_form_may_use_its_twins(apps: dict[str, Flask], service: str) -> None:
    known = operations(apps[service])
    for action in actions(apps[service]):
        for endpoint in TWINS.get(service, {}).get(action.endpoint, ()):
            for role in Role:
                person, told = identity(role), f"{role} at {action.path} and {known[endpoint].path}"
                assert known[endpoint].access.allows(person) or not action.access.allows(person), told


@pytest.mark.parametrize("service", installed_names())
def test_each_list_of_the_api_comes_in_pages(apps: dict[str, Flask], service: str) -> None:
    document = document_of(apps[service])
    whole, paged = set(), 0
    for path, operation in ((path, each["get"]) for path, each in document["paths"].items() if "get" in each):
        schema = answer_of(document, operation)
        if schema.get("type") == "array":
            whole.add(path)
        elif {"total", "items"} <= schema.get("properties", {}).keys():
            names = {parameter["name"] for parameter in operation.get("parameters", ())}
            assert {"page", "per_page"} <= names, f"{path} does not say how its pages are asked for"
            paged += 1
    assert whole == WHOLE_LISTS.get(service, {}).keys(), "give a page: services/chassis/web/lists.py"
    assert paged > 0


def document_of(app: Flask) -> dict[str, Any]:
    address = next(route.path for route in access_table(app) if route.path.endswith("/api/openapi.json"))
    document: dict[str, Any] = app.test_client().get(address).get_json()
    return document


def answer_of(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of the answer to a request that succeeds; an empty one for a file."""
    content = operation["responses"]["200"].get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema
