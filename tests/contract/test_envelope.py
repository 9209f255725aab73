"""The envelope is CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md)."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from services.chassis.clock import utc_now
from services.chassis.events import CONTENT_TYPE, Event, new_id
from tests.contract.golden_samples import FOLDER

each_envelope = pytest.mark.parametrize(
    "envelope",
    [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))],
    ids=lambda envelope: envelope["type"],
)


def event(**attributes: Any) -> Event:
    return Event(
        **{
            "id": new_id(),
            "source": "probe",
            "type": "probe.thing.made",
            "version": 1,
            "subject": new_id(),
            "sequence": 1,
            "time": utc_now(),
            "data": {"name": "lamp"},
            "correlation_id": new_id(),
            **attributes,
        }
    )


@each_envelope
def test_the_required_attributes_are_there_and_not_empty(envelope: dict[str, Any]) -> None:
    assert envelope["specversion"] == "1.0"
    assert all(envelope[name] for name in ("id", "source", "type"))


@each_envelope
def test_names_of_attributes_are_short_and_of_lower_case_letters_and_digits(envelope: dict[str, Any]) -> None:
    for name in envelope.keys() - {"data"}:
        assert re.fullmatch("[a-z0-9]{1,20}", name), name


@each_envelope
def test_attributes_are_text_that_json_can_carry(envelope: dict[str, Any]) -> None:
    assert all(isinstance(value, str) for name, value in envelope.items() if name != "data")
    assert isinstance(envelope["data"], dict)


@each_envelope
def test_time_source_and_schema_have_the_forms_that_the_standard_asks_for(envelope: dict[str, Any]) -> None:
    assert datetime.fromisoformat(envelope["time"]).tzinfo is not None and "T" in envelope["time"]
    assert urlsplit(envelope["source"]).path
    assert urlsplit(envelope["dataschema"]).scheme, "an absolute URI"
    assert envelope["datacontenttype"] == "application/json"


@each_envelope
def test_the_extension_sequence_is_a_number_as_text(envelope: dict[str, Any]) -> None:
    assert int(envelope["sequence"]) >= 1


def test_the_structured_form_has_its_own_content_type() -> None:
    assert CONTENT_TYPE.startswith("application/cloudevents+json")


def test_optional_attributes_are_left_out_rather_than_null() -> None:
    plain = json.loads(event().to_bytes())
    full = json.loads(event(causation_id=UUID(int=1), traceparent="00-1-2-01").to_bytes())
    assert full.keys() - plain.keys() == {"causationid", "traceparent"}
    assert None not in plain.values()


def test_an_event_comes_back_as_it_went() -> None:
    one = event(causation_id=UUID(int=1), traceparent="00-1-2-01")
    assert Event.from_bytes(one.to_bytes()) == one


def test_attributes_that_a_reader_does_not_know_are_ignored() -> None:
    one = event()
    assert Event.from_bytes(json.dumps(json.loads(one.to_bytes()) | {"partitionkey": "7"}).encode()) == one


def test_a_schema_name_of_an_older_release_is_understood() -> None:
    old = json.loads(event().to_bytes()) | {"dataschema": "/schemas/probe.thing.made/3"}
    assert Event.from_bytes(json.dumps(old).encode()).version == 3
