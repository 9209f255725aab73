"""The data of events as other services publish them, in full, for the tests of what is written from them."""

from __future__ import annotations

from typing import Any

APPLICATION_ID = "0190c1a0-0000-7000-8000-000000000001"
SUPPLIER_ID = "0190c1a0-0000-7000-8000-000000000002"
ASSESSMENT_ID = "0190c1a0-0000-7000-8000-000000000003"
SHARING_ID = "0190c1a0-0000-7000-8000-000000000004"
SIGN_IN_ID = "0190c1a0-0000-7000-8000-000000000005"
SELF_REGISTRATION_ID = "0190c1a0-0000-7000-8000-000000000006"
JOIN_REQUEST_ID = "0190c1a0-0000-7000-8000-000000000007"
ROLE_INVITATION_ID = "0190c1a0-0000-7000-8000-00000000000a"
PERSON_REQUEST_ID = "0190c1a0-0000-7000-8000-000000000009"
BUYER_ID = "0190c1a0-0000-7000-8000-00000000000b"
FIRM_ID = "0190c1a0-0000-7000-8000-00000000000f"

HELENE = {"person_id": None, "name": "Hélène Çelik", "email": "helene@lunel.example", "locale": "fr"}
BRUNO = {"person_id": None, "name": "Bruno Faïsse", "email": "bruno@maraicher.example", "locale": "fr"}


def application(**changes: Any) -> dict[str, Any]:
    return {
        "id": APPLICATION_ID,
        "programme": "cesar",
        "cohort_id": "0190c1a0-0000-7000-8000-0000000000c0",
        "cohort_label": "2024",
        "organisation_id": BUYER_ID,
        "organisation_name": "Communauté d’agglomération Lunel",
        "legal_form": "public",
        "state": "submitted",
        "contact": HELENE,
        "return_reason": None,
        "reason": None,
        "submitted_at": "2026-03-12T13:32:00+00:00",
        "decided_at": None,
    } | changes


def agreement(**changes: Any) -> dict[str, Any]:
    return {
        "id": "0190c1a0-0000-7000-8000-000000000006",
        "programme": "cesar",
        "application_id": APPLICATION_ID,
        "organisation_name": "Communauté d’agglomération Lunel",
        "cohort_label": "2024",
        "state": "proposed",
        "contact": HELENE,
    } | changes


def juror(**changes: Any) -> dict[str, Any]:
    return {
        "id": "0190c1a0-0000-7000-8000-000000000008",
        "programme": "cesar",
        "cohort_id": "0190c1a0-0000-7000-8000-0000000000c0",
        "cohort_label": "2024",
        "state": "seated",
        "jury_on": "2026-04-20",
        "contact": HELENE,
    } | changes


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "id": APPLICATION_ID,
        "programme": "cesar",
        "cohort_label": "2024",
        "call_closes_on": "2026-04-12",
        "state": "open",
        "contact": HELENE,
        "url": "http://localhost:8000/drafts/abcdefghijklmnopqrstuvwxyz0123456789",
    } | changes


def supplier(**changes: Any) -> dict[str, Any]:
    return {
        "id": SUPPLIER_ID,
        "programme": "cesar",
        "organisation_id": FIRM_ID,
        "organisation_name": "Maraîchers de l’Étang",
        "siret": None,
        "state": "invited",
        "contact": BRUNO,
        "invited_by": [
            {
                "organisation_id": BUYER_ID,
                "organisation_name": "Ville de Mauguio",
                "invited_at": "2026-03-12T13:32:00+00:00",
            }
        ],
        "invitation_url": "http://localhost:8000/invitations/abcdefghijklmnopqrstuvwxyz0123456789",
        "invited_at": "2026-03-12T13:32:00+00:00",
        "enrolled_at": None,
    } | changes


def assessment(**changes: Any) -> dict[str, Any]:
    return {
        "id": ASSESSMENT_ID,
        "programme": "cesar",
        "organisation_id": FIRM_ID,
        "organisation_name": "Maraîchers de l’Étang",
        "referential": "supplier-etat-des-lieux",
        "referential_version": "2026.1",
        "state": "submitted",
        "answered": 9,
        "applicable": 10,
        "score": 56.4,
        "level": 3,
        "themes": [
            {"key": "governance", "label": "Gouvernance", "score": 40.0},
            {"key": "environment", "label": "Environnement", "score": 71.5},
            {"key": "people", "label": "Femmes et hommes", "score": 66.0},
            {"key": "local", "label": "Ancrage local", "score": None},
        ],
        "trust": {"declared": 0.8, "evidenced": 0.2, "verified": 0.0},
        "contact": BRUNO,
        "assigned_at": "2026-03-12T13:32:00+00:00",
        "started_at": "2026-03-12T13:40:00+00:00",
        "submitted_at": "2026-03-12T14:02:00+00:00",
        "validated_at": None,
        "comment": None,
    } | changes


def sharing(**changes: Any) -> dict[str, Any]:
    return {
        "id": SHARING_ID,
        "programme": "cesar",
        "assessment_id": ASSESSMENT_ID,
        "supplier_organisation_id": FIRM_ID,
        "supplier_name": "Maraîchers de l’Étang",
        "buyer_organisation_id": BUYER_ID,
        "buyer_name": "Ville de Mauguio",
        "scope": ["level", "themes"],
        "level": 3,
        "score": 56.4,
    } | changes


def sign_in(**changes: Any) -> dict[str, Any]:
    return {
        "id": SIGN_IN_ID,
        "person_id": "0190c1a0-0000-7000-8000-00000000000a",
        "name": "Hélène Çelik",
        "email": "helene@lunel.example",
        "locale": "fr",
        "url": "http://localhost:8000/sign-in/abcdefghijklmnopqrstuvwxyz0123456789abcdef",
        "expires_at": "2026-03-12T14:02:00+00:00",
    } | changes


def person_request(**changes: Any) -> dict[str, Any]:
    return {
        "id": PERSON_REQUEST_ID,
        "programme": "cesar",
        "state": "asked",
        "contact": HELENE,
        "reason": None,
        "url": None,
        "expires_at": "2026-03-19T13:02:00+00:00",
    } | changes


def self_registration(**changes: Any) -> dict[str, Any]:
    return {
        "id": SELF_REGISTRATION_ID,
        "programme": "cesar",
        "organisation_name": "Maraîchers de l’Étang",
        "contact": BRUNO,
        "url": "http://localhost:8000/register/abcdefghijklmnopqrstuvwxyz0123456789abcdef",
        "expires_at": "2026-03-14T14:02:00+00:00",
    } | changes


def join_request(**changes: Any) -> dict[str, Any]:
    return {
        "id": JOIN_REQUEST_ID,
        "programme": "cesar",
        "organisation_id": FIRM_ID,
        "organisation_name": "Maraîchers de l’Étang",
        "state": "open",
        "contact": BRUNO,
        "asked_at": "2026-03-12T14:02:00+00:00",
        "decided_at": None,
    } | changes


def role_invitation(**changes: Any) -> dict[str, Any]:
    return {
        "id": ROLE_INVITATION_ID,
        "programme": "cesar",
        "role": "buyer",
        "organisation_id": FIRM_ID,
        "organisation_name": "Ville de Mauguio",
        "state": "open",
        "inviter_name": "Claire Martin",
        "contact": {"person_id": None, "name": "Paul Serre", "email": "paul@mauguio.example", "locale": "fr"},
        "expires_at": "2026-03-27T09:00:00+00:00",
        "url": "http://localhost:8000/welcome/abcdefghijklmnop",
    } | changes


def address_change(**changes: Any) -> dict[str, Any]:
    return {
        "id": "0190c1a0-0000-7000-8000-000000008100",
        "person_id": "0190c1a0-0000-7000-8000-000000008101",
        "state": "asked",
        "is_taken": False,
        "contact": {"person_id": None, "name": "", "email": "helene.c@lunel.example", "locale": "fr"},
        "former_contact": {
            "person_id": None,
            "name": "Hélène Çelik",
            "email": "helene@lunel.example",
            "locale": "fr",
        },
        "masked_email": "h…@lunel.example",
        "expires_at": "2026-03-12T17:32:00+00:00",
        "objection_until": "2026-03-19T13:32:00+00:00",
        "url": "http://localhost:8000/account/address/abcdefghijklmnop",
        "objection_url": "http://localhost:8000/account/address/objection/abcdefghijklmnop",
    } | changes
