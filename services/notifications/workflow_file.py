"""Reads workflows from their data file, and says of every mistake in it on which line it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, cast

import yaml
from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.notifications.domain.calendar import Delay
from services.notifications.domain.workflow import (
    Audience,
    CalendarFile,
    Condition,
    Importance,
    Kind,
    OncePer,
    Workflow,
    Workflows,
)

DATA_FILE = Path(__file__).parent / "data" / "workflows.yaml"
LOCALES = ("fr", "en")

_UNITS = {"minute": 1, "hour": 60}
_DELAY = re.compile(r"(\d+) (minute|hour|day)s?")
_KEY = validate.Regexp(r"^[a-z0-9-]+$", error="Use small letters, digits and hyphens only.")
_REQUIRED: dict[str, Any] = {"required": "This is missing.", "null": "This is empty."}


class BadWorkflowFile(ValueError):
    """The data file has mistakes; the text is one sentence per mistake, each with its line."""


class _Delay(fields.Field[Delay]):
    """A number and a unit: ``30 minutes``, ``1 hour``, ``7 days``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Delay:
        match = _DELAY.fullmatch(str(value))
        if match is None:
            raise ValidationError("Write a number and a unit, such as “7 days”, “2 hours” or “30 minutes”.")
        number, unit = int(match[1]), match[2]
        return Delay(days=number) if unit == "day" else Delay(minutes=number * _UNITS[unit])


class _Conditions(fields.Field[tuple[Condition, ...]]):
    """Fields with the value, or the list of values, that they have to have."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Condition, ...]:
        if not isinstance(value, dict):
            raise ValidationError("Write fields with the values that they have to have.")
        return tuple(
            Condition(str(name), tuple(allowed) if isinstance(allowed, list) else (allowed,))
            for name, allowed in value.items()
        )


class _Triggers(fields.Field[tuple[str, ...]]):
    """The type of an event, or a list of such types."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        types = value if isinstance(value, list) else [value]
        if not types or not all(isinstance(each, str) for each in types):
            raise ValidationError("Write the type of an event, or a list of such types.")
        return tuple(types)


class _Link(fields.String):
    """A path with ``{fields}`` of the event's data in it, or the name of one field that holds an address."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        link = super()._deserialize(value, attr, data, **kwargs)
        try:
            list(Formatter().parse(link))
        except ValueError as error:
            raise ValidationError(f"The braces do not match: {error}.") from error
        return link


class _Label(Schema):
    fr = fields.String(required=True, error_messages=_REQUIRED)
    en = fields.String(required=True, error_messages=_REQUIRED)


class _Audience(Schema):
    contact = fields.String()
    role = fields.String(
        validate=validate.OneOf(("manager", "adviser", "jury", "buyer", "supplier", "funder", "operator"))
    )
    organisation = fields.String()

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Audience:
        if ("contact" in values) == ("role" in values):
            raise ValidationError("Name either a contact or a role.")
        return Audience(**values)


class _Workflow(Schema):
    key = fields.String(required=True, validate=_KEY, error_messages=_REQUIRED)
    label = fields.Nested(_Label, required=True, error_messages=_REQUIRED)
    trigger = _Triggers(required=True, attribute="triggers", error_messages=_REQUIRED)
    to = fields.List(
        fields.Nested(_Audience),
        required=True,
        attribute="audiences",
        validate=validate.Length(min=1, error="Name at least one audience."),
        error_messages=_REQUIRED,
    )
    link = _Link(required=True, error_messages=_REQUIRED)
    expires_after = _Delay(required=True, error_messages=_REQUIRED)
    kind = fields.Enum(Kind, by_value=True)
    importance = fields.Enum(Importance, by_value=True)
    after = _Delay()
    before = _Delay()
    moment = fields.String()
    calendar = fields.Enum(CalendarFile, by_value=True)
    when = _Conditions()
    only_while = _Conditions()
    once_per = fields.Enum(OncePer, by_value=True)
    secret_link = fields.Boolean()

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Workflow:
        if ("before" in values) != ("moment" in values):
            raise ValidationError("Name the moment, and how long before it to write.", "moment")
        return Workflow(**values | {"audiences": tuple(values["audiences"])})


class _File(Schema):
    version = fields.String(required=True, error_messages=_REQUIRED)
    workflows = fields.List(fields.Nested(_Workflow), required=True, error_messages=_REQUIRED)


@cache
def workflows() -> Workflows:
    """The workflows of this release. Raises BadWorkflowFile."""
    return load_workflows(DATA_FILE.read_text("utf-8"), DATA_FILE.name)


def load_workflows(text: str, name: str) -> Workflows:
    """Workflows from the text of a YAML file called ``name``. Raises BadWorkflowFile."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadWorkflowFile(f"{name}, line {line}: this is not YAML: {error.problem}.") from error
    try:
        loaded = cast(dict[str, Any], _File().load(content if isinstance(content, dict) else {}))
    except ValidationError as error:
        mistakes = (
            f"{name}, line {_line_of(root, path)}: {' → '.join(_words(path))}: {message}"
            for path, message in _flat(error.messages)
        )
        raise BadWorkflowFile("\n".join(mistakes)) from error
    by_key: dict[str, Workflow] = {}
    for index, workflow in enumerate(loaded["workflows"]):
        if workflow.key in by_key:
            line = _line_of(root, ("workflows", index, "key"))
            raise BadWorkflowFile(f"{name}, line {line}: the key {workflow.key} is used twice.")
        by_key[workflow.key] = workflow
    return Workflows(loaded["version"], by_key)


def _flat(messages: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else (*path, key))
    else:
        for message in messages:
            yield path, str(message)


def _line_of(node: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """The line (from 1) of the deepest node on the path that exists."""
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == step]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        else:
            break
    return line


def _words(path: tuple[str | int, ...]) -> Iterator[str]:
    for step in path:
        yield f"number {step + 1}" if isinstance(step, int) else str(step)
