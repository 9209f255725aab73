"""Of the story, what happens to people: they sign in, and out, and colleagues are invited."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.chassis import sessions
from services.chassis.unit_of_work import UnitOfWork
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.user_session import SignInWay, UserSession
from services.enrolment.handlers import role_invitations, user_sessions
from services.enrolment.handlers.profile import addresses

_URL = "http://localhost:8000"
_SERVICES = ("enrolment", "assessment", "notifications", "reporting")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class People:
    """The manager, who looks into every service, signs out, and lets colleagues in."""

    cast: EnrolmentPlayer
    begun: UserSession | None = None
    change_id: UUID | None = None

    def happenings(self) -> Iterator[tuple[str, timedelta, Callable[[UnitOfWork], object]]]:
        """In which service, how long after the one before, and what."""
        yield "enrolment", _DAY, self._sign_in
        for service in _SERVICES:
            yield service, _HOUR, partial(self._look, service)
        yield "enrolment", _HOUR, self._sign_out
        team = PersonGrant(Role.FUNDER, self.cast.programme)
        buyer = PersonGrant(Role.BUYER, self.cast.programme, next(iter(self.cast.buyers.values())))
        yield "enrolment", _HOUR, partial(self._invite, "colleague@cci.example", team)
        yield "enrolment", _HOUR, partial(self._invite, "other@cci.example", buyer)
        yield "enrolment", _HOUR, lambda work: self._invite(self._adviser(work).email, team, work)
        for happening in (self._take_back_an_address, self._change_address, self._object):
            yield "enrolment", _HOUR, happening

    def _sign_in(self, work: UnitOfWork) -> None:
        manager = work.get(Person, self.cast.staff[Role.MANAGER][0])
        command = user_sessions.StartSession(person=manager, way=SignInWay.LINK, device="Firefox · Linux")
        self.begun = user_sessions.start_session(command, work)

    def _look(self, service: str, work: UnitOfWork) -> None:
        assert self.begun is not None
        sessions.tell_use(work, service, self.begun.id, self.begun.person_id, self.begun.expires_at)

    def _sign_out(self, work: UnitOfWork) -> None:
        assert self.begun is not None
        user_sessions.end_session(self.begun.id, self.begun.person_id, work)

    def _invite(self, email: str, grant: PersonGrant, work: UnitOfWork) -> None:
        """The first accepts, the second is not to come after all, the third thinks about it."""
        inviter, name = self.cast.staff[Role.MANAGER]
        command = role_invitations.InviteIntoRole(
            grant=grant,
            name="Paul Serre",
            email=email,
            locale="fr",
            inviter_id=inviter,
            inviter_name=name,
        )
        invitation = role_invitations.invite_into_role(command, _URL, work)
        work.session.flush()
        if email.startswith("other"):
            role_invitations.withdraw(invitation.id, work)
        elif email.startswith("colleague"):
            token = work.recorded[-1].data["url"].rpartition("/")[2]
            role_invitations.accept_role(token, "Paul Serre", work)

    def _take_back_an_address(self, work: UnitOfWork) -> None:
        self._ask("mistyped@cci.example", work)
        addresses.cancel_change(self._adviser(work).id, work)

    def _change_address(self, work: UnitOfWork) -> None:
        adviser = self._adviser(work)
        token = self._ask("new.address@cci.example", work)
        addresses.confirm_change(token, adviser.id, None, self._objection_address, work)

    def _object(self, work: UnitOfWork) -> None:
        """It was not the adviser who asked."""
        assert self.change_id is not None
        addresses.object_to_change(self.change_id, work)

    def _ask(self, email: str, work: UnitOfWork) -> str:
        """The secret of the link that comes by mail."""
        command = addresses.AskForAddress(person_id=self._adviser(work).id, email=email)
        change = addresses.ask_for_address(command, _URL, self._objection_address, work)
        work.session.flush()
        self.change_id = change.id
        return str(work.recorded[-1].data["url"]).rpartition("/")[2]

    def _objection_address(self, change_id: UUID) -> str:
        return f"{_URL}/account/address/objection/{change_id}"

    def _adviser(self, work: UnitOfWork) -> Person:
        return work.get(Person, self.cast.staff[Role.ADVISER][0])
