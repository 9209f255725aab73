"""Buyers' applications: handed in, corrected, completed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.call import wrong_answers
from services.enrolment.domain.organisation import LegalForm, Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers.application_log import record_application
from services.enrolment.handlers.attachments import NewFile, keep_file
from services.enrolment.handlers.organisations import (
    OrganisationDetails,
    add_siret,
    register_organisation,
)
from services.enrolment.handlers.people import RegisterPerson, register_person
from services.enrolment.handlers.siret_claims import claim
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import attachments_of

# Anyone may write anyone's address into the public form; what is granted by it has to fit into a session.
MOST_BUYERS_PER_ADDRESS = 10


@dataclass(frozen=True, kw_only=True)
class Apply:
    """An application as it comes in. ``commune`` is INSEE's code; it and ``siret`` are checked already.

    ``answers`` are those to the call's questions, by key. An application that comes from a draft has its
    ``application_id``, and files, already. ``applicant_id`` is who has signed in, if somebody has.
    """

    programme: str
    cohort_label: str
    organisation_name: str
    legal_form: LegalForm
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    motivation: str
    answers: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[NewFile] = ()
    application_id: UUID | None = None
    applicant_id: UUID | None = None
    locale: str = "fr"
    today: date


def apply(command: Apply, unit_of_work: UnitOfWork) -> Application:
    """Register organisation and contact, unless they are known, and hand the application in.

    The same application sent twice, as by a double click, is one. Raises NotFound for an unknown cohort;
    Conflict for a closed call, for another application of the same organisation, or for another SIRET than
    it has; DomainError for an answer that is missing or makes no sense. With the SIRET of an organisation
    that others registered the team is asked, and the applicant is told nothing of it.
    """
    session = unit_of_work.session
    # Locked, so that two clicks take their turns and the second one finds what the first one did.
    cohort = queries.cohort_by_label(session, command.programme, command.cohort_label, lock=True)
    cohort.check_takes_applications(command.today)
    files = [file.question for file in command.files]
    if command.application_id:
        files += [file.question for file in attachments_of(session, command.application_id)]
    check_answers(cohort, command.answers, files)
    holder = queries.organisation_by_siret(session, command.siret) if command.siret else None
    acted_for = _acted_for(command, unit_of_work)
    organisation = _known_buyer(command, acted_for)
    if organisation is None:
        siret = command.siret if holder is None else None
        organisation = _new_buyer(command, siret, len(acted_for), unit_of_work)
    elif earlier := queries.application_of(session, cohort.id, organisation.id):
        return _sent_again(earlier, command)
    elif command.siret and (holder is None or organisation.siret):
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
        id=command.application_id or new_id(),
        programme=command.programme,
        cohort_id=cohort.id,
        organisation_id=organisation.id,
        contact_id=contact.id,
        motivation=command.motivation,
        answers=dict(command.answers),
    )
    application.submit(unit_of_work.now)
    session.add(application)
    for file in command.files:
        keep_file(application.id, cohort, file, unit_of_work)
    record_application(application, "submitted", unit_of_work)
    if holder is not None and holder is not organisation:
        claim(application, holder, unit_of_work)
    return application


def save_correction(
    application_id: UUID, motivation: str, answers: Mapping[str, str], unit_of_work: UnitOfWork
) -> Application:
    """Keep what was typed into an application that was handed back. Raises Conflict unless it is a draft."""
    application = unit_of_work.get(Application, application_id, lock=True)
    application.correct(motivation, answers)
    return application


def submit_again(
    application_id: UUID,
    motivation: str,
    unit_of_work: UnitOfWork,
    answers: Mapping[str, str] | None = None,
) -> Application:
    """Hand in an application that was handed back. Without ``answers`` those that it has stay.

    Raises Conflict when it is too late or it is no draft, DomainError for an answer that is missing.
    """
    application = unit_of_work.get(Application, application_id, lock=True)
    cohort = unit_of_work.get(Cohort, application.cohort_id)
    cohort.check_takes_corrections()
    application.correct(motivation, application.answers if answers is None else answers)
    kept = attachments_of(unit_of_work.session, application_id)
    check_answers(cohort, application.answers, (file.question for file in kept))
    application.submit(unit_of_work.now)
    return record_application(application, "submitted", unit_of_work)


def check_answers(cohort: Cohort, answers: Mapping[str, str], files: Iterable[str]) -> None:
    """Raises DomainError, at the field ``answers.KEY``. ``files`` has the question of each file."""
    for key, error in wrong_answers(cohort.questions, answers, Counter(files)).items():
        error.field = f"answers.{key}"
        raise error


def _acted_for(command: Apply, unit_of_work: UnitOfWork) -> list[Organisation]:
    """The organisations for which the contact, or who has signed in, acts as a buyer in any programme."""
    session = unit_of_work.session
    people = [queries.person_by_email(session, command.contact_email)]
    if command.applicant_id is not None:
        people.append(session.get(Person, command.applicant_id))
    grants = (grant for person in people if person for grant in person.grants)
    found = (grant.organisation_id for grant in grants if grant.role is Role.BUYER)
    return [unit_of_work.get(Organisation, each) for each in dict.fromkeys(found) if each is not None]


def _known_buyer(command: Apply, known: Sequence[Organisation]) -> Organisation | None:
    """That of the organisations for which it is applied, by its SIRET or its name."""
    same_siret = (each for each in known if command.siret and each.siret == command.siret)
    same_name = (each for each in known if each.name.casefold() == command.organisation_name.casefold())
    return next(same_siret, None) or next(same_name, None)


def _new_buyer(command: Apply, siret: str | None, acted_for: int, unit_of_work: UnitOfWork) -> Organisation:
    if acted_for >= MOST_BUYERS_PER_ADDRESS:
        raise Conflict(
            "This address stands for %(count)s organisations already. Use another one, or write to the "
            "programme team.",
            field="contact_email",
            count=acted_for,
        )
    return register_organisation(
        OrganisationDetails(
            name=command.organisation_name,
            kind="buyer",
            legal_form=command.legal_form,
            siret=siret,
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
