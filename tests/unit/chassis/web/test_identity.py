from dataclasses import replace
from uuid import UUID

import pytest

from services.chassis.web.identity import Grant, Identity
from tests.unit.chassis.web.world import person

MAUGUIO = UUID("00000000-0000-0000-0000-00000000000a")
PURPLE = UUID("00000000-0000-0000-0000-00000000000b")


@pytest.fixture
def adviser() -> Identity:
    return person(grants=[Grant("adviser", "cesar", MAUGUIO), Grant("adviser", "cesar", PURPLE)])


def test_a_role_counts_for_the_organisations_it_was_granted_for(adviser: Identity) -> None:
    assert adviser.may("adviser", organisation_id=MAUGUIO)
    assert not adviser.may("adviser", organisation_id=UUID(int=12))


def test_a_role_counts_for_the_programme_it_was_granted_for(adviser: Identity) -> None:
    assert adviser.may("adviser", "cesar")
    assert not adviser.may("adviser", "another")


def test_programme_and_organisation_have_to_come_from_the_same_grant() -> None:
    both = person(grants=[Grant("buyer", "cesar", MAUGUIO), Grant("buyer", "another", PURPLE)])
    assert not both.may("buyer", "cesar", PURPLE)


def test_a_grant_without_limits_covers_everything_but_other_roles() -> None:
    operator = person(grants=[Grant("operator")])
    assert operator.may("operator", "cesar", MAUGUIO)
    assert not operator.may("manager", "cesar", MAUGUIO)


def test_an_organisation_may_be_named_by_its_text(adviser: Identity) -> None:
    assert adviser.may("adviser", organisation_id=str(PURPLE))


def test_organisations_and_programmes_are_listed_once_in_the_order_of_the_grants(adviser: Identity) -> None:
    twice = replace(adviser, grants=(*adviser.grants, Grant("adviser", "another", MAUGUIO)))
    assert twice.organisations("adviser") == (MAUGUIO, PURPLE)
    assert twice.programmes("adviser") == ("cesar", "another")
    assert twice.organisations("manager") == ()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Élise Martin", "ÉM"), ("Jean Paul du Pré", "JP"), ("Madonna", "M"), ("", "")],
)
def test_initials_come_from_the_first_and_the_last_name(name: str, initials: str) -> None:
    assert replace(person(), name=name).initials == initials
