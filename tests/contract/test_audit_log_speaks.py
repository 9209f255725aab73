"""Whatever the audit log can hold is said in words: each event, and each way to change something."""

from collections.abc import Iterator

import pytest
from flask import Flask

from services.chassis.web.access import access_table
from services.chassis.web.audit_words import action_words
from services.console.installed import installed_names, load_service
from tests.support.product import applications, product_runtimes


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    with product_runtimes(tmp_path_factory.mktemp("product")) as runtimes:
        yield applications(runtimes)


@pytest.mark.parametrize("service", installed_names())
def test_each_event_has_words(apps: dict[str, Flask], service: str) -> None:
    with apps[service].test_request_context(headers={"Accept-Language": "fr"}):
        said = {each.type: action_words(each.type) for each in load_service(service).contracts}
        unsaid = [of for of, words in said.items() if "." in words or of.rpartition(".")[2] in words.split()]
    assert not unsaid, "Give these words in audit_words._THINGS and _DEEDS, and their French."


@pytest.mark.parametrize("service", installed_names())
def test_each_way_to_change_something_has_words(apps: dict[str, Flask], service: str) -> None:
    with apps[service].test_request_context(headers={"Accept-Language": "fr"}):
        unsaid = [
            route.path
            for route in access_table(apps[service])
            if route.method != "GET" and action_words(f"{route.method} {route.path}") == "Autre action"
        ]
    assert not unsaid, "Say in audit_words._PLACES what these are about."
