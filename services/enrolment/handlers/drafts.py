"""Drafts of applications: begun, written on, handed in, and their authors reminded before the call closes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.chassis.events import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.domain.application import Application
from services.enrolment.domain.draft import ApplicationDraft
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.person import normalise_email
from services.enrolment.domain.programme import Cohort
from services.enrolment.events.applications import draft_snapshot
from services.enrolment.handlers.applications import Apply, apply
from services.enrolment.handlers.attachments import NewFile, hand_over, keep_file
from services.enrolment.storage import queries
from services.enrolment.storage.application_queries import draft_of, drafts_to_remind

REMINDED_BEFORE = timedelta(days=3)
_AT_ONCE = 200

PersonalLink = Callable[[UUID], str]
"""Gives the address under which a draft can be written on."""


@dataclass(frozen=True, kw_only=True)
class BeginDraft:
    """``typed`` is the form as it is, right or wrong; ``files`` those that were chosen in it."""

    programme: str
    cohort_label: str
    email: str
    typed: Mapping[str, str]
    files: Sequence[NewFile] = ()
    locale: str = "fr"


def begin_draft(command: BeginDraft, link_to: PersonalLink, unit_of_work: UnitOfWork) -> ApplicationDraft:
    """Keep what was typed and send its author the personal link.

    Whoever has an open draft already is sent the link to it again, though not all the time, and the draft
    stays as it is: anybody may type anybody's address. Raises NotFound for an unknown cohort, Conflict for a
    call that is not open or a draft that has been handed in, DomainError for a file that cannot be taken.
    """
    session = unit_of_work.session
    cohort = queries.cohort_by_label(session, command.programme, command.cohort_label, lock=True)
    cohort.check_takes_applications(unit_of_work.now.astimezone(PARIS).date())
    draft = draft_of(session, cohort.id, command.email)
    files: Sequence[NewFile] = ()
    if draft is None:
        draft = ApplicationDraft(
            id=new_id(),
            programme=command.programme,
            cohort_id=cohort.id,
            email=normalise_email(command.email),
            locale=command.locale,
        )
        draft.write(command.typed, unit_of_work.now)
        session.add(draft)
        files = command.files
    draft.check_open()
    if draft.send_link(unit_of_work.now):
        _record(draft, cohort, "begun", unit_of_work, url=link_to(draft.id))
    for file in files:
        keep_file(draft.id, cohort, file, unit_of_work)
    return draft


def save_draft(draft_id: UUID, typed: Mapping[str, str], unit_of_work: UnitOfWork) -> ApplicationDraft:
    """Raises NotFound, and Conflict when it has been handed in."""
    draft = unit_of_work.get(ApplicationDraft, draft_id, lock=True)
    draft.write(typed, unit_of_work.now)
    return draft


def submit_draft(draft_id: UUID, command: Apply, unit_of_work: UnitOfWork) -> Application:
    """Hand the draft in. The second of two clicks finds the application that the first one made.

    Raises what ``apply`` raises; the draft then stays open.
    """
    draft = unit_of_work.get(ApplicationDraft, draft_id, lock=True)
    if not draft.is_open:
        return unit_of_work.get(Application, draft.application_id)
    hand_over(draft.id, draft.application_id, unit_of_work)
    application = apply(replace(command, application_id=draft.application_id), unit_of_work)
    draft.hand_in(unit_of_work.now)
    _record(draft, unit_of_work.get(Cohort, draft.cohort_id), "submitted", unit_of_work)
    return application


def remind_of_drafts(link_to: PersonalLink, unit_of_work: UnitOfWork) -> int:
    """Once for each draft, shortly before its call closes; how many there were. Called by the clock."""
    today = unit_of_work.now.astimezone(PARIS).date()
    found = drafts_to_remind(unit_of_work.session, today, today + REMINDED_BEFORE, _AT_ONCE)
    for draft in found:
        draft.reminded_at = unit_of_work.now
        cohort = unit_of_work.get(Cohort, draft.cohort_id)
        _record(draft, cohort, "closing_soon", unit_of_work, url=link_to(draft.id))
    return len(found)


def _record(
    draft: ApplicationDraft,
    cohort: Cohort,
    what_happened: str,
    unit_of_work: UnitOfWork,
    *,
    url: str | None = None,
) -> None:
    snapshot = draft_snapshot(draft, cohort, url=url)
    unit_of_work.record(draft, f"enrolment.application_draft.{what_happened}", snapshot)
