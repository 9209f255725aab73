"""An organisation's new name reaches every service that shows it."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from services.assessment.storage import queries as assessment_queries
from services.assessment.storage.tables import suppliers as known_suppliers
from services.enrolment.domain.person import Role
from services.enrolment.handlers import organisation_changes, suppliers
from services.enrolment.handlers.organisation_changes import CorrectOrganisation
from services.notifications.storage.queries import names_of
from services.reporting.storage.queries import load_state
from tests.support.product import product_runtimes
from tests.support.services import Clock
from tests.support.story import deliver_new, list_failed_errors
from tests.unit.enrolment.world import HELENE, MONDAY, World


def test_a_renamed_buyer_and_supplier_are_called_so_in_all_services(tmp_path: Path) -> None:
    clock = Clock(MONDAY)
    with product_runtimes(tmp_path) as runtimes:
        for runtime in runtimes.values():
            runtime.clock = clock
        world = World(runtimes["enrolment"], clock)
        world.programme()
        world.cohort()
        manager = world.person(HELENE, Role.MANAGER)
        mauguio = world.buyer("Ville de Mauguio")
        supplier, secret = world.invite(mauguio)
        world.do(suppliers.accept_invitation, secret, "Marie Vidal")
        while deliver_new(runtimes):
            pass
        for organisation_id, name in ((mauguio, "Mauguio Carnon"), (supplier.organisation_id, "Lez Bio")):
            command = CorrectOrganisation(
                organisation_id=organisation_id,
                name=name,
                commune="34154",
                size=None,
                siret=None,
                by=manager.id,
            )
            world.do(organisation_changes.correct_by_team, command, ("cesar",))
        while deliver_new(runtimes):
            pass

        with runtimes["reporting"].read() as session:
            state = load_state(session, "cesar", datetime.now(UTC))
        assert [each.name for each in state.buyers] == ["Mauguio Carnon"]
        assert [each.name for each in state.suppliers] == ["Lez Bio"]
        with runtimes["assessment"].read() as session:
            (assessment,) = assessment_queries.assessments_of(session, [supplier.organisation_id])
            assert assessment.organisation_name == "Lez Bio"
            buyers = assessment_queries.buyers_for(session, assessment)
            invited_by = session.scalar(select(known_suppliers.c.invited_by))
        assert [(each.name, each.invited) for each in buyers] == [("Mauguio Carnon", True)]
        assert [each["organisation_name"] for each in invited_by or ()] == ["Mauguio Carnon"]
        with runtimes["notifications"].read() as session:
            names = names_of(session, {mauguio, supplier.organisation_id})
        assert sorted(names.values()) == ["Lez Bio", "Mauguio Carnon"]
        assert not [error for runtime in runtimes.values() for error in list_failed_errors(runtime)]
