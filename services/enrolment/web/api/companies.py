"""The public register of companies, for the script of a form and for programs."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.chassis.web.access import public
from services.chassis.web.work import runtime
from services.enrolment.company_register.look_up import look_up
from services.enrolment.siret import parse_siret
from services.enrolment.web.company_look_up import look_up_answer

companies_api = Blueprint(
    "companies_api", __name__, url_prefix="/companies", description="The public register of companies."
)


class LookUpSchema(Schema):
    outcome = fields.String(metadata={"description": "found, unknown or unavailable"})
    message = fields.String()
    fields_ = fields.Dict(data_key="fields", attribute="fields", keys=fields.String(), values=fields.String())
    proven = fields.List(fields.String(), metadata={"description": "What a public register proves."})
    is_closed = fields.Boolean(allow_none=True)
    naf_code = fields.String(allow_none=True)
    size = fields.String(allow_none=True)


@companies_api.get("/<siret>")
@public
@companies_api.response(200, LookUpSchema)
@companies_api.alt_response(422, "UNPROCESSABLE_ENTITY")
def look_company_up(siret: str) -> dict[str, Any]:
    """What the public register knows of a SIRET. It may be unavailable: then people type."""
    return look_up_answer(look_up(parse_siret(siret), runtime()))
