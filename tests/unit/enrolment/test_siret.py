"""SIRET numbers as people type them."""

import pytest

from services.chassis.model import DomainError
from services.enrolment.siret import parse_siret


@pytest.mark.parametrize("typed", ["73282932000074", "732 829 320 00074", " 732.829.320 000 74\u00a0"])
def test_spaces_and_dots_do_not_matter(typed: str) -> None:
    assert parse_siret(typed) == "73282932000074"


@pytest.mark.parametrize("number", ["35600000000048", "35600000049837"])
def test_the_sites_of_la_poste_have_a_check_sum_of_their_own(number: str) -> None:
    """The second one would be wrong for any other company."""
    assert parse_siret(number) == number


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("73282932000075", "wrong digit"),
        ("35600000049838", "wrong digit"),
        ("732829320", "14 digits; this one has 9"),
        ("732829320000741", "14 digits; this one has 15"),
        ("7328293200007A", "digits only"),
        ("７３２８２９３２００００７４", "digits only"),
        ("", "digits only"),
    ],
)
def test_a_wrong_number_is_refused_and_the_reason_is_said(typed: str, complaint: str) -> None:
    with pytest.raises(DomainError, match=complaint) as refusal:
        parse_siret(typed)
    assert refusal.value.field == "siret"
