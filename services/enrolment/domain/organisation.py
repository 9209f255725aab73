"""Organisations: buyers, suppliers, the chamber and funders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.chassis.model import Aggregate

OrganisationKind = Literal["buyer", "supplier", "chamber", "funder"]
LegalForm = Literal["public", "private"]
SIZES = ("0", "1-9", "10-49", "50-249", "250+")
"""Ranges of staff, as the public register has them and spreadsheets are read."""


class Proof(StrEnum):
    """What the public register of companies proves of an organisation."""

    ORGANIC = "organic"
    SOCIAL_ECONOMY = "social_economy"
    WORK_INTEGRATION = "work_integration"
    RGE = "rge"
    RESPONSIBLE_PURCHASING = "responsible_purchasing"
    MISSION_DRIVEN = "mission_driven"


@dataclass(eq=False, kw_only=True)
class Organisation(Aggregate):
    """One organisation, whatever the number of programmes it is in.

    ``siret`` (14 digits) may be missing while people type; where it is there, it is unique. ``size`` is a
    range of staff such as "10-19". Position in degrees (WGS 84). ``proven`` is what a public register proves
    of it. ``merged_into`` is the organisation that it turned out to be.
    """

    name: str
    kind: OrganisationKind
    legal_form: LegalForm
    siret: str | None = None
    email: str | None = None
    commune_code: str | None = None
    commune_name: str | None = None
    department: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    naf_code: str | None = None
    size: str | None = None
    proven: list[str] | None = None
    merged_into: UUID | None = None
