"""Enrolment's tables, and how its entities are mapped onto them."""

from services.enrolment.storage.tables.applications import applications
from services.enrolment.storage.tables.base import metadata
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people, sign_in_links
from services.enrolment.storage.tables.programmes import cohorts, programmes
from services.enrolment.storage.tables.suppliers import invitations, supplier_enrolments, supplier_inviters

__all__ = [
    "applications",
    "cohorts",
    "invitations",
    "metadata",
    "organisations",
    "people",
    "programmes",
    "sign_in_links",
    "supplier_enrolments",
    "supplier_inviters",
]
