"""The steps of the demonstration that enrolment takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.work import LOCAL_TIME
from services.console.demo.cast import Buyer, Member
from services.console.demo.cast import Cohort as CastCohort
from services.console.demo.contacts import Calling, Noting, Numbering
from services.console.demo.meetings import Announcement, Consultation, Following, Gathering, Opening
from services.console.demo.present import APPLICANTS, Joining, Listing, Reading
from services.console.demo.script import (
    ApplicationAction,
    ApplicationStep,
    Beginning,
    CohortAction,
    CohortStep,
    InvitationStep,
    Step,
    SupplierAction,
    SupplierStep,
)
from services.console.player import call, others
from services.console.player.contacts import keep_in_touch
from services.console.player.jury import begin_to_read, score, seat
from services.console.player.meetings import MeetingPlayer
from services.console.player.others import OtherApplicants
from services.console.player.present import ask_to_join, take_in_list
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.programme import Cohort, Funder
from services.enrolment.handlers import applications, decisions, people, programmes, suppliers
from services.enrolment.handlers.organisations import OrganisationDetails, register_organisation
from services.enrolment.handlers.supplier_changes import leave

_MOTIVATION = (
    "Nous voulons acheter mieux : mieux connaître nos fournisseurs, leur demander ce qui compte, et faire "
    "une place aux entreprises proches de nous."
)


@dataclass
class EnrolmentPlayer:
    """Takes the steps and remembers under which id each member of the cast is known."""

    public_url: str
    programme: str = ""
    cohorts: dict[str, UUID] = field(default_factory=dict)
    applications: dict[str, UUID] = field(default_factory=dict)
    buyers: dict[str, UUID] = field(default_factory=dict)
    enrolments: dict[str, UUID] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    staff: dict[Role, tuple[UUID, str]] = field(default_factory=dict)
    jury: list[UUID] = field(default_factory=list)
    others: OtherApplicants | None = None
    advisers: list[UUID] = field(default_factory=list)
    meetings: MeetingPlayer = field(init=False)

    def __post_init__(self) -> None:
        self.meetings = MeetingPlayer(self)

    def take(self, step: Step, unit_of_work: UnitOfWork) -> None:
        """Do what the step says, at the unit of work's present."""
        match step:
            case Beginning():
                self._begin(step, unit_of_work)
            case CohortStep():
                self._move_cohort(step, unit_of_work)
            case ApplicationStep():
                self._move_application(step, unit_of_work)
            case InvitationStep():
                self._invite(step, unit_of_work)
            case SupplierStep(action=SupplierAction.ENROL):
                key = step.supplier.key
                person = suppliers.accept_invitation(
                    self.invitations[key], step.supplier.contact.name, unit_of_work
                )
                self.contacts[key] = person.id
            case SupplierStep(action=SupplierAction.LEAVE):
                leave(
                    self.enrolments[step.supplier.key],
                    unit_of_work,
                    reason="A cessé son activité.",
                    by=self.staff[Role.MANAGER][0],
                )
            case Announcement() | Gathering() | Following() | Consultation() | Opening():
                self.meetings.take(step, unit_of_work)
            case Reading():
                applied = [
                    self.applications[each.key] for each in APPLICANTS if each.key in self.applications
                ]
                begin_to_read(applied, self.jury, unit_of_work)
            case Listing():
                take_in_list(step, self.programme, self.staff[Role.MANAGER][0], self.public_url, unit_of_work)
            case Calling() | Noting() | Numbering() if step.buyer.key in self.buyers:
                by, buyer_id = self.staff[Role.MANAGER][0], self.buyers[step.buyer.key]
                keep_in_touch(step, self.programme, buyer_id, by, unit_of_work)
            case Joining():
                ask_to_join(step, self.programme, self.public_url, unit_of_work)

    def _begin(self, step: Beginning, unit_of_work: UnitOfWork) -> None:
        cast = step.programme
        self.programme = cast.slug
        created = programmes.CreateProgramme(
            slug=cast.slug,
            name=cast.name,
            description=cast.description,
            chamber=step.organisations[0].name,
            contact_email=cast.contact_email,
            buyer_target=cast.buyer_target,
            supplier_target=cast.supplier_target,
            budget_total=cast.budget_total,
            budget_funded=cast.budget_funded,
        )
        programmes.create_programme(created, unit_of_work)
        kept = {name: value for name, value in vars(created).items() if name != "budget_funded"}
        funders = [Funder(name=name, amount=amount) for name, amount in cast.funders]
        programmes.change_programme(programmes.ChangeProgramme(**kept, funders=funders), unit_of_work)
        organisations = {
            member.key: register_organisation(
                OrganisationDetails(
                    name=member.name,
                    kind=member.kind,  # type: ignore[arg-type]
                    legal_form="public",
                    commune=member.commune_code,
                ),
                unit_of_work,
            ).id
            for member in step.organisations
        }
        for member in step.staff:
            self._register(member, organisations, unit_of_work)

    def _register(self, member: Member, organisations: dict[str, UUID], unit_of_work: UnitOfWork) -> None:
        role = Role(member.role.value)
        organisation = organisations[member.organisation] if role is Role.FUNDER else None
        person = people.register_person(
            people.RegisterPerson(
                name=member.person.name,
                email=member.person.email,
                locale=member.person.locale,
                grant=PersonGrant(role, None if role is Role.OPERATOR else self.programme, organisation),
            ),
            unit_of_work,
        )
        self.staff.setdefault(role, (person.id, person.name))
        if role is Role.JURY:
            self.jury.append(person.id)
        if role is Role.ADVISER:
            self.advisers.append(person.id)

    def _move_cohort(self, step: CohortStep, unit_of_work: UnitOfWork) -> None:
        cohort = step.cohort
        match step.action:
            case CohortAction.PLAN:
                plan = programmes.PlanCohort(
                    programme=self.programme, label=cohort.label, capacity=cohort.capacity
                )
                planned = programmes.plan_cohort(plan, unit_of_work)
                self.cohorts[cohort.label] = planned.id
                unit_of_work.session.flush()
                programmes.describe_call(
                    programmes.DescribeCall(
                        cohort_id=planned.id,
                        call_text=call.TEXT,
                        questions=call.QUESTIONS,
                        criteria=call.CRITERIA,
                    ),
                    unit_of_work,
                )
                seat(planned.id, self.jury, unit_of_work)
            case CohortAction.OPEN:
                if cohort.call_opens_on is None or cohort.call_closes_on is None:
                    raise ValueError(f"The call of cohort {cohort.label} has no dates.")
                programmes.open_call(
                    programmes.OpenCall(
                        cohort_id=self.cohorts[cohort.label],
                        opens_on=cohort.call_opens_on,
                        closes_on=cohort.call_closes_on,
                        today=step.at.astimezone(LOCAL_TIME).date(),
                    ),
                    unit_of_work,
                )
                self._date(cohort, unit_of_work)
                if cohort.label == others.COHORT:
                    unit_of_work.session.flush()
                    self.others = OtherApplicants(self.programme)
                    self.others.apply(cohort.call_opens_on, unit_of_work)
            case CohortAction.START_REVIEW:
                programmes.start_review(self.cohorts[cohort.label], unit_of_work)
                if self.others and cohort.label == others.COHORT:
                    self.others.be_read(self.jury, unit_of_work)
            case CohortAction.START:
                if self.others and cohort.label == others.COHORT:
                    manager, _ = self.staff[Role.MANAGER]
                    self.others.be_decided(manager, unit_of_work)
                programmes.start_cohort(self.cohorts[cohort.label], unit_of_work)
            case CohortAction.COMPLETE:
                programmes.complete_cohort(self.cohorts[cohort.label], unit_of_work)

    def _date(self, cohort: CastCohort, unit_of_work: UnitOfWork) -> None:
        """Say when the jury meets, and from when to when the buyers are accompanied."""
        planned = unit_of_work.get(Cohort, self.cohorts[cohort.label])
        calendar = replace(
            planned.calendar, jury_on=cohort.decided_on, starts_on=cohort.started_on, ends_on=cohort.ends_on
        )
        programmes.change_cohort(
            programmes.ChangeCohort(
                cohort_id=planned.id,
                capacity=planned.capacity,
                offer_days=planned.offer_days,
                calendar=calendar,
            ),
            unit_of_work,
        )

    def _move_application(self, step: ApplicationStep, unit_of_work: UnitOfWork) -> None:
        manager, _ = self.staff[Role.MANAGER]
        match step.action:
            case ApplicationAction.SUBMIT:
                self._apply(step.buyer, step, unit_of_work)
            case ApplicationAction.START_REVIEW:
                application = decisions.start_review(self.applications[step.buyer.key], unit_of_work)
                score(application.id, self.jury, unit_of_work)
            case ApplicationAction.ACCEPT:
                decisions.accept(self.applications[step.buyer.key], manager, unit_of_work)
            case ApplicationAction.ENROL:
                decisions.enrol(self.applications[step.buyer.key], unit_of_work, manager)

    def _apply(self, buyer: Buyer, step: ApplicationStep, unit_of_work: UnitOfWork) -> None:
        application = applications.apply(
            applications.Apply(
                programme=self.programme,
                cohort_label=buyer.cohort,
                organisation_name=buyer.name,
                legal_form=buyer.legal_form,  # type: ignore[arg-type]
                siret=buyer.siret,
                commune=buyer.commune_code,
                contact_name=buyer.contact.name,
                contact_email=buyer.contact.email,
                motivation=_MOTIVATION,
                locale=buyer.contact.locale,
                today=step.at.astimezone(LOCAL_TIME).date(),
            ),
            unit_of_work,
        )
        self.applications[buyer.key] = application.id
        self.buyers[buyer.key] = application.organisation_id

    def _invite(self, step: InvitationStep, unit_of_work: UnitOfWork) -> None:
        supplier = step.supplier
        enrolment, token = suppliers.invite_supplier(
            suppliers.InviteSupplier(
                programme=self.programme,
                inviter_id=self.buyers[step.buyer.key] if step.buyer else None,
                organisation_name=supplier.name,
                siret=supplier.siret,
                commune=supplier.commune.code,
                contact_name=supplier.contact.name,
                contact_email=supplier.contact.email,
                naf_code=supplier.naf_code,
                size=supplier.size,
                locale=supplier.contact.locale,
            ),
            self.public_url,
            unit_of_work,
        )
        self.enrolments[supplier.key] = enrolment.id
        if token is not None:
            self.invitations[supplier.key] = token
