"""Attendance sheets (*feuilles d'émargement*): the proof for funders of who came to a workshop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from services.chassis.pdf import typeset
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.workshop import Workshop, WorkshopState
from services.enrolment.domain.workshop_registration import Presence, RegistrationState
from services.enrolment.storage import queries, workshops
from services.enrolment.storage.attendance_proofs import Correction
from services.enrolment.storage.workshops import Participant

_PRESENCES = {
    Presence.LIST: "Présent(e), pointé(e) sur la liste",
    Presence.CODE: "Présent(e), confirmé par code",
    Presence.CORRECTION: "Présent(e), par correction",
}


def draw_sheet(
    session: Session, workshop: Workshop, now: datetime, corrections: Sequence[Correction] = ()
) -> bytes:
    """The sheet as a PDF: to be signed while the workshop is to come, with the presences once it is held.

    To be signed, it has a line for each place: those that nobody has taken stay empty, for who comes
    unannounced. ``corrections`` are those that what is recorded has seen.
    """
    people = workshops.participants(session, workshop.id, RegistrationState.REGISTERED)
    programme = queries.programme_by_slug(session, workshop.programme)
    cohort = session.get_one(Cohort, workshop.cohort_id)
    recorded = workshop.state is WorkshopState.HELD
    source = (files("services.enrolment") / "documents" / "attendance-sheet.typ").read_text("utf-8")
    data = {
        "programme": programme.name,
        "chamber": programme.chamber,
        "cohort": cohort.label,
        "title": workshop.title,
        "theme": workshop.theme,
        "day": format_date(workshop.starts_at.astimezone(PARIS), "full", locale="fr"),
        "hours": f"{_hour(workshop.starts_at)} – {_hour(workshop.ends_at)}",
        "place": workshop.place or "À distance (visioconférence)",
        "funders": [funder.name for funder in programme.funders],
        "recorded": recorded,
        "made_at": _moment(now),
        "people": _lines(people, recorded=recorded),
        "spare": 0 if recorded else max(0, workshop.capacity - len(people)),
        "corrections": [
            {"moment": _moment(each.corrected_at), "by": each.by or "", "reason": each.reason}
            for each in corrections
        ],
        "counted": sum(each.registration.present_at is not None for each in people),
    }
    return typeset(source, data, now)


def _lines(people: Sequence[Participant], *, recorded: bool) -> list[dict[str, Any]]:
    return [
        {
            "organisation": each.organisation.name,
            "name": each.person.name,
            "presence": _presence(each) if recorded else "",
        }
        for each in people
    ]


def _presence(participant: Participant) -> str:
    registration = participant.registration
    if registration.presence is None or registration.present_at is None:
        return "Absent(e)"
    if registration.presence is Presence.CORRECTION:
        return f"{_PRESENCES[registration.presence]} ({_day(registration.present_at)})"
    return f"{_PRESENCES[registration.presence]} ({_hour(registration.present_at)})"


def _moment(instant: datetime) -> str:
    return f"{_day(instant)} à {_hour(instant)}"


def _day(instant: datetime) -> str:
    return format_date(instant.astimezone(PARIS), "long", locale="fr")


def _hour(instant: datetime) -> str:
    return instant.astimezone(PARIS).strftime("%H:%M").replace(":", " h ")
