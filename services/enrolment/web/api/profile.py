"""One's own profile, for programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from services.chassis.web.access import requires
from services.chassis.web.session import refuse_programs, signed_in_person
from services.chassis.web.work import reading, runtime, unit_of_work
from services.enrolment.domain.person import Person
from services.enrolment.handlers.profile import addresses, profiles
from services.enrolment.personal_links import objection_address
from services.enrolment.storage.address_changes import waiting_change
from services.enrolment.storage.contacts import phone_of
from services.enrolment.web.schemas.profile import (
    NewAddressSchema,
    OwnProfileSchema,
    WaitingAddressSchema,
    own_profile,
)
from services.enrolment.web.visible_people import own_account

profile_api = Blueprint(
    "profile_api",
    __name__,
    url_prefix="/account/profile",
    description="One's own name, language and address.",
)


@profile_api.get("")
@requires()
@profile_api.etag
@profile_api.response(200, OwnProfileSchema)
@profile_api.alt_response(404, "NOT_FOUND")
def get_profile() -> dict[str, Any]:
    """The caller's own profile, with the new address that waits for a confirmation if there is one."""
    with reading() as session:
        return _profile(session)


@profile_api.put("")
@requires()
@profile_api.etag
@profile_api.arguments(OwnProfileSchema)
@profile_api.response(200, OwnProfileSchema)
def change_profile(details: dict[str, Any]) -> dict[str, Any]:
    """Change name, language of mails and telephone number. The address changes by a link only."""
    person_id = signed_in_person().person_id
    with unit_of_work() as work:
        work.get(Person, person_id, lock=True)
        profile_api.check_etag(_profile(work.session), OwnProfileSchema)
        profiles.change_profile(profiles.ChangeProfile(person_id=person_id, **details), work)
        work.session.flush()
        return _profile(work.session)


@profile_api.post("/address")
@requires()
@profile_api.arguments(NewAddressSchema)
@profile_api.response(202, WaitingAddressSchema)
def ask_for_address(details: dict[str, Any]) -> Any:
    """Ask for another address. It changes when its reader opens the link, signed in as the caller.

    What waited before is replaced. 403 for a token: whoever has the address has the account.
    """
    refuse_programs()
    settings = runtime().settings
    command = addresses.AskForAddress(person_id=signed_in_person().person_id, **details)
    with unit_of_work() as work:
        return addresses.ask_for_address(
            command, settings.public_url, partial(objection_address, settings), work
        )


@profile_api.delete("/address")
@requires()
@profile_api.response(204)
def cancel_address() -> None:
    """Keep the address that one has. 409 when no other waits for a confirmation; 403 for a token."""
    refuse_programs()
    with unit_of_work() as work:
        addresses.cancel_change(signed_in_person().person_id, work)


def _profile(session: Session) -> dict[str, Any]:
    person = own_account(session)
    waiting = waiting_change(session, person.id, runtime().clock())
    return own_profile(person, phone_of(session, person.id), waiting)
