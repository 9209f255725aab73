"""Organisations: buyers, suppliers, the chamber and funders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.chassis.model import Aggregate

OrganisationKind = Literal["buyer", "supplier", "chamber", "funder"]
LegalForm = Literal["public", "private"]


@dataclass(eq=False, kw_only=True)
class Organisation(Aggregate):
    """One organisation, whatever the number of programmes it is in.

    ``siret`` (14 digits) may be missing while people type; where it is there, it is unique. ``size`` is a
    range of staff such as "10-19". Position in degrees (WGS 84).
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
