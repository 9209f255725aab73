"""Buyers apply, managers decide: through the use cases, on a database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.chassis.model import Conflict, NotFound
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.handlers import applications, decisions, offers, programmes
from services.enrolment.handlers.organisations import add_siret
from services.enrolment.storage import queries
from tests.unit.enrolment.world import OTHER_SIRET, SIRET, World


def count(world: World, entity: type) -> int:
    with world.runtime.read() as session:
        return session.scalar(select(func.count()).select_from(entity)) or 0


def test_whoever_applies_is_registered_with_organisation_and_address(world: World) -> None:
    application = world.apply("Ville de Mauguio", siret=SIRET, contact_email="Claire@Mauguio.example")
    organisation = world.read(Organisation, application.organisation_id)
    assert (organisation.kind, organisation.legal_form, organisation.siret) == ("buyer", "public", SIRET)
    assert (organisation.commune_name, organisation.department) == ("Mauguio", "34")
    person = world.read(Person, application.contact_id)
    assert person.email == "claire@mauguio.example"
    assert person.grants == [PersonGrant(Role.BUYER, "cesar", organisation.id)]


def test_two_organisations_with_one_contact_are_one_person_with_two_grants(world: World) -> None:
    first = world.apply("Ville de Mauguio", contact_email="claire@mairies.example")
    second = world.apply("Ville de Lattes", contact_email="CLAIRE@mairies.example")
    assert first.contact_id == second.contact_id
    assert first.organisation_id != second.organisation_id
    assert len(world.read(Person, first.contact_id).grants) == 2


def test_one_address_stands_for_ten_organisations_at_most(world: World) -> None:
    for number in range(applications.MOST_BUYERS_PER_ADDRESS):
        world.apply(f"Commune {number}", contact_email="claire@mairies.example")
    with pytest.raises(Conflict, match="10 organisations already") as refusal:
        world.apply("Commune de trop", contact_email="claire@mairies.example")
    assert refusal.value.field == "contact_email"


def test_the_same_application_sent_twice_is_one(world: World) -> None:
    first = world.apply("Ville de Mauguio", siret=SIRET)
    published = len(world.told("application.submitted"))
    again = world.apply("ville de MAUGUIO", siret=SIRET)
    assert again.id == first.id
    assert (count(world, Application), count(world, Organisation)) == (1, 1)
    assert len(world.told("application.submitted")) == published


def test_two_clicks_at_the_same_instant_are_one_application(world: World) -> None:
    together = Barrier(2)

    def click(_: int) -> UUID:
        together.wait()
        return world.apply("Ville de Mauguio").id

    with ThreadPoolExecutor(2) as clicks:
        assert len(set(clicks.map(click, range(2)))) == 1
    assert count(world, Organisation) == 1


def test_another_application_of_the_same_organisation_is_refused(world: World) -> None:
    world.apply("Ville de Mauguio")
    with pytest.raises(Conflict, match="has applied for this cohort already") as refusal:
        world.apply("Ville de Mauguio", motivation="Une autre idée.")
    assert refusal.value.field == "organisation_name"
    assert count(world, Organisation) == 1


def test_an_organisation_that_was_declined_may_apply_for_the_next_cohort(world: World) -> None:
    first = world.apply("Ville de Mauguio")
    world.do(decisions.decline, first.id, None, "Le projet n’est pas mûr.")
    world.cohort("2028")
    second = world.apply("Ville de Mauguio", cohort_label="2028", siret=SIRET)
    assert second.organisation_id == first.organisation_id
    assert world.read(Organisation, first.organisation_id).siret == SIRET


def test_who_acts_for_an_organisation_applies_for_it_in_another_programme_too(world: World) -> None:
    first = world.apply("Ville de Mauguio", siret=SIRET)
    world.programme("vignoble")
    world.cohort("2027", programme="vignoble")
    again = world.apply("Mairie de Mauguio", siret=SIRET, programme="vignoble")
    assert again.organisation_id == first.organisation_id
    person = world.read(Person, first.contact_id)
    assert PersonGrant(Role.BUYER, "vignoble", first.organisation_id) in person.grants


def test_who_has_signed_in_applies_for_their_organisation_with_a_colleague_as_contact(world: World) -> None:
    first = world.apply("Ville de Mauguio")
    world.programme("vignoble")
    world.cohort("2027", programme="vignoble")
    again = world.apply(
        programme="vignoble", contact_email="luc@mauguio.example", applicant_id=first.contact_id
    )
    assert again.organisation_id == first.organisation_id
    assert again.contact_id != first.contact_id


def test_a_missing_siret_is_added_once_and_never_somebody_elses(world: World) -> None:
    world.apply("Ville de Lattes", siret=OTHER_SIRET)
    application = world.apply("Ville de Mauguio")
    with world.work() as work:
        add_siret(work.get(Organisation, application.organisation_id), SIRET, work)
    for taken in (OTHER_SIRET, "40483304800022"):
        with pytest.raises(Conflict), world.work() as work:
            add_siret(work.get(Organisation, application.organisation_id), taken, work)
    assert world.read(Organisation, application.organisation_id).siret == SIRET
    assert world.told("organisation.updated")[-1]["siret"] == SIRET


def test_nobody_applies_for_what_does_not_exist_or_is_closed(world: World) -> None:
    with pytest.raises(NotFound):
        world.apply(cohort_label="1999")
    with pytest.raises(NotFound):
        world.apply(programme="atlantis")
    world.clock.move(weeks=7)
    with pytest.raises(Conflict, match="is closed"):
        world.apply()
    assert count(world, Organisation) == 0


def test_a_correction_is_taken_also_when_the_call_is_over(world: World) -> None:
    application = world.apply()
    world.do(programmes.start_review, application.cohort_id)
    world.do(decisions.start_review, application.id)
    world.do(decisions.hand_back, application.id, "incomplete", "Qui y travaillera ?")
    again = world.do(applications.submit_again, application.id, "Claire et Luc.")
    assert (again.state, again.motivation) == (ApplicationState.SUBMITTED, "Claire et Luc.")


def test_a_full_cohort_accepts_nobody_until_a_place_becomes_free(world: World) -> None:
    cohort = world.cohort("2028", capacity=1)
    first = world.accept(world.apply("Ville de Mauguio", cohort_label="2028"))
    second = world.apply("Ville de Lattes", cohort_label="2028")
    with pytest.raises(Conflict, match="no place left"):
        world.accept(second)
    world.do(decisions.put_on_waiting_list, second.id, None)
    world.do(offers.withdraw, first.id)
    assert world.accept(second).state is ApplicationState.ACCEPTED
    with world.runtime.read() as session:
        assert queries.places_taken(session, cohort.id) == 1


def test_the_last_place_goes_to_one_of_two_accepted_at_the_same_instant(world: World) -> None:
    cohort = world.cohort("2028", capacity=1)
    candidates = [
        world.apply(f"Ville de {name}", cohort_label="2028") for name in ("Mauguio", "Lattes", "Palavas")
    ]
    together = Barrier(len(candidates))

    def accept(application: Application) -> str:
        together.wait()
        try:
            return world.accept(application).state.value
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(len(candidates)) as managers:
        answers = sorted(managers.map(accept, candidates))
    assert answers == ["accepted", "refused", "refused"]
    with world.runtime.read() as session:
        assert queries.places_taken(session, cohort.id) == 1


def test_two_managers_decide_on_one_application_and_the_first_counts(world: World) -> None:
    application = world.apply()
    world.accept(application)
    with pytest.raises(Conflict, match="already decided"):
        world.do(decisions.decline, application.id, None, "Trop tard.")
    assert world.read(Application, application.id).state is ApplicationState.ACCEPTED
