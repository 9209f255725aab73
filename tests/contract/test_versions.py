"""A new version of a contract: who reads the new one reads the old ones too, or says that it cannot."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from marshmallow import fields

from services.chassis.contracts import Contracts, ContractViolation, EventSchema
from services.chassis.errors import UnreadableEvent
from services.chassis.events import Event
from services.chassis.reactions import Reactions, TolerantSchema
from services.chassis.unit_of_work import UnitOfWork
from tests.contract.test_envelope import event

THING_MADE = "probe.thing.made"
NOTHING = cast(UnitOfWork, None)


class ThingHeard(TolerantSchema):
    title = fields.String(required=True)
    colours = fields.List(fields.String(), required=True)


class Reader:
    """A consumer of version 3, which remembers what it read."""

    def __init__(self) -> None:
        self.read: list[Mapping[str, Any]] = []
        self.reactions = Reactions("reader")
        self.reactions.on(THING_MADE, version=3, reads=ThingHeard)(self.note)

    def note(self, event: Event, _unit_of_work: UnitOfWork) -> None:
        self.read.append(event.data)

    def hears(self, version: int, **data: Any) -> None:
        self.reactions.apply(event(version=version, data=data), NOTHING)


@pytest.fixture
def reader() -> Reader:
    reader = Reader()
    reader.reactions.upcast(THING_MADE, from_version=1)(name_to_title)
    reader.reactions.upcast(THING_MADE, from_version=2)(colour_to_colours)
    return reader


def name_to_title(data: dict[str, Any]) -> dict[str, Any]:
    return {"title": data["name"], "colour": data.get("colour", "white")}


def colour_to_colours(data: dict[str, Any]) -> dict[str, Any]:
    return {"title": data["title"], "colours": [data["colour"]]}


def test_old_versions_are_brought_up_step_by_step(reader: Reader) -> None:
    reader.hears(1, name="lamp")
    reader.hears(2, title="lamp", colour="white")
    reader.hears(3, title="lamp", colours=["white"])
    assert reader.read == [{"title": "lamp", "colours": ["white"]}] * 3


def test_what_comes_from_the_future_is_unreadable_and_not_guessed_at(reader: Reader) -> None:
    with pytest.raises(UnreadableEvent, match="reads up to version 3"):
        reader.hears(4, title="lamp", colours=[])


def test_a_step_that_is_missing_is_said() -> None:
    with pytest.raises(UnreadableEvent, match=r"Nothing turns probe\.thing\.made version 1 into 2"):
        Reader().hears(1, name="lamp")


def test_what_a_step_makes_is_checked_like_anything_else(reader: Reader) -> None:
    reader.reactions.upcast(THING_MADE, from_version=2)(lambda data: {"title": data["title"]})
    with pytest.raises(UnreadableEvent, match="colours"):
        reader.hears(1, name="lamp")


def test_the_event_as_it_was_delivered_stays_untouched(reader: Reader) -> None:
    old = event(version=2, data={"title": "lamp", "colour": "white"})
    reader.reactions.apply(old, NOTHING)
    assert old.data == {"title": "lamp", "colour": "white"}


def test_a_producer_writes_its_newest_version() -> None:
    contracts = Contracts("probe")
    contracts.define(THING_MADE, EventSchema.from_dict({"name": fields.String()}))  # type: ignore[arg-type]
    contracts.define(
        THING_MADE,
        EventSchema.from_dict({"title": fields.String()}),  # type: ignore[arg-type]
        version=2,
    )
    assert contracts.current(THING_MADE).version == 2
    with pytest.raises(ContractViolation):
        contracts.current(THING_MADE).dump({"name": "lamp"})
