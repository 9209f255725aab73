"""What was published once can be read for ever: by its own contract and by everybody who reacts to it."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields

from services.chassis.contracts import Contract, EventSchema
from services.chassis.events import Event
from services.chassis.reactions import Reaction
from services.console.installed import installed_names, load_service
from tests.contract.golden_samples import FOLDER, complaint, file_of, published_contracts, sample_of

CONTRACTS = list(published_contracts())
PUBLISHED = {contract.type for contract in CONTRACTS}
REACTIONS = [
    (name, reaction)
    for name in installed_names()
    for event_type in load_service(name).reactions.event_types
    if event_type in PUBLISHED
    for reaction in load_service(name).reactions.for_type(event_type)
]

each_contract = pytest.mark.parametrize(
    "contract", CONTRACTS, ids=lambda each: f"{each.type}.v{each.version}"
)
each_reaction = pytest.mark.parametrize(
    ("service", "reaction"), REACTIONS, ids=[f"{name} hears {each.event_type}" for name, each in REACTIONS]
)


@each_contract
def test_each_contract_has_a_sample_and_still_accepts_it(contract: Contract) -> None:
    sample = sample_of(contract.type, contract.version)
    assert sample["dataschema"].endswith(f"{contract.type}/{contract.version}")
    assert complaint(contract, sample["data"]) is None


def test_a_contract_that_was_published_is_never_withdrawn() -> None:
    known = {file_of(contract.type, contract.version).name for contract in CONTRACTS}
    assert {path.name for path in FOLDER.glob("*.json")} == known


def test_every_field_that_can_be_null_is_something_in_some_sample() -> None:
    """A sample that holds null does not notice when the field's type changes.

    Only of what was there from the beginning: a field that came later is optional, and no sample changes.
    """
    never_said: dict[str, set[str]] = {}
    for contract in CONTRACTS:
        said = {name for name, value in sample_of(contract.type)["data"].items() if value not in (None, [])}
        schema = type(contract.schema).__name__
        required = {name for name, field in contract.schema.fields.items() if field.required}
        never_said[schema] = never_said.get(schema, required) - said
    assert {schema: names for schema, names in never_said.items() if names} == {}


@each_contract
def test_a_field_that_is_taken_away_is_noticed(contract: Contract) -> None:
    sample = sample_of(contract.type)["data"]
    for name in sample:
        assert complaint(_changed(contract, {name: None}), sample), name


@each_contract
def test_a_field_of_another_type_is_noticed(contract: Contract) -> None:
    sample = sample_of(contract.type)["data"]
    for name in sample:
        if sample[name] not in (None, []):
            other: fields.Field[Any] = fields.Boolean(truthy={"never"}, falsy={"ever"})
            assert complaint(_changed(contract, {name: other}), sample), name


@each_contract
def test_a_new_field_may_be_optional_but_not_required(contract: Contract) -> None:
    sample = sample_of(contract.type)["data"]
    assert complaint(_changed(contract, {"colour": fields.String(required=True)}), sample)
    assert complaint(_changed(contract, {"colour": fields.String()}), sample) is None


def test_a_decimal_that_becomes_a_number_is_noticed() -> None:
    [contract] = [each for each in CONTRACTS if each.type == "enrolment.programme.created"]
    sample = sample_of(contract.type)["data"]
    assert complaint(_changed(contract, {"budget_total": fields.Float()}), sample)


@each_reaction
def test_each_reader_understands_what_the_producer_writes(service: str, reaction: Reaction) -> None:
    sample = sample_of(reaction.event_type)["data"]
    loaded = reaction.reads.load(sample)
    assert loaded and loaded.keys() <= reaction.reads.fields.keys()


@each_reaction
def test_each_reader_ignores_what_it_does_not_know(service: str, reaction: Reaction) -> None:
    sample = sample_of(reaction.event_type)["data"]
    assert reaction.reads.load(_with_something_new(sample)) == reaction.reads.load(sample)


@each_contract
def test_a_producer_refuses_what_it_has_not_promised(contract: Contract) -> None:
    with pytest.raises(ValidationError):
        contract.schema.load({**sample_of(contract.type)["data"], "colour": "green"})


@each_contract
def test_each_sample_is_an_event_whose_type_names_its_service(contract: Contract) -> None:
    event = Event.from_bytes(file_of(contract.type, contract.version).read_bytes())
    assert (event.type, event.version) == (contract.type, contract.version)
    assert event.type.startswith(f"{event.source}.")


def _changed(contract: Contract, changes: dict[str, fields.Field[Any] | None]) -> Contract:
    """The contract with some of its fields taken away (None), retyped or added."""
    kind = type(contract.schema)
    schema: type[Schema] = type(kind.__name__, (kind, EventSchema), changes)
    if removed := [name for name, field in changes.items() if field is None]:
        schema = EventSchema.from_dict(
            {name: field for name, field in contract.schema.declared_fields.items() if name not in removed}
        )
    return Contract(contract.type, contract.version, schema())  # type: ignore[arg-type]


def _with_something_new(value: Any) -> Any:
    if isinstance(value, dict):
        return {**{key: _with_something_new(inner) for key, inner in value.items()}, "invented": "tomorrow"}
    if isinstance(value, list):
        return [_with_something_new(inner) for inner in value]
    return value
