"""Which suppliers are proposed as one: alike in name, commune and domain. Not all are compared with all."""

import time
from uuid import UUID, uuid4

import pytest

from services.enrolment.duplicates import Candidate, likely_duplicates, ordered
from tests.unit.enrolment.world import OTHER_SIRET, SIRET

MONTPELLIER, SETE = "34172", "34301"


def candidate(
    name: str, commune: str | None = MONTPELLIER, email: str = "", siret: str | None = None
) -> Candidate:
    return Candidate(uuid4(), name, siret, commune, email)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (candidate("Midi Bois"), candidate("SARL Midi-Bois")),
        (candidate("Midi Bois"), candidate("MIDIBOIS")),
        (candidate("Jardins du Lez"), candidate("Les Jardins du Lèz")),
        (candidate("Jardins du Lez"), candidate("Lez Jardins")),
        (candidate("Électricité Martin"), candidate("Electricite Martn")),
        (candidate("Jardins du Lez", None), candidate("Jardins du Lez", siret=SIRET)),
        (
            candidate("Garrigue Énergie", SETE, "a@garrigue.example"),
            candidate("Garrigue Energies", None, "b@garrigue.example"),
        ),
    ],
)
def test_two_spellings_of_one_are_proposed(one: Candidate, other: Candidate) -> None:
    found = likely_duplicates([one, other, candidate("Tout autre chose", SETE)])
    assert [(each.first, each.second) for each in found] == [ordered(one.id, other.id)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (candidate("Jardins du Lez"), candidate("Ferme du Lez")),
        (candidate("Boulangerie Martin"), candidate("Boulangerie Martin", SETE, "m@autre.example")),
        (candidate("Midi Bois", siret=SIRET), candidate("Midi Bois", siret=OTHER_SIRET)),
        (candidate("Atelier A", email="a@gmail.com"), candidate("Garage B", email="b@gmail.com")),
    ],
)
def test_two_that_are_two_are_not(one: Candidate, other: Candidate) -> None:
    if "Martin" in one.name:
        one = Candidate(one.id, one.name, None, one.commune_code, "m@martin.example")
    assert likely_duplicates([one, other]) == []


def test_an_address_that_few_have_proposes_a_pair_whatever_the_names() -> None:
    pair = [candidate("Ferme du Pech", email="c@gmail.com"), candidate("Mas Olivier", email="c@gmail.com")]
    [found] = likely_duplicates(pair)
    assert found.same_address
    assert found.score < 80


def test_the_address_of_an_accountant_proposes_nothing() -> None:
    names = ["Ferme du Pech", "Mas Olivier", "Tuilerie Blanc", "Garage Nord", "Vins Roux", "Zébulon Bio"]
    assert likely_duplicates([candidate(name, email="compta@cabinet.example") for name in names]) == []


def test_a_pair_that_somebody_told_apart_is_not_proposed_again() -> None:
    one, other = candidate("Midi Bois"), candidate("Midi-Bois")
    assert likely_duplicates([one, other], {ordered(other.id, one.id)}) == []


def test_the_likeliest_comes_first() -> None:
    exact = [candidate("Midi Bois", email="a@midi.example"), candidate("Midi Bois", email="b@midi.example")]
    alike = [candidate("Jardins du Lez"), candidate("Jardin du Lez")]
    scores = [each.score for each in likely_duplicates([*alike, *exact])]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100


def test_twenty_thousand_suppliers_are_compared_in_seconds() -> None:
    many = [
        Candidate(
            UUID(int=number),
            f"Services Ferme {number:05d} Occitanie",
            None,
            MONTPELLIER,
            f"a@f{number}.example",
        )
        for number in range(20_000)
    ]
    twins = [candidate("Jardins du Lez"), candidate("Jardins du Lèz")]
    begun = time.process_time()
    found = likely_duplicates([*many, *twins])
    assert time.process_time() - begun < 10
    assert ordered(twins[0].id, twins[1].id) in {(each.first, each.second) for each in found}
