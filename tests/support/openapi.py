"""Whatever a JSON API answers is held against the OpenAPI document that its service serves.

Source: OpenAPI 3.1, whose schemas are JSON Schema 2020-12 (https://spec.openapis.org/oas/v3.1.0). The check
is stricter than these: an answer has no field that is not named, and no refusal is among "all others".
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, json
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from jsonschema_rs import Draft202012Validator, Registry
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

Json = dict[str, Any]

PROBLEM = "application/problem+json"
ANSWERED: set[tuple[str, str]] = set()
"""The operations that have succeeded in this process: method and path, as the documents write it."""

_TOLD_HEADERS = ("ETag", "Idempotency-Replayed", "Location")
_HERE = "urn:cesar:openapi"
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


class CheckedClient(FlaskClient):
    """A test client that raises AssertionError for an answer that is not as documented."""

    def open(self, *args: Any, **named: Any) -> TestResponse:
        answer = super().open(*args, **named)
        wrong = list(deviations(self.application, answer))
        if wrong:
            asked = f"{answer.request.method} {answer.request.path} answered {answer.status}:"
            raise AssertionError("\n".join([asked, *wrong, _body(answer).decode(errors="replace")[:2000]]))
        return answer


def document_of(app: Flask) -> Json:
    """The OpenAPI document that the application serves."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    document: Json = json.loads(app.json.dumps(api.document()))
    return document


def deviations(app: Flask, answer: TestResponse) -> Iterator[str]:
    """What of an answer is not as the application's document has it; nothing for a page."""
    base = app.config.get("OPENAPI_URL_PREFIX")
    if base is None or not answer.request.path.startswith(f"{base}/"):
        return
    document = _document(app)
    operation = _operation(app, answer)
    if operation in document.operations:
        if answer.status_code < 300:
            ANSWERED.add(operation)
        yield from document.deviations(operation, answer)
    elif answer.status_code >= 400:
        yield from document.deviations_of_problem(answer)


class Document:
    """A document whose schemas are compiled, each when it is first asked for."""

    def __init__(self, content: Json) -> None:
        self._components = content["components"]
        self.operations = {
            (method.upper(), path): operation
            for path, item in content["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
        }
        self._paths = content["paths"]
        self._registry = Registry([(_HERE, _closed(content))])
        self._validators: dict[str, Draft202012Validator] = {}

    def deviations(self, operation: tuple[str, str], answer: TestResponse) -> Iterator[str]:
        """Of the answer to a request for an operation, by method and path."""
        declared = self.operations[operation]["responses"]
        status = str(answer.status_code)
        if status not in declared and answer.status_code >= 500:
            status = "default"
        if status not in declared:
            yield f"this status is not declared, only {', '.join(declared)}"
            return
        pointer, response = self._response(operation, status)
        yield from self._deviations_of_headers(response, answer)
        if answer.request.method != "HEAD":
            yield from self._deviations_of_content(pointer, response, answer)

    def deviations_of_problem(self, answer: TestResponse) -> Iterator[str]:
        """Of a refusal that belongs to no operation."""
        if answer.mimetype != PROBLEM:
            yield f"{answer.mimetype} in place of problem details"
        elif answer.request.method != "HEAD":
            yield from self._deviations_of_json("#/components/schemas/Problem", answer)

    def validators(self, operation: tuple[str, str]) -> Iterator[Draft202012Validator]:
        """One for each kind of answer. Raises ValidationError or ReferencingError for a wrong schema."""
        for status in self.operations[operation]["responses"]:
            pointer, response = self._response(operation, status)
            for kind in response.get("content", {}):
                yield self._validator(_schema_of(pointer, kind))

    def parameters(self, operation: tuple[str, str]) -> set[tuple[str, str]]:
        """Those of an operation and of its path: where each stands, and its name."""
        shared = self._paths[operation[1]].get("parameters", [])
        told = [*shared, *self.operations[operation].get("parameters", [])]
        return {(each["in"], each["name"]) for each in map(self.resolved, told)}

    def resolved(self, part: Json) -> Json:
        """What is described, or its shared description that is referred to."""
        if "$ref" not in part:
            return part
        kind, name = part["$ref"].removeprefix("#/components/").split("/")
        shared: Json = self._components[kind][name]
        return shared

    def _response(self, operation: tuple[str, str], status: str) -> tuple[str, Json]:
        """Where the document describes an answer, and how."""
        method, path = operation
        response: Json = self.operations[operation]["responses"][status]
        here = f"#/paths/{_escaped(path)}/{method.lower()}/responses/{status}"
        return response.get("$ref", here), self.resolved(response)

    def _deviations_of_headers(self, response: Json, answer: TestResponse) -> Iterator[str]:
        declared: Json = response.get("headers", {})
        for name in _TOLD_HEADERS:
            if name in answer.headers and name not in declared:
                yield f"the header {name} is not declared"
        for name, header in declared.items():
            if self.resolved(header).get("required") and name not in answer.headers:
                yield f"the header {name} is declared and missing"

    def _deviations_of_content(self, pointer: str, response: Json, answer: TestResponse) -> Iterator[str]:
        content = response.get("content", {})
        if not content:
            if _body(answer):
                yield "no body is declared"
            return
        found = str(answer.mimetype)
        kind = found if found in content else "*/*"
        if kind not in content:
            yield f"{found} is not declared, only {', '.join(content)}"
        elif answer.is_json:
            yield from self._deviations_of_json(_schema_of(pointer, kind), answer)

    def _deviations_of_json(self, schema: str, answer: TestResponse) -> Iterator[str]:
        for error in self._validator(schema).iter_errors(json.loads(_body(answer))):
            yield f"/{'/'.join(str(part) for part in error.instance_path)}: {error.message}"

    def _validator(self, schema: str) -> Draft202012Validator:
        if schema not in self._validators:
            self._validators[schema] = Draft202012Validator(
                {"$ref": f"{_HERE}{schema}"}, registry=self._registry, validate_formats=True
            )
        return self._validators[schema]


_documents: dict[tuple[Blueprint, ...], Document] = {}


def _document(app: Flask) -> Document:
    """One for all applications of the same blueprints: most tests have a new application."""
    blueprints = tuple(each for each in app.blueprints.values() if isinstance(each, Blueprint))
    if blueprints not in _documents:
        _documents[blueprints] = Document(document_of(app))
    return _documents[blueprints]


def _operation(app: Flask, answer: TestResponse) -> tuple[str, str]:
    """Method and path of what was asked; an address that is no route's stays as it is."""
    method, path = answer.request.method, answer.request.path
    try:
        rule, _ = app.url_map.bind("").match(path, method, return_rule=True)
    except HTTPException:
        return method, path
    return "GET" if method == "HEAD" else method, _PLACE.sub(r"{\1}", rule.rule)


def _closed(part: Any) -> Any:
    """The same with every object of named fields having no others."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(each) for name, each in part.items()}
    if "type" in part and isinstance(part.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


def _body(answer: TestResponse) -> bytes:
    data = answer.get_data()
    return gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data


def _schema_of(response: str, kind: str) -> str:
    return f"{response}/content/{_escaped(kind)}/schema"


def _escaped(part: str) -> str:
    """A step of a JSON Pointer (RFC 6901) in a fragment."""
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
