"""What enrolment keeps for a time only, and how it ends. Figures are counted from what stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.messages import outbox
from services.chassis.privacy.erasing import scrub_mentions
from services.chassis.privacy.retention import Outlived
from services.chassis.privacy.subject import Subject
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import ApplicationState
from services.enrolment.domain.importing import ImportState
from services.enrolment.domain.personal_data import PersonExport
from services.enrolment.domain.self_registration import JoinState
from services.enrolment.handlers.personal_data.accounts import (
    accounts_to_warn,
    end_accounts,
    unused_accounts,
    warn_accounts,
)
from services.enrolment.handlers.personal_data.without_account import (
    count_as_unused_accounts,
    count_silent_contacts,
)
from services.enrolment.handlers.supplier_dormancy import DORMANCY
from services.enrolment.storage import imports
from services.enrolment.storage.tables import (
    address_changes,
    adviser_notes,
    application_drafts,
    applications,
    appointments,
    attachments,
    cohorts,
    import_errors,
    import_parts,
    join_requests,
    jury_reviews,
    person_export_pieces,
    person_exports,
    supplier_imports,
)


def _declined_applications(before: datetime) -> ColumnElement[bool]:
    """Declined long ago, and not emptied yet."""
    said = or_(
        applications.c.motivation != "",
        cast(applications.c.answers, Text) != "{}",
        exists().where(attachments.c.application_id == applications.c.id),
    )
    return (applications.c.state == ApplicationState.DECLINED) & (applications.c.decided_at < before) & said


def _empty_declined_applications(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    found = session.scalars(select(applications.c.id).where(_declined_applications(before))).all()
    session.execute(delete(attachments).where(attachments.c.application_id.in_(found)))
    session.execute(update(jury_reviews).where(jury_reviews.c.application_id.in_(found)).values(comments={}))
    session.execute(
        update(applications).where(applications.c.id.in_(found)).values(motivation="", answers={})
    )
    session.expire_all()
    return len(found)


def _abandoned_drafts(before: datetime) -> ColumnElement[bool]:
    return application_drafts.c.saved_at < before


def _forget_abandoned_drafts(unit_of_work: UnitOfWork, before: datetime) -> int:
    """Those that were handed in too: what they said is in the application."""
    session = unit_of_work.session
    query = select(application_drafts.c.id, application_drafts.c.email, application_drafts.c.typed)
    found = session.execute(query.where(_abandoned_drafts(before))).all()
    for draft in found:
        name = str(draft.typed.get("contact_name", "")).strip()
        _leave_the_log(session, draft.id, draft.email, name)
    ids = [draft.id for draft in found]
    session.execute(delete(attachments).where(attachments.c.application_id.in_(ids)))
    session.execute(delete(application_drafts).where(application_drafts.c.id.in_(ids)))
    return len(found)


def _declined_join_requests(before: datetime) -> ColumnElement[bool]:
    return (join_requests.c.state == JoinState.DECLINED) & (join_requests.c.decided_at < before)


def _forget_declined_join_requests(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    query = select(join_requests.c.id, join_requests.c.email, join_requests.c.name)
    found = session.execute(query.where(_declined_join_requests(before))).all()
    for request in found:
        _leave_the_log(session, request.id, request.email, request.name)
    session.execute(delete(join_requests).where(_declined_join_requests(before)))
    return len(found)


def _old_address_changes(before: datetime) -> ColumnElement[bool]:
    return address_changes.c.expires_at < before


def _forget_address_changes(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    found = session.execute(select(address_changes).where(_old_address_changes(before))).all()
    for change in found:
        for address in (change.new_email, change.former_email):
            _leave_the_log(session, change.id, address, "")
    session.execute(delete(address_changes).where(_old_address_changes(before)))
    return len(found)


def _private_notes(before: datetime) -> ColumnElement[bool]:
    """Of buyers all of whose cohorts have ended before."""
    last_end = (
        select(func.max(cohorts.c.ends_on))
        .join(applications, applications.c.cohort_id == cohorts.c.id)
        .where(
            applications.c.organisation_id == appointments.c.organisation_id,
            applications.c.programme == appointments.c.programme,
        )
        .scalar_subquery()
    )
    return adviser_notes.c.appointment_id.in_(select(appointments.c.id).where(last_end < before.date()))


def _remove_private_notes(unit_of_work: UnitOfWork, before: datetime) -> int:
    concerned = _number(select(adviser_notes.c.appointment_id).where(_private_notes(before)), unit_of_work)
    unit_of_work.session.execute(delete(adviser_notes).where(_private_notes(before)))
    return concerned


def _expired_copies(before: datetime) -> ColumnElement[bool]:
    return (person_exports.c.expires_at < before) & person_exports.c.private_key.is_not(None)


def _expire_copies(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    found: Sequence[PersonExport] = session.scalars(select(PersonExport).where(_expired_copies(before))).all()
    for export in found:
        export.expire()
        session.execute(delete(person_export_pieces).where(person_export_pieces.c.request_id == export.id))
    return len(found)


def _import_errors(before: datetime) -> ColumnElement[bool]:
    finished = select(supplier_imports.c.id).where(supplier_imports.c.finished_at < before)
    return import_errors.c.import_id.in_(finished)


def _remove_import_errors(unit_of_work: UnitOfWork, before: datetime) -> int:
    concerned = _number(select(import_errors.c.row).where(_import_errors(before)), unit_of_work)
    unit_of_work.session.execute(delete(import_errors).where(_import_errors(before)))
    return concerned


def _left_files(before: datetime) -> ColumnElement[bool]:
    """Uploaded and never started; or broken off, with rows that nobody will take in."""
    never_started = (supplier_imports.c.state == ImportState.UPLOADED) & (
        supplier_imports.c.created_at < before
    )
    broken_off = (supplier_imports.c.state == ImportState.FAILED) & (supplier_imports.c.finished_at < before)
    has_rows = exists().where(import_parts.c.import_id == supplier_imports.c.id)
    return never_started | (broken_off & has_rows)


def _remove_left_files(unit_of_work: UnitOfWork, before: datetime) -> int:
    session = unit_of_work.session
    query = select(supplier_imports.c.id, supplier_imports.c.state).where(_left_files(before))
    found = session.execute(query).all()
    session.execute(delete(import_parts).where(import_parts.c.import_id.in_([each.id for each in found])))
    imports.forget(session, [each.id for each in found if each.state is ImportState.UPLOADED])
    return len(found)


def _leave_the_log(session: Session, subject_id: UUID, address: str, name: str) -> None:
    """Take whom the events of one subject are about out of them; what else the person did is not touched."""
    names = frozenset({name}) if name else frozenset()
    subject = Subject(subject_id, frozenset({address.casefold()}), names)
    scrub_mentions(session, outbox.c.body, subject, needles=[str(subject_id)])


def _number(query: Select[Any], unit_of_work: UnitOfWork) -> int:
    return unit_of_work.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _counting(column: ColumnElement[Any], condition: Any) -> Any:
    return lambda session, before: session.scalar(select(func.count(column)).where(condition(before))) or 0


OUTLIVED = {
    "count-silent-contacts-as-unused-accounts": Outlived(count_silent_contacts, count_as_unused_accounts),
    "warn-of-ending-accounts": Outlived(
        lambda session, before: len(accounts_to_warn(session, before)), warn_accounts
    ),
    "erase-unused-accounts": Outlived(
        lambda session, before: len(unused_accounts(session, before)), end_accounts
    ),
    "empty-declined-applications": Outlived(
        _counting(applications.c.id, _declined_applications), _empty_declined_applications
    ),
    "forget-abandoned-drafts": Outlived(
        _counting(application_drafts.c.id, _abandoned_drafts), _forget_abandoned_drafts
    ),
    "forget-declined-join-requests": Outlived(
        _counting(join_requests.c.id, _declined_join_requests), _forget_declined_join_requests
    ),
    "forget-address-changes": Outlived(
        _counting(address_changes.c.id, _old_address_changes), _forget_address_changes
    ),
    "remove-private-notes": Outlived(
        _counting(adviser_notes.c.appointment_id, _private_notes), _remove_private_notes
    ),
    "expire-copies": Outlived(_counting(person_exports.c.id, _expired_copies), _expire_copies),
    "remove-import-errors": Outlived(
        _counting(import_errors.c.import_id, _import_errors), _remove_import_errors
    ),
    "remove-left-files": Outlived(_counting(supplier_imports.c.id, _left_files), _remove_left_files),
    "let-suppliers-fall-dormant": DORMANCY,
}
