"""What people ask about their data in the story: copies and erasures, granted, declined and withdrawn."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from services.chassis.unit_of_work import UnitOfWork
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.personal_data import ErasureState, PersonErasure
from services.enrolment.handlers.people import RegisterPerson, register_person, request_sign_in
from services.enrolment.handlers.personal_data import accounts, erasures, exports
from services.enrolment.storage.tables import person_erasures

PUBLIC_URL = "http://localhost:8000"
Happening = tuple[timedelta, Callable[[UnitOfWork], object]]
_HOUR = timedelta(hours=1)


class Requests:
    """One juror who leaves, and one who stays."""

    def __init__(self, cast: EnrolmentPlayer) -> None:
        self.programme = cast.programme
        self.people: dict[str, UUID] = {}
        self.links: list[str] = []

    def happenings(self) -> Iterator[Happening]:
        yield _HOUR, self._arrive
        yield _HOUR, lambda work: exports.request_export(self.people["remi"], self.people["remi"], work)
        yield _HOUR, lambda work: self._ask("remi", work)
        yield _HOUR, self._confirm
        yield _HOUR, lambda work: self._decline("The call is under way.", work)
        yield _HOUR, lambda work: self._ask("remi", work)
        yield _HOUR, lambda work: erasures.withdraw_erasure(self._open(work), work)
        yield _HOUR, lambda work: self._ask("ines", work)
        yield _HOUR, self._confirm
        yield _HOUR, lambda work: erasures.grant_erasure(self._open(work), self.people["remi"], work)
        yield _HOUR, self._warn_the_other

    def _arrive(self, work: UnitOfWork) -> None:
        for key, name in (("ines", "Inès Daumas"), ("remi", "Rémi Ortolan")):
            email = f"{key}@jury.example"
            command = RegisterPerson(name=name, email=email, grant=PersonGrant(Role.JURY, self.programme))
            self.people[key] = register_person(command, work).id
            work.session.flush()
            request_sign_in(email, PUBLIC_URL, work)

    def _ask(self, key: str, work: UnitOfWork) -> None:
        erasures.request_erasure(self.people[key], self.people[key], PUBLIC_URL, work)
        self.links += [event.data["url"] for event in work.recorded if event.data.get("url")]

    def _decline(self, reason: str, work: UnitOfWork) -> None:
        erasures.decline_erasure(self._open(work), reason, self.people["ines"], work)

    def _confirm(self, work: UnitOfWork) -> None:
        erasures.confirm_erasure(self.links[-1].rpartition("/")[2], work)

    def _open(self, work: UnitOfWork) -> UUID:
        waits = (ErasureState.ASKED, ErasureState.CONFIRMED)
        query = select(PersonErasure).where(person_erasures.c.state.in_(waits))
        return work.session.scalars(query).one().id

    def _warn_the_other(self, work: UnitOfWork) -> None:
        person = work.get(Person, self.people["remi"])
        accounts.note_account_use(person.id, work.now - timedelta(days=1200), work)
        accounts.warn_accounts(work, work.now - timedelta(days=1100))
