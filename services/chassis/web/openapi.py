"""The service's JSON API and its OpenAPI document, served at ``<prefix>/api/openapi.json``."""

from __future__ import annotations

from typing import Any

from apispec import BasePlugin
from flask import Flask, Response, json
from flask_smorest import Api
from marshmallow import fields

from services.chassis.web.access import access_table, public
from services.chassis.web.idempotency import IDEMPOTENCY_PARAMETER, REPLAYED, REPLAYED_HEADER
from services.chassis.web.lists import parameters_of
from services.chassis.web.refusals import UNFORESEEN, refusal_responses, refusals_of
from services.chassis.web.session import SESSION_COOKIE
from services.chassis.web.whole_answers import require_fields_of_answers

_OPENAPI_VERSION = "3.1.0"

# Under the names by which flask-smorest refers to them.
_TAG = {"type": "string"}
_TAG_PARAMETERS = {
    "IF_NONE_MATCH": {
        "name": "If-None-Match",
        "description": "The tag of what the caller has already: if it is still the same, the answer is 304.",
        "schema": _TAG,
    },
    "IF_MATCH": {
        "name": "If-Match",
        "description": "The tag of the version that was read and is to be changed.",
        "required": True,
        "schema": _TAG,
    },
}
_TAG_HEADER = {
    "description": "Names this version, for `If-Match` and `If-None-Match`.",
    "required": True,
    "schema": _TAG,
}


class _HousePlugin(BasePlugin):
    """Documents of each operation what the chassis does for it: from the rules that are enforced."""

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
            operation.setdefault("operationId", endpoint)
            operation.setdefault("x-access", str(access))
            if asked_by:
                operation.setdefault("parameters", []).extend(asked_by)
            if method.upper() == "POST" and not access.public:
                _can_be_sent_again(operation)
            is_list = bool(asked_by)
            for status in refusals_of(
                method, path or "", operation, is_public=access.public, is_list=is_list
            ):
                operation["responses"].setdefault(int(status), status.name)
            operation["responses"] = _in_order(operation["responses"])


def _in_order(responses: dict[int | str, Any]) -> dict[int | str, Any]:
    return dict(sorted(responses.items(), key=lambda each: str(each[0])))


def _can_be_sent_again(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(IDEMPOTENCY_PARAMETER)
    for status, response in operation["responses"].items():
        if str(status).startswith("2"):
            response.setdefault("headers", {})[REPLAYED] = REPLAYED_HEADER


class ServiceApi(Api):  # type: ignore[misc]
    """flask-smorest with the refusals and access rules of this chassis, and no page with foreign scripts."""

    DEFAULT_ERROR_RESPONSE_NAME = UNFORESEEN

    def _register_error_handlers(self) -> None:
        """Errors are answered by ``problems.answer``, like everywhere else."""

    def _register_responses(self) -> None:
        for name, response in refusal_responses():
            self.spec.components.response(name, response, lazy=True)

    def _register_etag_headers(self) -> None:
        for name, parameter in _TAG_PARAMETERS.items():
            self.spec.components.parameter(name, "header", parameter, lazy=True)
        self.spec.components.header("ETAG", _TAG_HEADER, lazy=True)

    def _register_pagination_header(self) -> None:
        """Lists tell in their body how long they are."""

    def document(self) -> dict[str, Any]:
        """The API's document, with what every answer has."""
        told: dict[str, Any] = self.spec.to_dict()
        require_fields_of_answers(told)
        return told

    @public
    def _openapi_json(self) -> Any:
        return Response(json.dumps(self.document(), indent=2, sort_keys=False), mimetype="application/json")


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
            "extra_plugins": [_HousePlugin(app)],
            "security": [{"bearer": []}, {"session": []}],
        }
    )
    api.init_app(app)
    api.register_field(fields.Decimal, "string", "decimal")  # as JSON numbers they would lose cents
    schemes = api.spec.components
    schemes.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    schemes.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE})
    return api
