"""A small world for tests of use cases and pages: a programme with its manager and an open call."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.work import LOCAL_TIME
from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.domain.programme import Cohort
from services.enrolment.domain.supplier import SupplierEnrolment
from services.enrolment.handlers import applications, decisions, people, programmes, suppliers
from tests.support.services import PUBLIC_URL, Clock, recorded

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SIRET, OTHER_SIRET = "73282932000074", "55208131766522"
HELENE = "helene@cci.example"

Result = TypeVar("Result")


@dataclass
class World:
    """The service at work, and what everybody does in it."""

    runtime: Runtime
    clock: Clock

    def do(self, use_case: Callable[..., Result], *arguments: Any) -> Result:
        """Let it happen in a transaction of its own."""
        with self.runtime.unit_of_work() as work:
            return use_case(*arguments, work)

    def work(self) -> AbstractContextManager[UnitOfWork]:
        return self.runtime.unit_of_work()

    def read(self, entity: type[Result], identity: object) -> Result:
        """The entity as it is stored."""
        with self.runtime.read() as session:
            return session.get_one(entity, identity)

    def told(self, event_type: str) -> list[dict[str, Any]]:
        """What was published of this type."""
        return [dict(event.data) for event in recorded(self.runtime, f"enrolment.{event_type}")]

    def programme(self, slug: str = "cesar") -> None:
        command = programmes.CreateProgramme(
            slug=slug,
            name="C.E.S.A.R." if slug == "cesar" else slug.title(),
            description="Acheter responsable, ensemble.",
            chamber="CCI Hérault",
            contact_email="cesar@cci.example",
            buyer_target=30,
            supplier_target=300,
            budget_total=Decimal("409000.00"),
            budget_funded=Decimal("270000.00"),
        )
        self.do(programmes.create_programme, command)

    def cohort(self, label: str = "2027", capacity: int = 10, programme: str = "cesar") -> Cohort:
        """A cohort whose call is open for six weeks."""
        plan = programmes.PlanCohort(programme=programme, label=label, capacity=capacity)
        planned = self.do(programmes.plan_cohort, plan)
        today = self.today()
        opening = programmes.OpenCall(
            cohort_id=planned.id, opens_on=today, closes_on=today + timedelta(weeks=6), today=today
        )
        return self.do(programmes.open_call, opening)

    def person(
        self, email: str, role: Role, programme: str | None = "cesar", name: str = "Hélène C."
    ) -> Person:
        command = people.RegisterPerson(name=name, email=email, grant=PersonGrant(role, programme))
        return self.do(people.register_person, command)

    def apply(self, name: str = "Ville de Mauguio", **known: Any) -> Application:
        details = {
            "programme": "cesar",
            "cohort_label": "2027",
            "organisation_name": name,
            "legal_form": "public",
            "siret": None,
            "commune": "34154",
            "contact_name": "Claire Martin",
            "contact_email": f"claire@{name.split()[-1].lower()}.example",
            "motivation": "Mieux acheter.",
            "today": self.today(),
            **known,
        }
        return self.do(applications.apply, applications.Apply(**details))

    def accept(self, application: Application) -> Application:
        return self.do(decisions.accept, application.id, None)

    def buyer(self, name: str = "Ville de Mauguio") -> UUID:
        """An organisation that holds a place."""
        return self.accept(self.apply(name)).organisation_id

    def invite(self, inviter_id: UUID | None = None, **known: Any) -> tuple[SupplierEnrolment, str | None]:
        details = {
            "programme": "cesar",
            "inviter_id": inviter_id,
            "organisation_name": "Jardins du Lez",
            "siret": None,
            "commune": "34172",
            "contact_name": "Marie Vidal",
            "contact_email": "marie@jardins.example",
            **known,
        }
        return self.do(suppliers.invite_supplier, suppliers.InviteSupplier(**details), PUBLIC_URL)

    def today(self) -> Any:
        return self.clock().astimezone(LOCAL_TIME).date()
