"""How the JSON API refuses requests, as its OpenAPI document tells it: when, and with an example of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from marshmallow import Schema, fields

from services.chassis.web.problem_words import words_of
from services.chassis.web.problems import PROBLEM_JSON
from services.chassis.web.whole_answers import SOMETIMES

UNFORESEEN = "UNFORESEEN"
"""The name of the response that stands for each failure that is not the caller's."""


class FieldErrorSchema(Schema):
    """One thing to mend in a request."""

    field = fields.String(required=True, metadata={"description": "Dotted name of the field."})
    detail = fields.String(required=True)
    pointer = fields.String(metadata={**SOMETIMES, "description": "JSON Pointer (RFC 6901) into the body."})


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "In the language of the caller."})
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata=SOMETIMES)
    reference = fields.String(
        metadata={**SOMETIMES, "description": "The number to quote when asking for help."}
    )


@dataclass(frozen=True)
class _Refusal:
    """When it comes, what it tells beyond its status, and the headers that it has each time."""

    when: str
    example: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def _at(field_name: str, detail: str, pointer: str) -> dict[str, Any]:
    return {"detail": detail, "errors": [{"field": field_name, "detail": detail, "pointer": pointer}]}


_REFUSALS = {
    HTTPStatus.BAD_REQUEST: _Refusal(
        "The request cannot be read.",
        _at("", "The body of the request is not valid JSON.", "#"),
    ),
    HTTPStatus.UNAUTHORIZED: _Refusal(
        "Nobody is signed in, or the token holds no longer.",
        headers={"WWW-Authenticate": "How to sign in."},
    ),
    HTTPStatus.FORBIDDEN: _Refusal(
        "Not in this person's roles, or a browser sent it from another site.", {"reference": "3F9A-07C2"}
    ),
    HTTPStatus.NOT_FOUND: _Refusal(
        "It does not exist, or it is not this person's to see.",
        {"detail": "There is no such application."},
    ),
    HTTPStatus.CONFLICT: _Refusal(
        "What has happened until now does not allow it.",
        {"detail": "This application has been decided on already."},
    ),
    HTTPStatus.GONE: _Refusal(
        "What it is about has expired.",
        {"detail": "This copy has expired. You can ask for a new one."},
    ),
    HTTPStatus.PRECONDITION_FAILED: _Refusal(
        "It is no longer as it was when it got this tag: read it again."
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _Refusal("The request is too large."),
    HTTPStatus.UNPROCESSABLE_ENTITY: _Refusal(
        "Something in it is wrong; where one can say which field, `errors` does.",
        _at("contact.email", "Write an e-mail address, for example name@example.fr.", "#/contact/email"),
    ),
    HTTPStatus.PRECONDITION_REQUIRED: _Refusal(
        "It can be changed only from a version that was read: `If-Match`."
    ),
}
_OTHERWISE = _Refusal(
    "Something failed that is not the caller's fault. The same request may succeed later.",
    {"reference": "3F9A-07C2"},
)


def refusal_responses() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each response that an operation can refer to, with its name."""
    for status, refusal in _REFUSALS.items():
        yield status.name, _response(refusal, status)
    yield HTTPStatus.NOT_MODIFIED.name, {"description": "It is as it was when it got this tag."}
    yield UNFORESEEN, _response(_OTHERWISE, HTTPStatus.SERVICE_UNAVAILABLE)


def refusals_of(
    method: str, path: str, operation: Mapping[str, Any], *, is_public: bool, is_list: bool
) -> Iterator[HTTPStatus]:
    """The statuses with which an operation may refuse by its nature; a view's document names all others.

    ``operation`` is as the OpenAPI document has it, ``path`` too.
    """
    changes = method.upper() not in ("GET", "HEAD")
    if "requestBody" in operation:
        yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not is_public:
        yield HTTPStatus.UNAUTHORIZED
    if not is_public or changes:
        yield HTTPStatus.FORBIDDEN
    if "{" in path or changes:
        yield HTTPStatus.NOT_FOUND
    if changes:
        yield HTTPStatus.CONFLICT
    if changes or is_list:
        yield HTTPStatus.UNPROCESSABLE_ENTITY


def _response(refusal: _Refusal, status: HTTPStatus) -> dict[str, Any]:
    title, detail = words_of(status)
    told = {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
        **refusal.example,
        "instance": "urn:uuid:01928f6e-7a3c-7c1e-9d50-3b1f0c2a6e11",
    }
    headers = {
        name: {"description": text, "required": True, "schema": {"type": "string"}}
        for name, text in refusal.headers.items()
    }
    response: dict[str, Any] = {
        "description": refusal.when,
        "content": {PROBLEM_JSON: {"schema": ProblemSchema, "example": told}},
    }
    return {**response, "headers": headers} if headers else response
