"""What each letter is written from: the data of the event that starts its workflow, and the rest."""

from __future__ import annotations

from typing import Any

from tests.unit.notifications import meeting_samples, samples


def trigger_data(workflow_key: str) -> dict[str, Any]:
    """The data of an event that starts the workflow of this key."""
    comment = "Merci de préciser la question 4 :\nquelles sont vos quantités de déchets ?"
    by_key: dict[str, dict[str, Any]] = {
        "sign-in-link": samples.sign_in(),
        "application-received": samples.application(),
        "application-to-review": samples.application(),
        "application-returned": samples.application(
            state="draft",
            return_reason="incomplete",
            reason="Il manque la délibération de votre conseil.\nVous pouvez la joindre en PDF.",
        ),
        "application-accepted": samples.application(
            state="accepted", reason="Votre projet de cantine nous a convaincus."
        ),
        "application-waitlisted": samples.application(state="waitlisted"),
        "application-place-offered": samples.application(
            state="waitlisted", offered_until="2026-03-19T17:00:00+00:00"
        ),
        "application-offer-lapsed": samples.application(state="withdrawn", offer_end="lapsed"),
        "application-offer-passed-on": samples.application(state="withdrawn", offer_end="passed_on"),
        "application-withdrawn": samples.application(
            state="withdrawn", withdrawn_by="team", reason="Sans réponse à nos trois rappels."
        ),
        "application-siret-asked": samples.application(state="accepted"),
        "application-given-up": samples.application(state="withdrawn", withdrawn_by="applicant"),
        "application-left": samples.application(
            state="left", left_on="2026-03-10", reason="Le service des achats est réorganisé."
        ),
        "application-resumed": samples.application(state="enrolled"),
        "address-to-confirm": samples.address_change(),
        "address-is-taken": samples.address_change(is_taken=True, url=None),
        "address-change-asked": samples.address_change(),
        "address-changed": samples.address_change(state="confirmed", url=None),
        "jury-invitation": samples.juror(),
        "agreement-to-sign": samples.agreement(),
        "agreement-reminder": samples.agreement(),
        "agreement-to-countersign": samples.agreement(state="buyer_signed"),
        "agreement-signed": samples.agreement(state="signed"),
        "application-draft-link": samples.draft(),
        "application-draft-reminder": samples.draft(),
        "application-declined": samples.application(
            state="declined", reason="La disponibilité d’un référent achats n’est pas assurée cette année."
        ),
        "supplier-invitation": samples.supplier(),
        "supplier-invitation-reminder-1": samples.supplier(),
        "supplier-invitation-reminder-2": samples.supplier(),
        "supplier-welcome": samples.supplier(state="enrolled", enrolled_at="2026-03-13T09:00:00+00:00"),
        "self-registration-link": samples.self_registration(),
        "join-request-to-answer": samples.join_request(),
        "join-request-granted": samples.join_request(state="granted", decided_at="2026-03-13T09:00:00+00:00"),
        "role-invitation": samples.role_invitation(),
        "role-granted": samples.role_invitation(
            role="adviser", organisation_id=None, organisation_name=None, state="accepted", url=None
        ),
        "join-request-declined": samples.join_request(
            state="declined",
            decided_at="2026-03-13T09:00:00+00:00",
            reason="Madame Sabatier, votre contact, ne vous connaît pas.",
        ),
        "person-copy-ready": samples.person_request(),
        "person-erasure-to-confirm": samples.person_request(
            state="asked", url="http://localhost:8000/account/data/erasure/abcdefghijklmnopqrstuvwxyz"
        ),
        "person-erasure-to-decide": samples.person_request(state="confirmed"),
        "person-erasure-received": samples.person_request(
            state="confirmed", answer_due="2026-12-23T09:00:00Z"
        ),
        "person-erasure-declined": samples.person_request(
            state="declined", reason="Votre convention court encore."
        ),
        "person-account-ending": {
            "id": samples.PERSON_REQUEST_ID,
            "contact": samples.HELENE,
            "ends_on": "2026-04-12",
        },
        "person-erased": {"programme": "cesar"},
        "assessment-received": samples.assessment(),
        "assessment-to-review": samples.assessment(),
        "assessment-validated": samples.assessment(
            state="validated", comment="Beau travail sur les emballages."
        ),
        "assessment-changes-requested": samples.assessment(state="in_progress", comment=comment),
        "result-shared": samples.sharing(),
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
