"""The service's JSON API and its OpenAPI document, served at ``<prefix>/api/openapi.json``."""

from __future__ import annotations

from typing import Any

from apispec import BasePlugin
from flask import Flask
from flask_smorest import Api
from marshmallow import Schema, fields

from services.chassis.web.access import access_table, public
from services.chassis.web.idempotency import IDEMPOTENCY_PARAMETER
from services.chassis.web.lists import parameters_of
from services.chassis.web.problems import PROBLEM_JSON
from services.chassis.web.session import SESSION_COOKIE

_OPENAPI_VERSION = "3.1.0"
_DOCUMENT_ENDPOINT = "api-docs.openapi_json"


class FieldErrorSchema(Schema):
    """One thing to mend in a request."""

    field = fields.String(required=True, metadata={"description": "Dotted name of the field."})
    detail = fields.String(required=True)
    pointer = fields.String(metadata={"description": "JSON Pointer (RFC 6901) into the body."})


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorSchema))
    reference = fields.String(metadata={"description": "The number to quote when asking for help."})


class _AccessPlugin(BasePlugin):
    """Documents each operation's access rule, from the rule that is enforced, and what holds for all."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def path_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, *_: Any, **others: Any
    ) -> None:
        endpoint = others["rule"].endpoint
        rules = {route.method: route.access for route in access_table(self._app, endpoint)}
        asked_by = parameters_of(self._app.view_functions[endpoint])
        for method, operation in (operations or {}).items():
            access = rules.get(method.upper())
            if access is None:
                continue
            if access.public:
                operation["security"] = []
            operation.setdefault("x-access", str(access))
            if asked_by:
                operation.setdefault("parameters", []).extend(asked_by)
            if method.upper() == "POST" and not access.public:
                operation.setdefault("parameters", []).append(IDEMPOTENCY_PARAMETER)


class ServiceApi(Api):  # type: ignore[misc]
    """flask-smorest with the errors and access rules of this chassis, and no page with foreign scripts."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE: str

    def _register_error_handlers(self) -> None:
        """Errors are answered by ``problems.answer``, like everywhere else."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_JSON  # of the error responses that are registered here
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    @public
    def _openapi_json(self) -> Any:
        return super()._openapi_json()


def install_api(app: Flask, prefix: str, title: str, version: str) -> ServiceApi:
    """An API without operations yet; register flask-smorest blueprints with it."""
    app.config.update(
        API_TITLE=title,
        API_VERSION=version,
        OPENAPI_VERSION=_OPENAPI_VERSION,
        OPENAPI_URL_PREFIX=f"{prefix}/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ServiceApi(
        spec_kwargs={
            "extra_plugins": [_AccessPlugin(app)],
            "security": [{"bearer": []}, {"session": []}],
        }
    )
    api.init_app(app)
    api.register_field(fields.Decimal, "string", "decimal")  # as JSON numbers they would lose cents
    schemes = api.spec.components
    schemes.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    schemes.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE})
    return api
