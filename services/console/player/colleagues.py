"""Colleagues of the demonstration: one who is invited and awaited, and one who buys for two organisations."""

from __future__ import annotations

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.cast import BUYERS
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.handlers.role_invitations import InviteIntoRole, accept_role, invite_into_role

_TOWN, _ITS_COMMUNITY = "mauguio", "pays-de-l-or"


def invite_colleagues(cast: EnrolmentPlayer, public_url: str, unit_of_work: UnitOfWork) -> None:
    """The manager awaits a funder; who buys for Mauguio buys for the community that it belongs to as well."""
    inviter_id, inviter_name = cast.staff[Role.MANAGER]
    town = next(buyer for buyer in BUYERS if buyer.key == _TOWN)
    invitations = (
        (PersonGrant(Role.FUNDER, cast.programme), "Nadège Rieutord", "nadege.rieutord@region.example"),
        (
            PersonGrant(Role.BUYER, cast.programme, cast.buyers[_ITS_COMMUNITY]),
            town.contact.name,
            town.contact.email,
        ),
    )
    for grant, name, email in invitations:
        command = InviteIntoRole(
            grant=grant,
            name=name,
            email=email,
            locale="fr",
            inviter_id=inviter_id,
            inviter_name=inviter_name,
        )
        invite_into_role(command, public_url, unit_of_work)
        unit_of_work.session.flush()
        if grant.role is Role.BUYER:
            token = unit_of_work.recorded[-1].data["url"].rpartition("/")[2]
            accept_role(token, name, unit_of_work)
            unit_of_work.session.flush()
