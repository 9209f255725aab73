"""The contracts that a service publishes: one marshmallow schema per event type and version.

A producer is strict: data that the schema does not know is refused before anything is stored. Within a
version a contract only ever grows by optional fields; anything else is a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from marshmallow import RAISE, Schema, ValidationError

_SchemaClass = TypeVar("_SchemaClass", bound="type[EventSchema]")


class ContractViolation(ValueError):
    """A producer tried to publish what its own contract does not allow. Always a defect of the producer."""


class EventSchema(Schema):
    """Base of every published contract: unknown fields are refused."""

    class Meta:
        unknown = RAISE


@dataclass(frozen=True)
class Contract:
    """One version of the data of one event type."""

    type: str
    version: int
    schema: EventSchema

    def dump(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """``data`` (Python values) as JSON values, checked. Raises ContractViolation."""
        if unknown := data.keys() - self.schema.fields.keys():
            raise ContractViolation(f"{self.type} v{self.version} has no field {', '.join(sorted(unknown))}.")
        wire = self.schema.dump(data)
        try:
            self.schema.load(wire)
        except ValidationError as error:
            raise ContractViolation(f"{self.type} v{self.version}: {error.messages}") from error
        return dict(wire)


class Contracts:
    """All contracts of one service, by event type and version."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._versions: dict[str, dict[int, Contract]] = {}

    def event(self, event_type: str, *, version: int = 1) -> Callable[[_SchemaClass], _SchemaClass]:
        """Class decorator: the schema is the contract of ``event_type`` in ``version``.

        One schema may serve several types of one aggregate, since each carries the same snapshot.
        """

        def register(schema: _SchemaClass) -> _SchemaClass:
            self.define(event_type, schema, version=version)
            return schema

        return register

    def define(self, event_type: str, schema: type[EventSchema], *, version: int = 1) -> None:
        """Add a contract. Raises ValueError when the type is not this service's or the version exists."""
        if not event_type.startswith(f"{self.service}."):
            raise ValueError(f"{event_type} is not an event of {self.service}.")
        versions = self._versions.setdefault(event_type, {})
        if version in versions:
            raise ValueError(f"{event_type} v{version} is defined twice.")
        versions[version] = Contract(event_type, version, schema())

    def current(self, event_type: str) -> Contract:
        """The newest version, which producers write. Raises ContractViolation for an unknown type."""
        versions = self._versions.get(event_type)
        if not versions:
            raise ContractViolation(f"{self.service} publishes no event {event_type}.")
        return versions[max(versions)]

    def __iter__(self) -> Iterator[Contract]:
        for event_type in sorted(self._versions):
            yield from self._versions[event_type].values()
