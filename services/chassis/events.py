"""The event envelope: CloudEvents 1.0 in its structured JSON form.

The bytes of an event are made once, when it is recorded, and never change afterwards: what the outbox
stores is what the broker carries and what a replay delivers again.

Source: CloudEvents specification 1.0.2, JSON format, and its extensions "sequence" and "distributed
tracing" (https://cloudevents.io).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import uuid_utils

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
# CloudEvents asks for an absolute URI. It is a name: nothing is read from there.
_SCHEMA = "cesar:schemas/"
_REQUIRED = ("id", "source", "type", "subject", "sequence", "time", "dataschema", "data", "correlationid")


class MalformedEvent(ValueError):
    """The bytes are not a CloudEvent as this system writes them."""


def new_id() -> UUID:
    """A time-ordered identifier (RFC 9562, version 7), so that indexes grow at their end only."""
    return UUID(int=uuid_utils.uuid7().int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an aggregate of one service, told to all others.

    ``source`` names the producing service, ``type`` what happened and ``version`` the version of the
    contract of ``data``. ``subject`` is the aggregate's id, ``sequence`` the aggregate's version after
    the event: of two events with one subject, the greater sequence carries the newer state.
    ``correlation_id`` is shared by everything that one first cause set off, ``causation_id`` is the
    event that this one answers to.
    """

    id: UUID
    source: str
    type: str
    version: int
    subject: UUID
    sequence: int
    time: datetime
    data: Mapping[str, Any] = field(hash=False)
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None

    def to_bytes(self) -> bytes:
        """The structured JSON form. ``data`` has to be JSON already (a contract's ``dump``)."""
        envelope: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": f"/{self.source}",
            "type": self.type,
            "subject": str(self.subject),
            "sequence": str(self.sequence),
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "dataschema": f"{_SCHEMA}{self.type}/{self.version}",
            "correlationid": str(self.correlation_id),
            "data": self.data,
        }
        if self.causation_id is not None:
            envelope["causationid"] = str(self.causation_id)
        if self.traceparent is not None:
            envelope["traceparent"] = self.traceparent
        return orjson.dumps(envelope)

    @classmethod
    def from_bytes(cls, body: bytes) -> Event:
        """Read an event. Unknown attributes are ignored, as CloudEvents asks of every reader.

        Raises MalformedEvent with a sentence that says what is wrong.
        """
        try:
            envelope = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise MalformedEvent(f"The message is not JSON: {error}.") from error
        if not isinstance(envelope, dict):
            raise MalformedEvent("The message is not a JSON object.")
        if not isinstance(envelope.get("data", {}), dict):
            raise MalformedEvent("The event's data are not a JSON object.")
        try:
            return cls(
                id=UUID(envelope["id"]),
                source=envelope["source"].removeprefix("/"),
                type=envelope["type"],
                version=int(envelope["dataschema"].rpartition("/")[2]),
                subject=UUID(envelope["subject"]),
                sequence=int(envelope["sequence"]),
                time=_aware(envelope["time"]),
                data=envelope["data"],
                correlation_id=UUID(envelope["correlationid"]),
                causation_id=UUID(envelope["causationid"]) if envelope.get("causationid") else None,
                traceparent=envelope.get("traceparent"),
            )
        except KeyError as error:
            missing = (name for name in _REQUIRED if name not in envelope)
            raise MalformedEvent(f"The message lacks {', '.join(missing)}.") from error
        except (ValueError, AttributeError, TypeError) as error:
            raise MalformedEvent(f"An attribute of the event cannot be read: {error}.") from error

    def with_data(self, data: Mapping[str, Any]) -> Event:
        """The same event with its data as a reader of it has loaded them."""
        return Event(
            id=self.id,
            source=self.source,
            type=self.type,
            version=self.version,
            subject=self.subject,
            sequence=self.sequence,
            time=self.time,
            data=data,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            traceparent=self.traceparent,
        )


def _aware(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"the time {text} has no offset from UTC")
    return instant
