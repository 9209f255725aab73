"""The data of events as other services publish them, in full, for the tests of what is written from them."""

from __future__ import annotations

from typing import Any

from tests.unit.notifications import meeting_samples

APPLICATION_ID = "0190c1a0-0000-7000-8000-000000000001"
SUPPLIER_ID = "0190c1a0-0000-7000-8000-000000000002"
ASSESSMENT_ID = "0190c1a0-0000-7000-8000-000000000003"
SHARING_ID = "0190c1a0-0000-7000-8000-000000000004"
SIGN_IN_ID = "0190c1a0-0000-7000-8000-000000000005"
SELF_REGISTRATION_ID = "0190c1a0-0000-7000-8000-000000000006"
JOIN_REQUEST_ID = "0190c1a0-0000-7000-8000-000000000007"
ROLE_INVITATION_ID = "0190c1a0-0000-7000-8000-00000000000a"
PERSON_REQUEST_ID = "0190c1a0-0000-7000-8000-000000000009"
_ERASURE = "http://localhost:8000/account/data/erasure"
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


def trigger_data(workflow_key: str) -> dict[str, Any]:
    """The data of an event that starts the workflow of this key."""
    comment = "Merci de préciser la question 4 :\nquelles sont vos quantités de déchets ?"
    by_key: dict[str, dict[str, Any]] = {
        "sign-in-link": sign_in(),
        "application-received": application(),
        "application-to-review": application(),
        "application-returned": application(
            state="draft",
            return_reason="incomplete",
            reason="Il manque la délibération de votre conseil.\nVous pouvez la joindre en PDF.",
        ),
        "application-accepted": application(
            state="accepted", reason="Votre projet de cantine nous a convaincus."
        ),
        "application-waitlisted": application(state="waitlisted"),
        "application-place-offered": application(
            state="waitlisted", offered_until="2026-03-19T17:00:00+00:00"
        ),
        "application-offer-lapsed": application(state="withdrawn", offer_end="lapsed"),
        "application-offer-passed-on": application(state="withdrawn", offer_end="passed_on"),
        "application-left": application(
            state="left", left_on="2026-03-10", reason="Le service des achats est réorganisé."
        ),
        "application-resumed": application(state="enrolled"),
        "address-to-confirm": address_change(),
        "address-is-taken": address_change(is_taken=True, url=None),
        "address-change-asked": address_change(),
        "address-changed": address_change(state="confirmed", url=None),
        "jury-invitation": juror(),
        "agreement-to-sign": agreement(),
        "agreement-reminder": agreement(),
        "agreement-to-countersign": agreement(state="buyer_signed"),
        "agreement-signed": agreement(state="signed"),
        "application-draft-link": draft(),
        "application-draft-reminder": draft(),
        "application-declined": application(
            state="declined", reason="La disponibilité d’un référent achats n’est pas assurée cette année."
        ),
        "supplier-invitation": supplier(),
        "supplier-invitation-reminder-1": supplier(),
        "supplier-invitation-reminder-2": supplier(),
        "supplier-welcome": supplier(state="enrolled", enrolled_at="2026-03-13T09:00:00+00:00"),
        "self-registration-link": self_registration(),
        "join-request-to-answer": join_request(),
        "join-request-granted": join_request(state="granted", decided_at="2026-03-13T09:00:00+00:00"),
        "role-invitation": role_invitation(),
        "role-granted": role_invitation(
            role="adviser", organisation_id=None, organisation_name=None, state="accepted", url=None
        ),
        "join-request-declined": join_request(state="declined", decided_at="2026-03-13T09:00:00+00:00"),
        "person-copy-ready": person_request(),
        "person-erasure-to-confirm": person_request(
            state="asked", url=f"{_ERASURE}/abcdefghijklmnopqrstuvwxyz"
        ),
        "person-erasure-to-decide": person_request(state="confirmed"),
        "person-erasure-declined": person_request(state="declined", reason="Votre convention court encore."),
        "person-account-ending": {"id": PERSON_REQUEST_ID, "contact": HELENE, "ends_on": "2026-04-12"},
        "person-erased": {"programme": "cesar"},
        "assessment-received": assessment(),
        "assessment-to-review": assessment(),
        "assessment-validated": assessment(state="validated", comment="Beau travail sur les emballages."),
        "assessment-changes-requested": assessment(state="in_progress", comment=comment),
        "result-shared": sharing(),
        **meeting_samples.TRIGGERS,
        "weekly-digest": {
            "items": [
                {
                    "subject": "Nouvelle candidature : Ville de Sète (promotion 2024)",
                    "link": "http://localhost:8000/applications/1",
                    "occurred_at": "2026-03-12T13:32:00+00:00",
                },
                {
                    "subject": "État des lieux à relire : Maraîchers de l’Étang",
                    "link": "http://localhost:8000/assessment/assessments/2",
                    "occurred_at": "2026-03-13T13:32:00+00:00",
                },
            ]
        },
    }
    return by_key[workflow_key]


def letter_values(workflow_key: str, **changes: Any) -> dict[str, Any]:
    """Everything that the template of a workflow is given."""
    return (
        trigger_data(workflow_key)
        | {
            "sender_name": "C.E.S.A.R.",
            "contact_email": "cesar@cci.example",
            "recipient": {"name": "Hélène Çelik"},
            "link": "http://localhost:8000/somewhere/abcdefghijklmnop",
            "preferences_link": None,
            "unsubscribe_link": "http://localhost:8000/notifications/unsubscribe/abcdefg",
        }
        | changes
    )
