"""A small programme, lived through all services by their own use cases: real events of every type.

Two cohorts of the demonstration with some of its buyers and suppliers, and what the demonstration spares its
people: returned, declined and withdrawn applications, a submission that is taken back, a mail that fails.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid5

from sqlalchemy import select, update

from services.assessment.domain.assessment import Person
from services.assessment.handlers import answering
from services.assessment.referentials import SUPPLIER
from services.chassis import inbox
from services.chassis.events import Event
from services.chassis.failures import list_failed
from services.chassis.inbox import Delivery
from services.chassis.messages import outbox
from services.chassis.service import Runtime
from services.chassis.settings import Settings
from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.script import (
    ApplicationStep,
    CohortAction,
    CohortStep,
    InvitationStep,
    SharingStep,
    Step,
    SupplierAction,
    SupplierStep,
    make_script,
)
from services.console.installed import installed_names, load_service
from services.console.player.assessment import AssessmentPlayer
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.programme import Programme
from services.enrolment.events.programmes import programme_snapshot
from services.enrolment.handlers import people, suppliers
from services.notifications.delivery.failures import PermanentFailure
from services.notifications.handlers.sending import send_due
from tests.support.story_applications import Applications
from tests.support.story_meetings import Meetings
from tests.support.story_people import People
from tests.support.story_privacy import Requests
from tests.support.story_suppliers import Suppliers

PUBLIC_URL = "http://localhost:8000"
TODAY = date(2026, 6, 1)
_REJECTED = "refused@atelier.example"
_NO_ADDRESS = "by telephone only"
_BUYER_OF_A_COHORT_THAT_IS_OVER = "aeroport-montpellier"


@dataclass
class Post:
    """A transport that keeps what it takes, and that one address never accepts."""

    is_idempotent: bool = True
    reaches_people: bool = True
    taken: list[EmailMessage] = field(default_factory=list)

    def deliver(self, mail: EmailMessage) -> None:
        if _REJECTED in str(mail["To"]):
            raise PermanentFailure("550 5.1.1 There is nobody of this name here.")
        self.taken.append(mail)


@dataclass
class Story:
    """All services after, or in the midst of, the story."""

    runtimes: Mapping[str, Runtime]
    deaf: str | None = None
    """A service that hears of nothing."""
    post: Post = field(default_factory=Post)
    now: datetime = field(init=False)

    def events(self) -> list[Event]:
        """Every event of every service, in the order of time."""
        events = [Event.from_bytes(body) for runtime in self.runtimes.values() for body in log_of(runtime)]
        return sorted(events, key=lambda event: (event.time, event.id))

    def live(self, steps: Iterable[Step]) -> None:
        """Let the steps happen one after another; each event arrives, each mail leaves before the next."""
        enrolment = EnrolmentPlayer(PUBLIC_URL)
        assessment = AssessmentPlayer(enrolment)
        for step in steps:
            self.now = step.at
            if _is_for_assessment(step):
                self._do("assessment", lambda work, step=step: assessment.take(step, work))
            else:
                self._do("enrolment", lambda work, step=step: enrolment.take(step, work))
            match step:
                case CohortStep(action=CohortAction.OPEN):
                    for passed, happen in Applications(enrolment, step).happenings():
                        self.now += passed
                        self._do("enrolment", happen)
                case SupplierStep(action=SupplierAction.SUBMIT):
                    self._take_back_and_submit(enrolment, step)
        for passed, happen in (
            *Meetings(enrolment).happenings(),
            *Suppliers(enrolment).happenings(),
            *Requests(enrolment).happenings(),
        ):
            self.now += passed
            self._do("enrolment", happen)
        for service, passed, happen in People(enrolment).happenings():
            self.now += passed
            self._do(service, happen)
        self._last_things(enrolment)

    def _take_back_and_submit(self, cast: EnrolmentPlayer, step: SupplierStep) -> None:
        assessment = uuid5(cast.enrolments[step.supplier.key], SUPPLIER)
        author = Person(cast.contacts[step.supplier.key], step.supplier.contact.name)
        self.now += timedelta(minutes=1)
        self._do("assessment", lambda work: answering.undo_submission(assessment, author, work))
        self.now += timedelta(minutes=1)
        self._do(
            "assessment",
            lambda work: answering.submit(assessment, author, work, accept_unanswered=True),
        )

    def _last_things(self, cast: EnrolmentPlayer) -> None:
        _, name = cast.staff[Role.ADVISER]

        def happen(work: UnitOfWork) -> None:
            operator = PersonGrant(Role.OPERATOR, None)
            for email in ("adviser@cci.example", _REJECTED, _NO_ADDRESS):
                for role in (PersonGrant(Role.ADVISER, cast.programme), operator):
                    people.register_person(people.RegisterPerson(name=name, email=email, grant=role), work)
                work.session.flush()
                people.request_sign_in(email, PUBLIC_URL, work)
            for inviter, siret in zip(list(cast.buyers.values())[:2], (None, "34140000100018"), strict=True):
                command = suppliers.InviteSupplier(
                    programme=cast.programme,
                    inviter_id=inviter,
                    organisation_name="L’Atelier des Garrigues",
                    siret=siret,
                    commune="34172",
                    contact_name="Aude Vidal",
                    contact_email="aude.vidal@garrigues.example",
                )
                suppliers.invite_supplier(command, PUBLIC_URL, work)
                work.session.flush()
            programme = work.session.scalars(select(Programme)).one()
            work.record(programme, "enrolment.programme.updated", programme_snapshot(programme))

        self.now += timedelta(days=1)
        self._do("enrolment", happen)

    def _do(self, service: str, use: object) -> None:
        with self.runtimes[service].unit_of_work() as work:
            use(work)  # type: ignore[operator]
        self._settle()

    def _settle(self) -> None:
        """Deliver every event and send every mail, until nothing is left to do."""
        while any(
            [deliver_new(self.runtimes, self.deaf), send_due(self.runtimes["notifications"], self.post)]
        ):
            pass


@contextmanager
def story(folder: Path, *, deaf: str | None = None) -> Iterator[Story]:
    """The whole story, in SQLite databases in ``folder``."""
    runtimes = {name: empty_runtime(name, folder) for name in installed_names()}
    told = Story(runtimes, deaf)
    for runtime in runtimes.values():
        runtime.clock = lambda: told.now
    told.live(_chosen(make_script(TODAY)))
    yield told
    for runtime in runtimes.values():
        failed = list_failed_errors(runtime)
        assert not failed, failed
        runtime.database.close()


def empty_runtime(name: str, folder: Path) -> Runtime:
    """A service with an empty database in ``folder``."""
    settings = Settings(
        database_url=f"sqlite:///{folder / name}.db",
        amqp_uri="memory://",
        public_url=PUBLIC_URL,
        mail_url=f"maildir://{folder / 'mailbox'}",
        mail_from="Cesar <cesar@cci.example>",
        session_public_key="",
        secret_key="a secret of the tests",
        data_folder=folder,
    )
    runtime = Runtime.start(load_service(name), settings)
    runtime.service.metadata.create_all(runtime.database.engine)
    return runtime


def log_of(runtime: Runtime) -> Sequence[bytes]:
    """All that a service has ever published, in its order."""
    with runtime.read() as session:
        return session.scalars(select(outbox.c.body).order_by(outbox.c.position)).all()


def deliver_new(runtimes: Mapping[str, Runtime], deaf: str | None = None) -> bool:
    """Hand every event that is not published yet to its consumers but one; whether there were any."""
    found = False
    for producer in runtimes.values():
        with producer.read() as session:
            query = select(outbox.c.position, outbox.c.type, outbox.c.body)
            rows = session.execute(query.where(outbox.c.published_at.is_(None))).all()
        for name, consumer in runtimes.items():
            wanted = () if name == deaf else consumer.service.reactions.event_types
            inbox.handle(consumer, [Delivery(row.body) for row in rows if row.type in wanted])
        with producer.database.write() as session:
            positions = [row.position for row in rows]
            mark = update(outbox).where(outbox.c.position.in_(positions))
            session.execute(mark.values(published_at=producer.clock()))
        found = found or bool(rows)
    return found


def list_failed_errors(runtime: Runtime) -> list[str]:
    """What a service could not handle, in words."""
    with runtime.read() as session:
        return [failed.error for failed in list_failed(session)]


def _is_for_assessment(step: Step) -> bool:
    return isinstance(step, SharingStep) or (
        isinstance(step, SupplierStep) and step.action not in (SupplierAction.ENROL, SupplierAction.LEAVE)
    )


def _chosen(script: Sequence[Step]) -> list[Step]:
    """The steps of a few suppliers who together do everything, and of the buyers whom they meet."""
    suppliers = _few_suppliers(script)
    buyers = {
        step.buyer.key
        for step in script
        if isinstance(step, (InvitationStep, SharingStep)) and step.buyer and step.supplier.key in suppliers
    } | {_BUYER_OF_A_COHORT_THAT_IS_OVER}
    return [
        step
        for step in script
        if (getattr(step, "supplier", None) is None or step.supplier.key in suppliers)  # type: ignore[union-attr]
        and not (isinstance(step, ApplicationStep) and step.buyer.key not in buyers)
    ]


def _few_suppliers(script: Sequence[Step]) -> set[str]:
    """One after another those who do something that none of the earlier ones did."""
    doings: dict[str, set[object]] = {}
    for step in script:
        if isinstance(step, (SupplierStep, SharingStep, InvitationStep)):
            doing = step.action if isinstance(step, SupplierStep) else getattr(step, "granted", "invited")
            doings.setdefault(step.supplier.key, set()).add(doing)
    chosen: set[str] = set()
    done: set[object] = set()
    for key, doing in sorted(doings.items(), key=lambda item: (-len(item[1]), item[0])):
        if doing - done:
            chosen.add(key)
            done |= doing
    return chosen
