"""The story's applications that do not simply succeed: drafts, corrections, refusals, a place passed on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.script import CohortStep
from services.console.demo.synthetic_siret import synthetic_siret
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import (
    agreements,
    applications,
    decisions,
    drafts,
    juries,
    leaving,
    offers,
    programmes,
)
from services.enrolment.handlers.organisations import add_siret
from services.enrolment.storage.agreement_queries import agreement_of
from tests.support.story_meetings import Happening


class Applications:
    """What happens to one cohort's applications while its call is open."""

    def __init__(self, cast: EnrolmentPlayer, step: CohortStep) -> None:
        closes = step.cohort.call_closes_on
        assert closes is not None
        self.cast = cast
        self.label = step.cohort.label
        self.opened_on, self.closes_on = step.at.date(), closes
        self.manager, _ = cast.staff[Role.MANAGER]
        self.waiting: UUID | None = None
        self.draft: UUID | None = None
        self.application: UUID | None = None

    def happenings(self) -> Iterator[tuple[timedelta, Happening]]:
        """What happens, each with the time that has passed since the last."""
        yield timedelta(days=1), self.fail
        yield timedelta(), self.begin
        yield self.closes_on - self.opened_on - timedelta(days=2), self.remind
        yield timedelta(hours=1), self.hand_in
        yield timedelta(hours=1), self.propose
        yield timedelta(hours=1), self.sign
        yield timedelta(hours=1), self.countersign
        yield timedelta(hours=1), self.leave
        yield timedelta(hours=1), self.come_back
        yield timedelta(hours=1), self.let_the_offer_lapse
        yield timedelta(hours=1), self.change_the_jury

    def fail(self, work: UnitOfWork) -> None:
        names = ("Attente", "Refus", "Retrait")
        waiting, declined, withdrawn = (
            applications.apply(self._application(name, self.opened_on + timedelta(days=1)), work).id
            for name in names
        )
        self.waiting = waiting
        decisions.hand_back(waiting, "incomplete", "Le nom du service manque.", work)
        applications.submit_again(waiting, "Nous, le service des achats, voulons acheter mieux.", work)
        decisions.put_on_waiting_list(waiting, self.manager, work)
        decisions.decline(declined, self.manager, "Le territoire n’est pas le nôtre.", work)
        self._propose(withdrawn, 80_000, work)
        # The place that becomes free is offered to the one who waits.
        offers.withdraw_on_behalf(withdrawn, self.manager, "Sans réponse depuis deux mois.", work)

    def begin(self, work: UnitOfWork) -> None:
        command = drafts.BeginDraft(
            programme=self.cast.programme,
            cohort_label=self.label,
            email=self._application("Brouillon", self.opened_on).contact_email,
            typed={"contact_name": "Jeanne Aubrac"},
        )
        self.draft = drafts.begin_draft(command, self._address, work).id

    def remind(self, work: UnitOfWork) -> None:
        assert drafts.remind_of_drafts(self._address, work) == 1

    def hand_in(self, work: UnitOfWork) -> None:
        assert self.draft is not None
        application = self._application("Brouillon", self.closes_on)
        self.application = drafts.submit_draft(self.draft, application, work).id

    def propose(self, work: UnitOfWork) -> None:
        assert self.application is not None
        self._propose(self.application, 90_000, work)

    def sign(self, work: UnitOfWork) -> None:
        self._sign(Party.BUYER, work)

    def countersign(self, work: UnitOfWork) -> None:
        self._sign(Party.CHAMBER, work)

    def leave(self, work: UnitOfWork) -> None:
        assert self.application is not None
        command = leaving.NoteLeaving(
            application_id=self.application,
            left_on=self.closes_on - timedelta(days=1),
            reason="Le service des achats est réorganisé.",
            by=self.manager,
            today=self.closes_on,
        )
        leaving.note_leaving(command, work)

    def come_back(self, work: UnitOfWork) -> None:
        """It was another one."""
        assert self.application is not None
        leaving.undo_leaving(self.application, self.manager, work)

    def let_the_offer_lapse(self, work: UnitOfWork) -> None:
        assert self.waiting is not None
        offers.let_offer_lapse(self.waiting, work)
        assert work.get(Application, self.waiting).state is ApplicationState.WITHDRAWN

    def change_the_jury(self, work: UnitOfWork) -> None:
        cohort = work.get(Cohort, self.cast.cohorts[self.label])
        change = programmes.ChangeCohort(
            cohort_id=cohort.id,
            capacity=cohort.capacity,
            calendar=replace(cohort.calendar, jury_on=self.closes_on + timedelta(days=2)),
            offer_days=cohort.offer_days,
        )
        programmes.change_cohort(change, work)
        command = juries.InviteJuror(
            cohort_id=self.cast.cohorts[self.label], name="Odile Fabre", email="odile@jury.example"
        )
        odile = juries.invite_juror(command, work)
        work.session.flush()
        juries.remove_juror(command.cohort_id, odile.id, self.manager, work)

    def _sign(self, party: Party, work: UnitOfWork) -> None:
        assert self.application is not None
        agreement = agreement_of(work.session, self.application)
        assert agreement is not None
        command = agreements.Sign(
            application_id=self.application,
            party=party,
            person_id=self.manager,
            name="Jeanne Aubrac",
            sha256=agreement.sha256,
            address="192.0.2.7",
        )
        agreements.sign_agreement(command, work)

    def _propose(self, application_id: UUID, siret: int, work: UnitOfWork) -> None:
        """Accept it and propose the agreement. ``siret`` makes a SIRET that is nobody else's in the story."""
        decisions.accept(application_id, self.manager, work)
        agreements.ask_for_siret(application_id, work)
        application = work.get(Application, application_id)
        number = synthetic_siret(siret + int(self.label))
        add_siret(work.get(Organisation, application.organisation_id), number, work)
        work.session.flush()
        agreements.propose_agreement(application_id, self.manager, work)

    def _application(self, name: str, today: date) -> applications.Apply:
        return applications.Apply(
            programme=self.cast.programme,
            cohort_label=self.label,
            organisation_name=f"{name} {self.label}",
            legal_form="public",
            siret=None,
            commune="34172",
            contact_name="Jeanne Aubrac",
            contact_email=f"{name.lower()}.{self.label}@mairie.example",
            motivation="Nous voulons acheter mieux.",
            today=today,
        )

    def _address(self, draft_id: UUID) -> str:
        return f"{self.cast.public_url}/drafts/{draft_id}"
