"""What was done, in words: an event's type or a route, as people read it in the audit log."""

from __future__ import annotations

from services.chassis.web.i18n import N_, gettext

_ROLES = {
    "manager": N_("Manager"),
    "adviser": N_("Adviser"),
    "jury": N_("Jury"),
    "buyer": N_("Buyer"),
    "supplier": N_("Supplier"),
    "funder": N_("Funder"),
    "operator": N_("Operator"),
}
_ACTIONS = {
    "file.downloaded": N_("Downloaded a file"),
    "api_token.used": N_("Used an API token"),
    "POST /sign-in": N_("Asked for a sign-in link"),
    "POST /sign-in/<token>": N_("Sign-in"),
    "POST /sign-out": N_("Signed out"),
    "GET /sign-in/openid/return": N_("Sign-in"),
}
_THINGS = {
    "adviser_assignment": N_("Adviser of a buyer"),
    "agreement": N_("Agreement"),
    "application": N_("Application"),
    "application_draft": N_("Application draft"),
    "appointment": N_("Appointment"),
    "assessment": N_("Self-assessment"),
    "cohort": N_("Cohort"),
    "join_request": N_("Request to join"),
    "message": N_("Message"),
    "organisation": N_("Organisation"),
    "person": N_("Person"),
    "programme": N_("Programme"),
    "sharing": N_("Sharing"),
    "sign_in": N_("Sign-in"),
    "supplier": N_("Supplier"),
    "workshop": N_("Workshop"),
    "workshop_registration": N_("Registration for a workshop"),
}
_DEEDS = {
    "accepted": N_("accepted"),
    "attended": N_("present"),
    "absent": N_("absent"),
    "booked": N_("booked"),
    "cancelled": N_("cancelled"),
    "changed": N_("changed"),
    "completed": N_("completed"),
    "created": N_("created"),
    "declined": N_("declined"),
    "enrolled": N_("enrolled"),
    "fell_dormant": N_("dormant"),
    "granted": N_("granted"),
    "held": N_("held"),
    "invited": N_("invited"),
    "left": N_("left"),
    "merged": N_("merged"),
    "opened": N_("opened"),
    "planned": N_("planned"),
    "registered": N_("registered"),
    "requested": N_("requested"),
    "returned": N_("returned"),
    "revoked": N_("revoked"),
    "scheduled": N_("scheduled"),
    "signed": N_("signed"),
    "started": N_("started"),
    "submitted": N_("submitted"),
    "updated": N_("updated"),
    "validated": N_("validated"),
    "voided": N_("voided"),
    "withdrawn": N_("withdrawn"),
}


_OTHER = N_("Another action")
_ENDINGS = {
    "/calls": N_("Noted a call"),
    "/notes": N_("Wrote a note"),
    "/phone": N_("Noted a telephone number"),
}


def action_words(action: str) -> str:
    """An action of the log for people; an event that has no words of its own is shown as it is written."""
    if action in _ACTIONS:
        return gettext(_ACTIONS[action])
    if "/" in action:
        ending = action[action.rindex("/") :]
        return gettext(_ENDINGS.get(ending, _OTHER))
    _service, _dot, told = action.partition(".")
    thing, _dot, deed = told.partition(".")
    if thing in _THINGS:
        written = gettext(_DEEDS[deed]) if deed in _DEEDS else deed.replace("_", " ")
        return gettext("%(thing)s: %(deed)s", thing=gettext(_THINGS[thing]), deed=written)
    return action


def role_word(role: str | None) -> str:
    return gettext(_ROLES[role]) if role in _ROLES else role or ""
