"""Three hundred simulated suppliers: repeatable, somewhere real, nobody real."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean

import pytest
from stdnum.fr import siret as siret_number

from services.console.demo.lives import Stage
from services.console.demo.names import emblem_domain, emblems, trades
from services.console.demo.suppliers import SUPPLIER_COUNT, Supplier, leaning, make_suppliers
from services.console.demo.synthetic_siret import synthetic_siret
from services.console.demo.territory import activities, communes

TODAY = date(2026, 11, 23)
DAYS = [date(2025, 1, 1), date(2025, 8, 17), TODAY, date(2026, 11, 28), date(2031, 1, 1)]


@pytest.fixture(scope="module")
def suppliers() -> tuple[Supplier, ...]:
    return make_suppliers(TODAY)


def test_the_same_day_and_seed_give_the_same_suppliers(suppliers: tuple[Supplier, ...]) -> None:
    assert make_suppliers(TODAY) == suppliers
    assert make_suppliers(TODAY, seed=35) != suppliers


def test_who_a_supplier_is_does_not_depend_on_the_day(suppliers: tuple[Supplier, ...]) -> None:
    later = {supplier.key: supplier for supplier in make_suppliers(TODAY + timedelta(days=1))}
    assert all(later[supplier.key].commune == supplier.commune for supplier in suppliers)
    assert all(later[supplier.key].contact == supplier.contact for supplier in suppliers)


def test_there_are_three_hundred_with_names_and_addresses_of_their_own(
    suppliers: tuple[Supplier, ...],
) -> None:
    assert len(suppliers) == SUPPLIER_COUNT == 300
    assert len({supplier.name for supplier in suppliers}) == 300
    assert len({supplier.contact.email for supplier in suppliers}) == 300
    assert len({emblem_domain(emblem) for emblem in emblems()}) == len(emblems())


def test_every_address_is_in_the_reserved_example_domain(suppliers: tuple[Supplier, ...]) -> None:
    addresses = [supplier.contact.email for supplier in suppliers]
    assert all(address.endswith(".example") and address.isascii() for address in addresses)
    assert all(supplier.simulated for supplier in suppliers)


def test_communes_and_activities_exist(suppliers: tuple[Supplier, ...]) -> None:
    assert {supplier.commune.code for supplier in suppliers} <= communes().keys()
    assert {trade.naf for trade in trades()} <= activities().keys()


def test_most_are_small_firms_in_herault(suppliers: tuple[Supplier, ...]) -> None:
    departments = Counter(supplier.commune.department for supplier in suppliers)
    assert departments["34"] > 225
    assert departments.keys() == {"34", "30", "11", "12", "81"}
    assert sum(supplier.size in {"1-9", "10-49"} for supplier in suppliers) > 285


def test_farms_sit_in_smaller_places_than_offices(suppliers: tuple[Supplier, ...]) -> None:
    rural = {trade.key for trade in trades() if trade.rural}
    farms = mean(s.commune.population for s in suppliers if s.trade in rural)
    offices = mean(s.commune.population for s in suppliers if s.trade not in rural)
    assert farms < offices / 2


@pytest.mark.parametrize("today", DAYS)
def test_every_stage_is_present_on_any_day(today: date) -> None:
    stages = Counter(supplier.life.stage for supplier in make_suppliers(today))
    assert stages.keys() == set(Stage)
    assert stages[Stage.VALIDATED] > 100
    assert min(stages.values()) >= 3


@pytest.mark.parametrize("today", DAYS)
def test_each_life_is_in_order_and_in_the_past(today: date) -> None:
    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    for supplier in make_suppliers(today):
        life = supplier.life
        steps = [
            life.invitations[0].at,
            life.enrolled_at,
            life.started_at,
            life.submitted_at,
            life.review_started_at,
            life.changes_requested_at or life.validated_at,
        ]
        happened = [instant for instant in steps if instant]
        assert steps[: len(happened)] == happened, "a step was left out"
        assert happened == sorted(happened)
        assert datetime(2022, 2, 1, tzinfo=UTC) < happened[0] and happened[-1] < now
        assert all(life.invitations[0].at <= invitation.at < now for invitation in life.invitations)
        assert (life.answered == 1.0) == (life.submitted_at is not None)


def test_invitations_are_sent_in_office_hours_of_paris(suppliers: tuple[Supplier, ...]) -> None:
    for supplier in suppliers:
        for invitation in supplier.life.invitations:
            assert invitation.at.weekday() < 5
            assert 6 <= invitation.at.hour < 17, "8:30 to 18:00 in Paris is within 6 and 17 UTC all the year"


@pytest.mark.parametrize("today", DAYS)
def test_some_invitations_are_a_few_days_old_and_most_long_past(today: date) -> None:
    ages = [(today - supplier.life.invitations[0].at.date()).days for supplier in make_suppliers(today)]
    assert sum(age <= 18 for age in ages) >= 10
    assert sum(age > 60 for age in ages) > 200


def test_only_a_submitted_assessment_is_shared_and_only_with_those_who_invited(
    suppliers: tuple[Supplier, ...],
) -> None:
    sharings = [(supplier, sharing) for supplier in suppliers for sharing in supplier.life.sharings]
    assert len(sharings) > 60
    for supplier, sharing in sharings:
        assert supplier.life.submitted_at and sharing.granted_at > supplier.life.submitted_at
        assert sharing.buyer in {invitation.buyer for invitation in supplier.life.invitations}
        assert sharing.scope[0] == "level"
    assert any(sharing.revoked_at for _, sharing in sharings)


def test_synthetic_sirets_are_well_formed_and_outside_the_numbers_that_firms_get() -> None:
    numbers = [synthetic_siret(number) for number in (0, 1, 299, 99_999)]
    assert all(siret_number.is_valid(number) for number in numbers)
    assert all(number.startswith("099") and number[9:13] == "9999" for number in numbers)
    with pytest.raises(ValueError):
        synthetic_siret(100_000)


def test_a_siret_is_known_only_once_the_assessment_is_submitted(suppliers: tuple[Supplier, ...]) -> None:
    assert all(
        (supplier.siret is not None) == (supplier.life.submitted_at is not None) for supplier in suppliers
    )
    sirets = [supplier.siret for supplier in suppliers if supplier.siret]
    assert len(set(sirets)) == len(sirets) and all(siret_number.is_valid(siret) for siret in sirets)


def test_temperament_decides_the_answers_and_each_question_has_its_own(
    suppliers: tuple[Supplier, ...],
) -> None:
    questions = [f"question-{number}" for number in range(40)]
    leanings = {s.key: [leaning(s, question) for question in questions] for s in suppliers}
    assert all(0 <= value <= 1 for values in leanings.values() for value in values)
    assert all(len(set(values)) > 10 for values in leanings.values())
    ranked = sorted(suppliers, key=lambda supplier: supplier.temperament)
    low, high = (mean(mean(leanings[s.key]) for s in part) for part in (ranked[:50], ranked[-50:]))
    assert low < 0.35 and high > 0.65


def test_a_day_before_the_story_is_refused() -> None:
    with pytest.raises(ValueError):
        make_suppliers(date(2024, 12, 31))
