"""Buyers' applications: handed in, decided, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application, ApplicationState, ReturnReason
from services.enrolment.domain.organisation import LegalForm, Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.applications import application_snapshot
from services.enrolment.handlers.organisations import (
    OrganisationDetails,
    add_siret,
    check_siret_is_free,
    register_organisation,
)
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.storage import queries

# Anyone may write anyone's address into the public form; what is granted by it has to fit into a session.
MOST_BUYERS_PER_ADDRESS = 10


@dataclass(frozen=True, kw_only=True)
class Apply:
    """An application as it comes in. ``commune`` is INSEE's code; it and ``siret`` are checked already."""

    programme: str
    cohort_label: str
    organisation_name: str
    legal_form: LegalForm
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    motivation: str
    locale: str = "fr"
    today: date


def apply(command: Apply, unit_of_work: UnitOfWork) -> Application:
    """Register organisation and contact, unless they are known, and hand the application in.

    The same application sent twice, as by a double click, is one. Raises NotFound for an unknown cohort;
    Conflict for a closed call, for another application of the same organisation, or for a SIRET that is
    registered.
    """
    session = unit_of_work.session
    # Locked, so that two clicks take their turns and the second one finds what the first one did.
    cohort = queries.cohort_by_label(session, command.programme, command.cohort_label, lock=True)
    cohort.check_takes_applications(command.today)
    organisation = _known_buyer(command, unit_of_work)
    if organisation is None:
        organisation = _new_buyer(command, unit_of_work)
    elif earlier := queries.application_of(session, cohort.id, organisation.id):
        return _sent_again(earlier, command)
    elif command.siret:
        add_siret(organisation, command.siret, unit_of_work)
    contact = register_person(
        RegisterPerson(
            name=command.contact_name,
            email=command.contact_email,
            locale=command.locale,
            grant=PersonGrant(Role.BUYER, command.programme, organisation.id),
        ),
        unit_of_work,
    )
    session.flush()
    application = Application(
        id=new_id(),
        programme=command.programme,
        cohort_id=cohort.id,
        organisation_id=organisation.id,
        contact_id=contact.id,
        motivation=command.motivation,
    )
    application.submit(unit_of_work.now)
    session.add(application)
    return _record(application, "submitted", unit_of_work)


def submit_again(application_id: UUID, motivation: str, unit_of_work: UnitOfWork) -> Application:
    """Hand in an application that was handed back. Raises Conflict when it is too late or it is no draft."""
    application = unit_of_work.get(Application, application_id, lock=True)
    unit_of_work.get(Cohort, application.cohort_id).check_takes_corrections()
    application.motivation = motivation
    application.submit(unit_of_work.now)
    return _record(application, "submitted", unit_of_work)


def start_review(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.start_review()
    return _record(application, "review_started", unit_of_work)


def accept(application_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Application:
    """Give the application a place. Raises Conflict when the cohort is full or somebody decided before.

    The cohort is locked first, so that two managers who accept at the same instant take their turns and
    its capacity holds.
    """
    application = unit_of_work.get(Application, application_id)
    cohort = unit_of_work.get(Cohort, application.cohort_id, lock=True)
    application = unit_of_work.get(Application, application_id, lock=True)
    cohort.check_place_left(queries.places_taken(unit_of_work.session, cohort.id))
    application.accept(by, unit_of_work.now)
    return _record(application, "accepted", unit_of_work)


def put_on_waiting_list(application_id: UUID, by: UUID | None, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.put_on_waiting_list(by, unit_of_work.now)
    return _record(application, "waitlisted", unit_of_work)


def decline(application_id: UUID, by: UUID | None, reason: str, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.decline(by, unit_of_work.now, reason)
    return _record(application, "declined", unit_of_work)


def hand_back(
    application_id: UUID, return_reason: ReturnReason, reason: str, unit_of_work: UnitOfWork
) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.hand_back(return_reason, reason)
    return _record(application, "returned", unit_of_work)


def withdraw(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.withdraw(unit_of_work.now)
    return _record(application, "withdrawn", unit_of_work)


def enrol(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    """The agreement is signed."""
    application = unit_of_work.get(Application, application_id, lock=True)
    application.enrol()
    return _record(application, "enrolled", unit_of_work)


def complete(application_id: UUID, unit_of_work: UnitOfWork) -> Application:
    application = unit_of_work.get(Application, application_id, lock=True)
    application.complete()
    return _record(application, "completed", unit_of_work)


def _known_buyer(command: Apply, unit_of_work: UnitOfWork) -> Organisation | None:
    """The organisation for which the same contact has applied before, by its SIRET or its name."""
    known = queries.buyers_with_contact(unit_of_work.session, command.programme, command.contact_email)
    same_siret = (each for each in known if command.siret and each.siret == command.siret)
    same_name = (each for each in known if each.name.casefold() == command.organisation_name.casefold())
    return next(same_siret, None) or next(same_name, None)


def _new_buyer(command: Apply, unit_of_work: UnitOfWork) -> Organisation:
    known = queries.buyers_with_contact(unit_of_work.session, command.programme, command.contact_email)
    if len(known) >= MOST_BUYERS_PER_ADDRESS:
        raise Conflict(
            "This address stands for %(count)s organisations already. Use another one, or write to the "
            "programme team.",
            field="contact_email",
            count=len(known),
        )
    if command.siret:
        check_siret_is_free(command.siret, unit_of_work)
    return register_organisation(
        OrganisationDetails(
            name=command.organisation_name,
            kind="buyer",
            legal_form=command.legal_form,
            siret=command.siret,
            email=command.contact_email,
            commune=command.commune,
        ),
        unit_of_work,
    )


def _sent_again(earlier: Application, command: Apply) -> Application:
    if earlier.state is ApplicationState.SUBMITTED and earlier.motivation == command.motivation:
        return earlier
    raise Conflict(
        "%(name)s has applied for this cohort already. Sign in with this address to follow the application.",
        field="organisation_name",
        name=command.organisation_name,
    )


def _record(application: Application, what_happened: str, unit_of_work: UnitOfWork) -> Application:
    snapshot = application_snapshot(
        application,
        unit_of_work.get(Cohort, application.cohort_id),
        unit_of_work.get(Organisation, application.organisation_id),
        unit_of_work.get(Person, application.contact_id),
    )
    unit_of_work.record(application, f"enrolment.application.{what_happened}", snapshot)
    return application
