"""The data of events about workshops and appointments, in full."""

from __future__ import annotations

from typing import Any

WORKSHOP_ID = "0190c1a0-0000-7000-8000-000000000010"
REGISTRATION_ID = "0190c1a0-0000-7000-8000-000000000011"
APPOINTMENT_ID = "0190c1a0-0000-7000-8000-000000000012"

CLAIRE = {"person_id": None, "name": "Claire Martin", "email": "claire@mauguio.example", "locale": "fr"}
JULIEN = {"person_id": None, "name": "Julien Valmary", "email": "julien@cci.example", "locale": "fr"}


def meeting(**changes: Any) -> dict[str, Any]:
    return {
        "id": WORKSHOP_ID,
        "sequence": 0,
        "title": "Cartographier ses achats",
        "starts_at": "2026-04-09T07:00:00+00:00",
        "ends_at": "2026-04-09T10:00:00+00:00",
        "place": "CCI Hérault, salle Méditerranée",
        "video_url": "https://visio.example/atelier",
        "description": "Apportez l’export de vos factures.",
    } | changes


def workshop(**changes: Any) -> dict[str, Any]:
    return {
        "id": WORKSHOP_ID,
        "programme": "cesar",
        "cohort_id": "0190c1a0-0000-7000-8000-0000000000c0",
        "cohort_label": "2026",
        "theme": "Analyse des achats",
        "capacity": 12,
        "state": "scheduled",
        "reason": None,
        "registered": 0,
        "present": None,
        "meeting": meeting(),
        "invited": [CLAIRE, CLAIRE | {"name": "Paul Roux", "email": "paul@sete.example"}],
    } | changes


def registration(**changes: Any) -> dict[str, Any]:
    return {
        "id": REGISTRATION_ID,
        "programme": "cesar",
        "cohort_id": "0190c1a0-0000-7000-8000-0000000000c0",
        "cohort_label": "2026",
        "organisation_id": "0190c1a0-0000-7000-8000-00000000000b",
        "organisation_name": "Ville de Mauguio",
        "contact": CLAIRE,
        "state": "registered",
        "reason": None,
        "present_at": None,
        "presence": None,
        "meeting": meeting(),
    } | changes


def appointment(**changes: Any) -> dict[str, Any]:
    return {
        "id": APPOINTMENT_ID,
        "programme": "cesar",
        "organisation_id": "0190c1a0-0000-7000-8000-00000000000b",
        "organisation_name": "Ville de Mauguio",
        "adviser": JULIEN,
        "contact": CLAIRE,
        "state": "scheduled",
        "reason": None,
        "reported": False,
        "meeting": meeting(
            id=APPOINTMENT_ID, title="Ville de Mauguio – Julien Valmary", description="Nos clauses"
        ),
    } | changes


TRIGGERS: dict[str, dict[str, Any]] = {
    "workshop-announced": workshop(),
    "workshop-invitation": registration(),
    "workshop-waiting-list": registration(state="waiting"),
    "workshop-changed": registration(),
    "workshop-left": registration(state="withdrawn"),
    "workshop-cancelled": registration(state="cancelled", reason="L’intervenante est souffrante."),
    "workshop-reminder": registration(),
    "appointment-booked": appointment(),
    "appointment-moved": appointment(),
    "appointment-cancelled": appointment(state="cancelled", reason="Conseil municipal ce jour-là."),
    "appointment-reminder": appointment(),
    "appointment-reported": appointment(state="held"),
}
