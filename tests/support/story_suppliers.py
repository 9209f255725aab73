"""The story's suppliers who come by other ways than an invitation, and of whom two turn out to be one."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.synthetic_siret import synthetic_siret
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.merging import Merge
from services.enrolment.domain.person import Role
from services.enrolment.domain.self_registration import JoinRequest
from services.enrolment.handlers import importing, merging, self_registration, supplier_changes, suppliers
from services.enrolment.handlers.supplier_dormancy import let_fall_dormant
from services.enrolment.storage import queries
from tests.support.story_meetings import Happening

SIRET = synthetic_siret(777)
_PUBLIC_URL = "http://localhost:8000"
_LIST = [
    ["Entreprise", "Mail", "SIRET", "Ville", "NAF", "Effectif"],
    ["Menuiserie de la Gardiole", "atelier@gardiole.example"],
    ["Menuiserie la Gardiole", "contact@gardiole.example", synthetic_siret(778), "Sète", "16.23Z", "12"],
]


class Suppliers:
    """One comes by itself, others ask to join it; a list is imported, and two of its rows are one company."""

    def __init__(self, cast: EnrolmentPlayer) -> None:
        self.cast = cast
        self.manager, _ = cast.staff[Role.MANAGER]
        self.requests: list[UUID] = []
        self.organisations: list[UUID] = []
        self.merges: list[UUID] = []

    def happenings(self) -> Iterator[tuple[timedelta, Happening]]:
        """What happens, each with the time that has passed since the last."""
        yield timedelta(days=1), partial(self.come, "Paul Roque", "paul@roque.example")
        yield timedelta(hours=1), partial(self.come, "Jules Roque", "jules@roque.example")
        yield timedelta(hours=1), partial(self.come, "Anaïs Roque", "anais@roque.example")
        yield timedelta(days=1), self.answer
        yield timedelta(days=1), partial(self.take_in, invites=False)
        yield timedelta(days=1), partial(self.take_in, invites=True)
        yield timedelta(days=1), self.take_part
        yield timedelta(days=1), self.merge
        yield timedelta(days=1), self.part
        yield timedelta(days=1), self.merge
        yield timedelta(days=1), self.leave
        yield timedelta(days=1), self.come_back
        yield timedelta(days=1), self.fall_silent

    def come(self, name: str, email: str, work: UnitOfWork) -> None:
        command = self_registration.RegisterSupplier(
            programme=self.cast.programme,
            organisation_name="Paysages Roque",
            siret=SIRET,
            commune="34172",
            contact_name=name,
            contact_email=email,
            locale="fr",
        )
        self_registration.request_registration(command, _PUBLIC_URL, work)
        secret = str(work.recorded[-1].data["url"]).rpartition("/")[2]
        work.session.flush()
        found = self_registration.confirm_registration(secret, work)
        if isinstance(found, JoinRequest):
            self.requests.append(found.id)

    def answer(self, work: UnitOfWork) -> None:
        for request, granted in zip(self.requests, (True, False), strict=True):
            self_registration.decide_join(request, granted, self.manager, work)

    def take_in(self, work: UnitOfWork, *, invites: bool) -> None:
        command = importing.Upload(
            programme=self.cast.programme,
            inviter_id=None,
            created_by=self.manager,
            file_name="fournisseurs.csv",
            table=_LIST,
            locale="fr",
        )
        found = importing.upload(command, work)
        importing.start(found.id, found.mapped, invites, work)
        work.session.flush()
        importing.take_in(found.id, _PUBLIC_URL, work)
        registered = [each for each in work.recorded if each.type == "enrolment.organisation.registered"]
        self.organisations += [each.subject for each in registered]
        self.invitations = [str(each.data.get("invitation_url")) for each in work.recorded]

    def take_part(self, work: UnitOfWork) -> None:
        """Both accept, so that both have an assessment."""
        for url in self.invitations:
            suppliers.accept_invitation(url.rpartition("/")[2], "Noé Bastide", work)
            work.session.flush()

    def merge(self, work: UnitOfWork) -> None:
        kept, merged = self.organisations
        command = merging.MergeOrganisations(
            programme=self.cast.programme,
            kept_id=kept,
            merged_id=merged,
            by=self.manager,
            manages=(self.cast.programme,),
        )
        self.merges.append(merging.merge(command, work).id)

    def leave(self, work: UnitOfWork) -> None:
        supplier_changes.leave(self.supplier(work), work, reason="A cessé son activité.", by=self.manager)

    def come_back(self, work: UnitOfWork) -> None:
        supplier_changes.come_back(self.supplier(work), self.manager, _PUBLIC_URL, work)

    def fall_silent(self, work: UnitOfWork) -> None:
        assert let_fall_dormant(work, work.now - timedelta(days=365)) > 0

    def supplier(self, work: UnitOfWork) -> UUID:
        """The enrolment of the one that came by itself."""
        organisation = queries.organisation_by_siret(work.session, SIRET)
        assert organisation is not None
        found = queries.supplier_enrolment_of(work.session, self.cast.programme, organisation.id)
        assert found is not None
        return found.id

    def part(self, work: UnitOfWork) -> None:
        assert work.get(Merge, self.merges[-1]).undone_at is None
        merging.undo(self.merges[-1], self.manager, work)
