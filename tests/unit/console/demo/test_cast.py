"""The cast of the demonstration tells the facts of the programme and invents no identity for a real buyer."""

from collections import Counter

from services.console.demo.cast import BUYERS, COHORTS, ORGANISATIONS, PROGRAMME, STAFF
from services.console.demo.territory import activities, communes


def test_the_two_cohorts_have_ten_real_buyers_each() -> None:
    assert Counter(buyer.cohort for buyer in BUYERS) == {"2022": 10, "2023": 10}
    assert [cohort.label for cohort in COHORTS] == ["2022", "2023", "2024"]
    assert PROGRAMME.buyer_target == 30 and PROGRAMME.supplier_target == 300


def test_public_and_private_buyers_are_as_published() -> None:
    forms = Counter((buyer.cohort, buyer.legal_form) for buyer in BUYERS)
    assert forms == {
        ("2022", "public"): 4,
        ("2022", "private"): 6,
        ("2023", "public"): 5,
        ("2023", "private"): 5,
    }


def test_the_funders_pay_together_what_is_published() -> None:
    names, amounts = zip(*PROGRAMME.funders, strict=True)
    assert names == ("Ademe", "Région Occitanie")
    assert sum(amounts) == PROGRAMME.budget_funded == 270_000


def test_no_siret_is_made_up_for_a_real_buyer() -> None:
    assert {buyer.siret for buyer in BUYERS} == {None}


def test_communes_and_activities_of_buyers_exist() -> None:
    assert {buyer.commune_code for buyer in BUYERS} - {None} <= communes().keys()
    assert {buyer.naf_code for buyer in BUYERS} - {None} <= activities().keys()
    assert communes()["34108"].name == "Frontignan"


def test_every_address_is_in_the_reserved_example_domain_and_unique() -> None:
    addresses = [buyer.contact.email for buyer in BUYERS] + [member.person.email for member in STAFF]
    assert all(address.endswith(".example") and address.isascii() for address in addresses)
    assert len(set(addresses)) == len(addresses)


def test_the_staff_has_every_role_that_the_programme_needs() -> None:
    roles = Counter(member.role for member in STAFF)
    assert roles == {"manager": 1, "adviser": 2, "jury": 3, "funder": 2, "operator": 1}
    assert {member.organisation for member in STAFF} == {organisation.key for organisation in ORGANISATIONS}
