"""Suppliers, buyers and histories for tests that read like the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.chassis.events import Event
from services.reporting.domain import events
from services.reporting.domain.records import (
    Assessment,
    Buyer,
    Programme,
    State,
    Supplier,
    ThemeScore,
    Trust,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERYTHING_SEEN = dict.fromkeys(
    (*events.AGREEMENTS, *events.ENTRIES, *events.ASSESSMENTS, *events.SHARINGS, *events.WORKSHOPS), 1
)


def identifier(*parts: object) -> UUID:
    """The same id for the same parts."""
    return uuid5(NAMESPACE_OID, "/".join(map(str, parts)))


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def assessment(name: str, **known: Any) -> Assessment:
    """Submitted and scored unless told otherwise, when ``submitted_at`` is given."""
    if known.get("submitted_at"):
        known = {
            "state": "submitted",
            "started_at": known["submitted_at"] - timedelta(days=2),
            "score": 40.0,
            "level": 2,
            "themes": (ThemeScore(key="governance", label="Gouvernance", score=40.0),),
            "trust": Trust(declared=0.6, evidenced=0.3, verified=0.1),
            **known,
        }
    return Assessment(**{"id": identifier("assessment", name), "state": "assigned", **known})


def supplier(name: str, *assessments: Assessment, **known: Any) -> Supplier:
    """Invited a year ago, in Montpellier, unless told otherwise."""
    return Supplier(
        **{
            "id": identifier("enrolment", name),
            "organisation_id": identifier("organisation", name),
            "name": name,
            "state": "invited",
            "department": "34",
            "invited_at": days_ago(365),
            "assessments": assessments,
            **known,
        }
    )


def submitted_supplier(name: str, days: float, **known: Any) -> Supplier:
    """A supplier that submitted so many days ago."""
    return supplier(name, assessment(name, submitted_at=days_ago(days)), **known)


def buyer(name: str, state: str = "enrolled", **known: Any) -> Buyer:
    return Buyer(
        **{
            "id": identifier("application", name),
            "organisation_id": identifier("organisation", name),
            "name": name,
            "cohort": "2023",
            "legal_form": "public",
            "state": state,
            "enrolled_at": days_ago(700),
            **known,
        }
    )


def state(**known: Any) -> State:
    """A programme with its targets, of which every kind of event has been seen."""
    programme = Programme(slug="cesar", name="C.E.S.A.R.", buyer_target=30, supplier_target=300)
    return State(**{"programme": programme, "now": NOW, "seen": EVERYTHING_SEEN, **known})


def life(
    aggregate: str, steps: Sequence[tuple[str, dict[str, Any]]], *, began: float = 890, **common: Any
) -> list[Event]:
    """The events of one aggregate: a step is a type and what is new in the snapshot.

    The first is ``began`` days old, each other ten days younger than the one before.
    """
    told: list[Event] = []
    snapshot = {"id": str(identifier(aggregate)), **common}
    for sequence, (event_type, changes) in enumerate(steps, start=1):
        snapshot = {**snapshot, **changes}
        told.append(
            Event(
                id=identifier(aggregate, sequence),
                source=event_type.partition(".")[0],
                type=event_type,
                version=1,
                subject=identifier(aggregate),
                sequence=sequence,
                time=days_ago(began - 10 * (sequence - 1)),
                data=dict(snapshot),
                correlation_id=identifier(aggregate, "correlation"),
            )
        )
    return told


def history() -> list[Event]:
    """A small programme from its creation to a validated assessment, as other services tell it."""
    return [
        *life(
            "programme",
            [
                ("enrolment.programme.created", {"supplier_target": 200}),
                ("enrolment.programme.updated", {"supplier_target": 300}),
            ],
            slug="cesar",
            name="C.E.S.A.R.",
            buyer_target=30,
        ),
        *life(
            "cohort",
            [
                ("enrolment.cohort.planned", {"state": "planned"}),
                ("enrolment.cohort.opened", {"state": "open"}),
                ("enrolment.cohort.review_started", {"state": "reviewing"}),
                ("enrolment.cohort.started", {"state": "running"}),
            ],
            programme="cesar",
            label="2023",
            capacity=10,
        ),
        *_organisation("buyer-organisation", "Biotope"),
        *_organisation("bakery", "Le Fournil du Loriot Bleu"),
        *life(
            "application",
            [
                (events.APPLICATION_SUBMITTED, {"state": "submitted"}),
                (events.APPLICATION_ACCEPTED, {"state": "accepted"}),
                (events.APPLICATION_ENROLLED, {"state": "enrolled"}),
                (events.APPLICATION_COMPLETED, {"state": "completed"}),
            ],
            programme="cesar",
            cohort_label="2023",
            organisation_id=str(identifier("buyer-organisation")),
            organisation_name="Biotope",
            legal_form="private",
        ),
        *life(
            "enrolment",
            [
                (events.SUPPLIER_INVITED, {"state": "invited", "enrolled_at": None}),
                (events.SUPPLIER_ENROLLED, {"state": "enrolled", "enrolled_at": _iso(870)}),
                (events.SUPPLIER_ACTIVATED, {"state": "active"}),
            ],
            programme="cesar",
            organisation_id=str(identifier("bakery")),
            organisation_name="Le Fournil du Loriot Bleu",
            invited_by=[{"organisation_id": str(identifier("buyer-organisation")), "invited_at": _iso(880)}],
            invited_at=_iso(880),
        ),
        *_assessment(),
        *life(
            "sharing",
            [(events.SHARING_GRANTED, {}), (events.SHARING_REVOKED, {}), (events.SHARING_GRANTED, {})],
            programme="cesar",
            supplier_organisation_id=str(identifier("bakery")),
            buyer_organisation_id=str(identifier("buyer-organisation")),
        ),
        *_workshop(),
    ]


def _workshop() -> list[Event]:
    """Held, with one who came, one who did not after all, and one who gave the place back."""
    meeting = {"id": str(identifier("workshop")), "starts_at": _iso(800)}
    came = (events.REGISTRATION_ATTENDED, {"present_at": _iso(800)})
    registrations = {
        "registration": [came],
        "absence": [came, (events.REGISTRATION_ABSENT, {"present_at": None})],
        "withdrawal": [(events.REGISTRATION_WITHDRAWN, {"state": "withdrawn"})],
    }
    return [
        *life(
            "workshop",
            [(events.WORKSHOP_SCHEDULED, {"state": "scheduled"}), (events.WORKSHOP_HELD, {"state": "held"})],
            programme="cesar",
        ),
        *(
            event
            for name, steps in registrations.items()
            for event in life(
                name,
                [(events.REGISTRATION_MADE, {"state": "registered", "present_at": None}), *steps],
                programme="cesar",
                cohort_label="2023",
                organisation_id=str(identifier("buyer-organisation")),
                meeting=meeting,
            )
        ),
    ]


def _organisation(aggregate: str, name: str) -> list[Event]:
    return life(
        aggregate,
        [
            ("enrolment.organisation.registered", {"siret": None}),
            ("enrolment.organisation.updated", {"siret": "09900000099991"}),
        ],
        name=name,
        commune_code="34157",
        department="34",
        naf_code="10.71C",
        size="1-9",
        latitude=43.4275,
        longitude=3.605,
    )


def _assessment() -> list[Event]:
    nothing = {"submitted_at": None, "validated_at": None, "score": None, "level": None}
    themes = [{"key": "governance", "label": "Gouvernance", "score": 62.5}]
    trust = {"declared": 1.0, "evidenced": 0.0, "verified": 0.0}
    done = {"state": "submitted", "submitted_at": _iso(840), "score": 62.5, "level": 3, "themes": themes}
    return life(
        "assessment",
        [
            (events.ASSESSMENT_ASSIGNED, {"state": "assigned", "started_at": None, "themes": [], **nothing}),
            (events.ASSESSMENT_STARTED, {"state": "in_progress", "started_at": _iso(860)}),
            (events.ASSESSMENT_SUBMITTED, {**done, "trust": trust}),
            (events.ASSESSMENT_REOPENED, {"state": "in_progress", "submitted_at": None}),
            (events.ASSESSMENT_SUBMITTED, {**done, "submitted_at": _iso(830)}),
            (events.ASSESSMENT_REVIEW_STARTED, {"state": "in_review"}),
            (events.ASSESSMENT_VALIDATED, {"state": "validated", "validated_at": _iso(820)}),
        ],
        programme="cesar",
        organisation_id=str(identifier("bakery")),
        trust=None,
    )


def _iso(days: float) -> str:
    return days_ago(days).isoformat()
