"""The wording of a programme's agreements: looked at before it is saved, and kept version by version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.events import new_id
from services.chassis.model import Conflict
from services.chassis.unit_of_work import UnitOfWork
from services.enrolment.agreement_document import draw_agreement
from services.enrolment.domain.agreement_wording import WordingVersion, check_wording
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort, Programme
from services.enrolment.events.programmes import programme_snapshot
from services.enrolment.storage import queries
from services.enrolment.storage.agreement_wordings import add_wording, latest_number


def change_wording(
    slug: str, text: str, by: UUID, unit_of_work: UnitOfWork, *, seen: int | None = None
) -> Programme:
    """The text of the programme's next agreements; what is proposed already stays as it is.

    ``seen`` is the number of the version that the person had before them, 0 when none was saved yet. The same
    text once more is no new version. Raises DomainError for what cannot be set, Conflict when somebody has
    saved another version since.
    """
    check_wording(text)
    session = unit_of_work.session
    # Locked, so that of two who save at the same instant each gets a number.
    programme = queries.programme_by_slug(session, slug, lock=True)
    if text == programme.agreement_template:
        return programme
    number = latest_number(session, slug)
    if seen is not None and seen != number:
        raise Conflict(
            "Somebody has saved another version meanwhile: it is listed below. "
            "Save again to put yours in its place.",
            field="template",
        )
    if not number and programme.agreement_template:
        number = 1
        before = WordingVersion(number, programme.agreement_template, None, unit_of_work.now)
        add_wording(session, slug, before)
    add_wording(session, slug, WordingVersion(number + 1, text, by, unit_of_work.now))
    programme.agreement_template = text
    unit_of_work.record(programme, "enrolment.programme.updated", programme_snapshot(programme))
    return programme


def preview_wording(slug: str, text: str, session: Session, now: datetime) -> bytes:
    """A PDF as the wording would make it, for a buyer who does not exist. Raises DomainError."""
    check_wording(text)
    cohorts = queries.cohorts_of(session, slug)
    example = Organisation(
        id=new_id(),
        name="Acheteur (exemple)",
        kind="buyer",
        legal_form="public",
        siret="00000000000000",
        commune_name="Commune (exemple)",
    )
    return draw_agreement(
        text,
        queries.programme_by_slug(session, slug),
        cohorts[0] if cohorts else Cohort(id=new_id(), programme=slug, label="(exemple)", capacity=1),
        example,
        "Prénom Nom (exemple)",
        now,
    )
