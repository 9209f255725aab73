"""The kinds of settings in ``cesar.toml``, and the words for what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from email.utils import parseaddr
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from deploy.stack import Replicas

MEGABYTE = 2**20
MOST_REPLICAS = 50

WORDS: dict[str, Any] = {"required": "is not set", "null": "is empty"}
_UNKNOWN = "is not a setting"
_SAID_OF_TABLES = {"unknown": _UNKNOWN, "type": "has to be a table of settings"}
_LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")


class Section(Schema):
    """A table of the file. ``builds`` is what it becomes."""

    builds: ClassVar[type]
    error_messages = _SAID_OF_TABLES

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **options: Any) -> None:
        """Say which setting is meant where the name is nearly right."""
        known = [field.data_key or name for name, field in self.fields.items()]
        for name, messages in error.normalized_messages().items():
            if messages == [_UNKNOWN] and (near := get_close_matches(name, known, n=1)):
                messages[:] = [f"{_UNKNOWN}; perhaps {near[0]} is meant"]

    @post_load
    def build(self, values: dict[str, Any], **options: Any) -> Any:
        return self.builds(**values)


class Number(fields.Integer):
    """A whole number within bounds, kept in a smaller unit: ``unit`` of them."""

    def __init__(self, least: int, most: int, *, unit: int = 1, **options: Any) -> None:
        super().__init__(error_messages=WORDS, **options)
        self.least, self.most, self.unit = least, most, unit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(f"is {_shown(value)} but has to be a whole number")
        if not self.least <= value <= self.most:
            raise ValidationError(f"is {value} but has to be from {self.least} to {self.most}")
        return value * self.unit


class Megabytes(Number):
    """A size that is written in megabytes and kept in bytes."""

    def __init__(self, least: int, most: int = 2**20, **options: Any) -> None:
        super().__init__(least, most, unit=MEGABYTE, **options)


class Truth(fields.Boolean):
    """Yes or no."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            truthy={True},
            falsy={False},
            error_messages=WORDS | {"invalid": "has to be true or false"},
            **options,
        )


class Text(fields.String):
    """Text of one line. ``pattern`` has to fit all of it; ``rule`` says so in words."""

    def __init__(self, pattern: str = r".+", rule: str = "has to be some text", **options: Any) -> None:
        super().__init__(error_messages=WORDS, **options)
        self.pattern, self.rule = re.compile(pattern), rule

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(f"is {_shown(value)} but has to be text in quotes")
        if not value.isprintable() or not self.pattern.fullmatch(value):
            raise ValidationError(f"is {_shown(value)} but {self.rule}")
        return value


class Choice(Text):
    """One of a few words."""

    def __init__(self, *choices: str, **options: Any) -> None:
        super().__init__("|".join(choices), f"has to be one of {', '.join(choices)}", **options)


class HostName(Text):
    """The name of a machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_HOST.pattern, "has to be a machine's host name", **options)


class PublicUrl(Text):
    """Where people find it; kept without the last slash."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        parts = _parts_of(text)
        if parts is None or parts.scheme != "https" or not _HOST.fullmatch(parts.hostname or ""):
            raise ValidationError(f"is “{text}” but has to be like https://cesar.example.org")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
            raise ValidationError(
                f"is “{text}” but Cesar needs an address of its own, with nothing after the host"
            )
        return f"https://{parts.netloc}"


class MailUrl(Text):
    """A mail server and an account there, without its password."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        parts = _parts_of(text)
        if (
            parts is None
            or parts.scheme not in ("smtp", "smtps")
            or not _HOST.fullmatch(parts.hostname or "")
        ):
            raise ValidationError(
                "has to be like smtp://user@mail.example.org:587 or smtps://mail.example.org"
            )
        if parts.password is not None:
            raise ValidationError("contains a password, which is a secret: cesar deploy secret mail-password")
        return text


class Sender(Text):
    """Whom mail comes from: an address, with a name if one likes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]):
            raise ValidationError(f"is “{text}” but has to be like Cesar <cesar@example.org>")
        return text


class _Bounds(Section):
    builds = Replicas
    least = Number(1, MOST_REPLICAS, required=True)
    most = Number(1, MOST_REPLICAS, required=True)

    @validates_schema
    def grow(self, values: dict[str, Any], **options: Any) -> None:
        if values["least"] > values["most"]:
            raise ValidationError(f"is {values['least']} but {values['most']} is the most", "least")


class Containers(fields.Field[Replicas]):
    """A number of containers, or the bounds between which it may move."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Replicas:
        if isinstance(value, dict):
            return _Bounds().load(value)  # type: ignore[no-any-return]
        number = Number(1, MOST_REPLICAS).deserialize(value)
        return Replicas(least=number, most=number)


class Nodes(Number):
    """How many brokers keep each queue: an even number would not survive more than the odd one below it."""

    def __init__(self, **options: Any) -> None:
        problem = "is {input} but has to be 1, or 3 to survive the loss of one"
        super().__init__(0, MOST_REPLICAS, validate=validate.OneOf([1, 3], error=problem), **options)


def sentences(messages: Mapping[Any, Any], place: str = "") -> Iterator[str]:
    """Each message as a sentence that begins with the full name of its setting."""
    for key, inner in messages.items():
        here = place if key == "_schema" else f"{place}.{key}".lstrip(".")
        if isinstance(inner, Mapping):
            yield from sentences(inner, here)
        else:
            yield from (f"{here} {message}." for message in inner)


def _parts_of(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 # raises when it is no port
    except ValueError:
        return None
    return parts


def _shown(value: Any) -> str:
    """A value as it stands in the file."""
    if isinstance(value, str):
        return f"“{value}”"
    return str(value).lower() if isinstance(value, bool) else str(value)
