"""The service's events as an AsyncAPI document, served at ``<prefix>/api/asyncapi.json``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from services.chassis.asyncapi import asyncapi_document
from services.chassis.web.access import public
from services.chassis.web.work import runtime

asyncapi = Blueprint("asyncapi", __name__, url_prefix="/api")


@asyncapi.get("/asyncapi.json")
@public
def document() -> dict[str, Any]:
    """What the service publishes, and what it reads of others' events."""
    ours = runtime()
    return asyncapi_document(ours.service, f"{ours.settings.product_name}: {ours.service.name}", "1")
