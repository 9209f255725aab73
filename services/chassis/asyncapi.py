"""The AsyncAPI document of a service: the events that it publishes and those that it wants to hear of.

Generated from the contracts and reactions that are enforced, so that it cannot say anything else.

Source: AsyncAPI specification 3.0.0, and its AMQP bindings 0.3.0 (https://www.asyncapi.com).
"""

from __future__ import annotations

from typing import Any, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from services.chassis.contracts import Contract
from services.chassis.events import CONTENT_TYPE
from services.chassis.reactions import Reaction
from services.chassis.service import Service

_EXCHANGE = {"name": "cesar.events", "type": "topic", "durable": True, "autoDelete": False}
_ENVELOPE = "CloudEvent"
# JSON Schema in the dialect that both OpenAPI 3.1 and AsyncAPI 3.0 understand.
_SCHEMA_DIALECT = "3.1.0"

_CLOUD_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "The envelope: CloudEvents 1.0, structured JSON form.",
    "required": [
        *("specversion", "id", "source", "type", "subject", "sequence", "time"),
        *("datacontenttype", "dataschema", "correlationid", "data"),
    ],
    "properties": {
        "specversion": {"type": "string", "const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "The same however often it is delivered."},
        "source": {"type": "string", "format": "uri-reference", "description": "The service, as /name."},
        "type": {"type": "string"},
        "subject": {"type": "string", "format": "uuid", "description": "The aggregate."},
        "sequence": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "The aggregate's version: of two events with one subject, the greater is newer.",
        },
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "dataschema": {"type": "string", "format": "uri", "description": "Ends in type/version."},
        "correlationid": {"type": "string", "format": "uuid"},
        "causationid": {"type": "string", "format": "uuid"},
        "traceparent": {"type": "string", "description": "W3C trace context."},
        "data": {"type": "object"},
    },
}


def asyncapi_document(service: Service, title: str, version: str) -> dict[str, Any]:
    """The document as JSON values."""
    schemas = _Schemas()
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for contract in service.contracts:
        name = f"{contract.type}.v{contract.version}"
        messages[name] = _published(contract, schemas)
        _tell(channels, operations, "send", contract.type, name)
    for event_type in service.reactions.event_types:
        for number, reaction in enumerate(service.reactions.for_type(event_type), 1):
            name = f"{event_type}.v{reaction.version}.read-{number}"
            messages[name] = _heard(reaction, schemas)
            _tell(channels, operations, "receive", event_type, name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": version,
            "description": "Within a version only optional fields are added. Readers ignore what they do "
            "not know. Events may come late, twice and in any order.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {_ENVELOPE: _CLOUD_EVENT, **schemas.all()}},
    }


class _Schemas:
    """The JSON schemas of all marshmallow schemas that the document speaks of."""

    def __init__(self) -> None:
        self._names: dict[type[Schema], str] = {}
        plugin = MarshmallowPlugin(schema_name_resolver=self._name)
        self._spec = APISpec("", "", _SCHEMA_DIALECT, plugins=[plugin])
        self._converter = cast(Any, plugin.converter)
        self._converter.add_attribute_function(_decimal_text)

    def reference(self, schema: Schema) -> dict[str, Any]:
        reference: dict[str, Any] = self._converter.resolve_nested_schema(schema)
        return reference

    def all(self) -> dict[str, Any]:
        known: dict[str, Any] = self._spec.to_dict().get("components", {}).get("schemas", {})
        return known

    def _name(self, schema: Any) -> str:
        """The class's name; with a number when schemas of two modules have the same one."""
        kind = schema if isinstance(schema, type) else type(schema)
        if kind not in self._names:
            same = sum(known.__name__ == kind.__name__ for known in self._names)
            self._names[kind] = kind.__name__ + (str(same + 1) if same else "")
        return self._names[kind]


def _decimal_text(_converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Amounts travel as text, so that no reader rounds them."""
    if isinstance(field, fields.Decimal) and field.as_string:
        return {"type": ["string", "null"] if field.allow_none else "string", "format": "decimal"}
    return {}


def _published(contract: Contract, schemas: _Schemas) -> dict[str, Any]:
    return _message(contract.type, contract.version, contract.schema, schemas)


def _heard(reaction: Reaction, schemas: _Schemas) -> dict[str, Any]:
    message = _message(reaction.event_type, reaction.version, reaction.reads, schemas)
    message["summary"] = "What this service reads of it; it ignores the rest."
    return message


def _message(event_type: str, version: int, schema: Schema, schemas: _Schemas) -> dict[str, Any]:
    data = schemas.reference(schema)
    return {
        "name": event_type,
        "title": f"{event_type} v{version}",
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": f"#/components/schemas/{_ENVELOPE}"},
                {"type": "object", "properties": {"type": {"const": event_type}, "data": data}},
            ]
        },
    }


def _tell(
    channels: dict[str, Any], operations: dict[str, Any], action: str, event_type: str, message: str
) -> None:
    """Add a message to the channel and to the operation of its type, which are made when missing."""
    channel = channels.setdefault(event_type, _channel(event_type))
    channel["messages"][message] = {"$ref": f"#/components/messages/{message}"}
    operation = operations.setdefault(
        f"{action}.{event_type}",
        {"action": action, "channel": {"$ref": f"#/channels/{event_type}"}, "messages": []},
    )
    operation["messages"].append({"$ref": f"#/channels/{event_type}/messages/{message}"})


def _channel(event_type: str) -> dict[str, Any]:
    return {
        "address": event_type,
        "messages": {},
        "bindings": {"amqp": {"is": "routingKey", "exchange": _EXCHANGE, "bindingVersion": "0.3.0"}},
    }
