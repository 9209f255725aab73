"""Enrolment's tables, and how its entities are mapped onto them."""

from services.enrolment.storage.tables.address_changes import address_changes, former_addresses
from services.enrolment.storage.tables.agreements import (
    agreement_documents,
    agreement_signatures,
    agreement_wordings,
    agreements,
)
from services.enrolment.storage.tables.applications import (
    application_drafts,
    applications,
    attachment_contents,
    attachments,
    decisions,
)
from services.enrolment.storage.tables.appointments import adviser_notes, appointments, assignments, slots
from services.enrolment.storage.tables.base import metadata
from services.enrolment.storage.tables.calendar_feeds import calendar_feeds
from services.enrolment.storage.tables.company_register import register_answers, register_turns
from services.enrolment.storage.tables.contacts import calls, phones, supplier_assessments, team_notes
from services.enrolment.storage.tables.imports import import_errors, import_parts, supplier_imports
from services.enrolment.storage.tables.jury import jurors, jury_reviews
from services.enrolment.storage.tables.merges import distinct_pairs, merges
from services.enrolment.storage.tables.organisations import organisations
from services.enrolment.storage.tables.people import people, sign_in_links
from services.enrolment.storage.tables.personal_data import (
    account_uses,
    person_erasure_answers,
    person_erasures,
    person_export_pieces,
    person_exports,
)
from services.enrolment.storage.tables.programmes import cohorts, programmes
from services.enrolment.storage.tables.role_invitations import role_invitations
from services.enrolment.storage.tables.self_registrations import join_requests, self_registrations
from services.enrolment.storage.tables.supplier_log import supplier_log
from services.enrolment.storage.tables.suppliers import invitations, supplier_enrolments, supplier_inviters
from services.enrolment.storage.tables.user_sessions import openid_accounts, user_sessions
from services.enrolment.storage.tables.workshops import (
    attendance_corrections,
    attendance_sheets,
    signed_sheets,
    workshop_registrations,
    workshops,
)

__all__ = [
    "account_uses",
    "address_changes",
    "adviser_notes",
    "agreement_documents",
    "agreement_signatures",
    "agreement_wordings",
    "agreements",
    "application_drafts",
    "applications",
    "appointments",
    "assignments",
    "attachment_contents",
    "attachments",
    "attendance_corrections",
    "attendance_sheets",
    "calendar_feeds",
    "calls",
    "cohorts",
    "decisions",
    "distinct_pairs",
    "former_addresses",
    "import_errors",
    "import_parts",
    "invitations",
    "join_requests",
    "jurors",
    "jury_reviews",
    "merges",
    "metadata",
    "openid_accounts",
    "organisations",
    "people",
    "person_erasure_answers",
    "person_erasures",
    "person_export_pieces",
    "person_exports",
    "phones",
    "programmes",
    "register_answers",
    "register_turns",
    "role_invitations",
    "self_registrations",
    "sign_in_links",
    "signed_sheets",
    "slots",
    "supplier_assessments",
    "supplier_enrolments",
    "supplier_imports",
    "supplier_inviters",
    "supplier_log",
    "team_notes",
    "user_sessions",
    "workshop_registrations",
    "workshops",
]
