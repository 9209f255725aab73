"""Each service describes its events as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0)."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from services.chassis.asyncapi import asyncapi_document
from services.chassis.contracts import Contracts, EventSchema
from services.chassis.messages import service_metadata
from services.chassis.messaging.topology import EVENTS
from services.chassis.reactions import Reactions
from services.chassis.service import Service
from services.console.installed import installed_names, load_service, load_web
from tests.contract.golden_samples import sample_of
from tests.support.story import empty_runtime

ALLOWED = {
    "document": {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    },
    "channel": {
        "address",
        "messages",
        "title",
        "summary",
        "description",
        "servers",
        "parameters",
        "tags",
        "bindings",
    },
    "operation": {
        "action",
        "channel",
        "title",
        "summary",
        "description",
        "tags",
        "bindings",
        "messages",
        "reply",
    },
    "message": {
        "headers",
        "payload",
        "correlationId",
        "contentType",
        "name",
        "title",
        "summary",
        "description",
    },
}
each_service = pytest.mark.parametrize("name", installed_names())


@cache
def document(name: str) -> dict[str, Any]:
    return asyncapi_document(load_service(name), name, "1")


def parts(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything of which the specification says which fields it may have."""
    yield "document", found
    for kind, many in (("channel", found["channels"]), ("operation", found["operations"])):
        for one in many.values():
            yield kind, one
    for message in found["components"]["messages"].values():
        yield "message", message


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def resolve(found: Any, reference: str) -> Any:
    assert reference.startswith("#/")
    for step in reference[2:].split("/"):
        found = found[step]
    return found


@each_service
def test_it_has_the_fields_of_the_specification_and_no_others(name: str) -> None:
    found = document(name)
    assert found["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= found["info"].keys()
    for kind, part in parts(found):
        assert part.keys() <= ALLOWED[kind], kind


@each_service
def test_every_reference_leads_somewhere(name: str) -> None:
    found = document(name)
    leads = [resolve(found, reference) for reference in references(found)]
    assert leads


@each_service
def test_keys_of_components_have_the_form_that_the_specification_asks_for(name: str) -> None:
    for components in document(name)["components"].values():
        assert all(re.fullmatch(r"[\w.\-]+", key) for key in components)


@each_service
def test_it_tells_all_that_the_service_publishes_and_reacts_to_and_nothing_else(name: str) -> None:
    service, operations = load_service(name), document(name)["operations"]
    told: dict[str, set[str]] = {"send": set(), "receive": set()}
    for operation in operations.values():
        told[operation["action"]].add(resolve(document(name), operation["channel"]["$ref"])["address"])
    assert told["send"] == {contract.type for contract in service.contracts}
    assert told["receive"] == set(service.reactions.event_types)


@each_service
def test_an_operation_names_messages_of_its_own_channel(name: str) -> None:
    for operation in document(name)["operations"].values():
        channel = operation["channel"]["$ref"]
        assert operation["messages"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


@each_service
def test_channels_name_the_exchange_that_is_really_used(name: str) -> None:
    for channel in document(name)["channels"].values():
        exchange = channel["bindings"]["amqp"]["exchange"]
        assert (exchange["name"], exchange["type"], exchange["durable"]) == (EVENTS.name, EVENTS.type, True)


@each_service
def test_the_described_data_are_those_of_the_golden_samples(name: str) -> None:
    found = document(name)
    for contract in load_service(name).contracts:
        message = found["components"]["messages"][f"{contract.type}.v{contract.version}"]
        envelope, this = message["payload"]["allOf"]
        sample = sample_of(contract.type, contract.version)
        assert set(resolve(found, envelope["$ref"])["required"]) <= sample.keys()
        check(found, this["properties"]["data"], sample["data"])


def check(found: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """As much of JSON Schema as contracts use."""
    if "$ref" in schema:
        schema = resolve(found, schema["$ref"])
    if "anyOf" in schema:
        return check(found, schema["anyOf"][value is None], value)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    known: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": (int, float),
        "null": type(None),
    }
    assert any(isinstance(value, known[each]) for each in types), (schema, value)
    if isinstance(value, dict):
        assert value.keys() <= schema["properties"].keys()
        assert set(schema.get("required", ())) <= value.keys()
        for key, inner in value.items():
            check(found, schema["properties"][key], inner)
    if isinstance(value, list):
        for inner in value:
            check(found, schema["items"], inner)


def test_two_schemas_of_one_name_stay_apart() -> None:
    contracts = Contracts("probe")
    contracts.define("probe.a.made", type("Made", (EventSchema,), {"a": fields.String()}))
    contracts.define("probe.b.made", type("Made", (EventSchema,), {"b": fields.String()}))
    service = Service("probe", "Probe", service_metadata(), contracts, Reactions("probe"))
    schemas = asyncapi_document(service, "Probe", "1")["components"]["schemas"]
    assert {"a"} == schemas["Made"]["properties"].keys()
    assert {"b"} == schemas["Made2"]["properties"].keys()


@each_service
def test_it_is_served_to_anyone(name: str, tmp_path: Path) -> None:
    runtime = empty_runtime(name, tmp_path)
    prefix = "" if name == "enrolment" else f"/{name}"
    answer = load_web(runtime.service)(runtime).test_client().get(f"{prefix}/api/asyncapi.json")
    assert answer.status_code == 200
    assert answer.json is not None and answer.json["channels"].keys() == document(name)["channels"].keys()
    runtime.database.close()
