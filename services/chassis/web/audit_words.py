"""What was done, in words: an event's type or a route, as people read it in the audit log."""

from __future__ import annotations

from services.chassis.audit import BY_ITSELF, DONE, REFUSED
from services.chassis.web.i18n import N_, gettext

_ROLES = {
    "manager": N_("Programme manager"),
    "adviser": N_("Adviser"),
    "jury": N_("Jury"),
    "buyer": N_("Buyer"),
    "supplier": N_("Supplier"),
    "funder": N_("Funder"),
    "operator": N_("Operator"),
    BY_ITSELF: N_("by itself"),
}
_OUTCOMES = {DONE: N_("Done"), REFUSED: N_("Refused")}
_CHANNELS = {"page": N_("Page"), "api": N_("API"), "console": N_("Console")}
_ACTIONS = {
    "file.downloaded": N_("Downloaded a file"),
    "api_token.used": N_("Used an API token"),
    "POST /sign-in": N_("Asked for a sign-in link"),
    "POST /sign-in/<token>": N_("Sign-in"),
    "POST /sign-out": N_("Signed out"),
    "GET /sign-in/openid/return": N_("Sign-in"),
}
_THINGS = {
    "address_change": N_("Change of address"),
    "adviser_assignment": N_("Adviser of a buyer"),
    "agreement": N_("Agreement"),
    "application": N_("Application"),
    "application_draft": N_("Application draft"),
    "appointment": N_("Appointment"),
    "assessment": N_("Self-assessment"),
    "cohort": N_("Cohort"),
    "join_request": N_("Request to join"),
    "juror": N_("Jury member"),
    "message": N_("Message"),
    "organisation": N_("Organisation"),
    "person": N_("Person"),
    "person_data": N_("Personal data"),
    "programme": N_("Programme"),
    "role_invitation": N_("Invitation into a role"),
    "self_registration": N_("Registration of a supplier"),
    "session": N_("Sign-in"),
    "sharing": N_("Sharing"),
    "sign_in": N_("Sign-in"),
    "supplier": N_("Supplier"),
    "workshop": N_("Workshop"),
    "workshop_registration": N_("Registration for a workshop"),
}
_DEEDS = {
    "absent": N_("absent"),
    "accepted": N_("accepted"),
    "account_ending": N_("account about to be erased"),
    "activated": N_("active"),
    "assigned": N_("handed over"),
    "attended": N_("present"),
    "begun": N_("begun"),
    "booked": N_("booked"),
    "buyer_signed": N_("signed by the buyer"),
    "cancelled": N_("cancelled"),
    "changed": N_("changed"),
    "changes_requested": N_("changes asked for"),
    "closing_soon": N_("reminded of"),
    "collected": N_("collected"),
    "completed": N_("completed"),
    "confirmed": N_("confirmed"),
    "corrected": N_("corrected"),
    "created": N_("created"),
    "declined": N_("declined"),
    "ended": N_("ended"),
    "enrolled": N_("enrolled"),
    "erased": N_("erased"),
    "erasure_confirmed": N_("erasure confirmed"),
    "erasure_declined": N_("erasure declined"),
    "erasure_requested": N_("erasure asked for"),
    "erasure_to_decide": N_("erasure to be decided"),
    "erasure_withdrawn": N_("erasure no longer asked for"),
    "export_ready": N_("copy ready"),
    "export_requested": N_("copy asked for"),
    "failed": N_("failed"),
    "fell_dormant": N_("dormant"),
    "granted": N_("granted"),
    "held": N_("held"),
    "invited": N_("invited"),
    "left": N_("left"),
    "made": N_("made"),
    "merged": N_("merged"),
    "moved": N_("moved"),
    "objected": N_("objected to"),
    "opened": N_("opened"),
    "place_offered": N_("place offered"),
    "planned": N_("planned"),
    "proposed": N_("proposed"),
    "registered": N_("registered"),
    "removed": N_("removed"),
    "reopened": N_("opened again"),
    "reported": N_("reported on"),
    "requested": N_("requested"),
    "resumed": N_("stays after all"),
    "returned": N_("returned"),
    "review_started": N_("review begun"),
    "revoked": N_("revoked"),
    "scheduled": N_("scheduled"),
    "sent": N_("sent"),
    "signed": N_("signed"),
    "siret_asked": N_("SIRET asked for"),
    "started": N_("started"),
    "submitted": N_("submitted"),
    "suppressed": N_("not sent"),
    "unmerged": N_("told apart again"),
    "updated": N_("updated"),
    "used": N_("used"),
    "validated": N_("validated"),
    "voided": N_("voided"),
    "waitlisted": N_("on the waiting list"),
    "withdrawn": N_("withdrawn"),
}


_OTHER = N_("Another action")
_NOTES = {
    "calls": N_("Noted a call"),
    "notes": N_("Note"),
    "note": N_("Note"),
    "phone": N_("Noted a telephone number"),
}
# What a way is about, by the parts of its address: the last that says something counts.
_PLACES = {
    **_NOTES,
    "account": N_("Own account"),
    "address": N_("Address"),
    "advisers": _THINGS["adviser_assignment"],
    "agenda": N_("Calendar"),
    "agreement": _THINGS["agreement"],
    "agreements": _THINGS["agreement"],
    "answers": _THINGS["assessment"],
    "applications": _THINGS["application"],
    "apply": _THINGS["application"],
    "appointments": _THINGS["appointment"],
    "assessment": _THINGS["assessment"],
    "attendance": N_("Attendance"),
    "call": N_("Call for applications"),
    "check-in": N_("Attendance"),
    "cohorts": _THINGS["cohort"],
    "conflict": N_("Conflict of interest"),
    "conflict-of-interest": N_("Conflict of interest"),
    "contact": N_("Contact"),
    "data": _THINGS["person_data"],
    "decision": N_("Decision"),
    "decisions": N_("Decision"),
    "drafts": _THINGS["application_draft"],
    "duplicates": N_("Duplicates"),
    "end-sign-ins": _THINGS["sign_in"],
    "failed": N_("Event that could not be handled"),
    "files": N_("File"),
    "imports": N_("Import of suppliers"),
    "invitation": N_("Invitation"),
    "invitations": N_("Invitation"),
    "invite": N_("Invitation"),
    "join-requests": _THINGS["join_request"],
    "jury": _ROLES["jury"],
    "leaving": N_("Departure"),
    "merges": N_("Duplicates"),
    "messages": _THINGS["message"],
    "openid": _THINGS["sign_in"],
    "offer": N_("Place that was offered"),
    "organisation": _THINGS["organisation"],
    "organisations": _THINGS["organisation"],
    "people": _THINGS["person"],
    "preferences": N_("Mail preferences"),
    "privacy": _THINGS["person_data"],
    "profile": N_("Own account"),
    "programmes": _THINGS["programme"],
    "proofs": N_("Proof"),
    "questions": _THINGS["assessment"],
    "register": N_("Registration"),
    "registrations": N_("Registration"),
    "report": N_("Report"),
    "review": N_("Review"),
    "reviews": N_("Review"),
    "role": N_("Role"),
    "roles": N_("Role"),
    "sharing": _THINGS["sharing"],
    "sharings": _THINGS["sharing"],
    "sign-in": _THINGS["sign_in"],
    "sign-ins": _THINGS["sign_in"],
    "siret": N_("SIRET"),
    "siret-request": N_("SIRET"),
    "slots": N_("Times offered for appointments"),
    "suppliers": _THINGS["supplier"],
    "tokens": N_("API token"),
    "unsubscribe": N_("Mail preferences"),
    "welcome": N_("Invitation"),
    "workshops": _THINGS["workshop"],
    "your-data": _THINGS["person_data"],
}


def action_words(action: str) -> str:
    """An action of the log for people; an event that has no words of its own is shown as it is written."""
    if action in _ACTIONS:
        return gettext(_ACTIONS[action])
    if "/" in action:
        parts = reversed(action.partition("/")[2].split("/"))
        return gettext(next((_PLACES[part] for part in parts if part in _PLACES), _OTHER))
    _service, _dot, told = action.partition(".")
    thing, _dot, deed = told.partition(".")
    if thing in _THINGS:
        written = gettext(_DEEDS[deed]) if deed in _DEEDS else deed.replace("_", " ")
        return gettext("%(thing)s: %(deed)s", thing=gettext(_THINGS[thing]), deed=written)
    return action


def outcome_word(outcome: str) -> str:
    return gettext(_OUTCOMES[outcome])


def channel_word(channel: str) -> str:
    """By which way it was asked for."""
    return gettext(_CHANNELS[channel])


def role_word(role: str | None) -> str:
    return gettext(_ROLES[role]) if role in _ROLES else role or ""
