"""A supplier decides buyer by buyer what is shared, and can take it back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.assessment.domain.sharing import Scope, Sharing
from services.chassis.model import Conflict, DomainError
from tests.unit.assessment.examples import NOON


def a_sharing() -> Sharing:
    return Sharing(
        id=UUID(int=20),
        programme="cesar",
        assessment_id=UUID(int=10),
        supplier_organisation_id=UUID(int=12),
        supplier_name="Les Jardins du Lez",
        buyer_organisation_id=UUID(int=30),
        buyer_name="Ville de Mauguio",
    )


def test_nothing_is_shared_until_the_supplier_says_so() -> None:
    assert not any(a_sharing().allows(part) for part in Scope)


def test_exactly_what_was_chosen_is_shared() -> None:
    sharing = a_sharing()

    sharing.grant({Scope.LEVEL, Scope.THEMES}, NOON)

    assert [part for part in Scope if sharing.allows(part)] == [Scope.LEVEL, Scope.THEMES]
    assert sharing.granted_at == NOON


def test_a_later_choice_replaces_the_earlier_one() -> None:
    sharing = a_sharing()
    sharing.grant({Scope.LEVEL, Scope.ANSWERS}, NOON)

    sharing.grant({Scope.LEVEL}, NOON + timedelta(days=1))

    assert not sharing.allows(Scope.ANSWERS)


def test_choosing_the_same_again_changes_nothing() -> None:
    sharing = a_sharing()
    assert sharing.grant({Scope.LEVEL}, NOON)

    assert not sharing.grant({Scope.LEVEL}, NOON + timedelta(days=1))
    assert sharing.granted_at == NOON


def test_sharing_nothing_is_not_a_way_to_share() -> None:
    with pytest.raises(DomainError, match="at least one thing"):
        a_sharing().grant(set(), NOON)


def test_proofs_are_shared_together_with_the_answers_only() -> None:
    with pytest.raises(DomainError, match="share the answers as well"):
        a_sharing().grant({Scope.PROOFS}, NOON)


def test_sharing_is_revoked_at_once_and_as_a_whole() -> None:
    sharing = a_sharing()
    sharing.grant(set(Scope), NOON)

    sharing.revoke(NOON + timedelta(hours=1))

    assert not any(sharing.allows(part) for part in Scope)
    assert sharing.revoked_at == NOON + timedelta(hours=1)
    with pytest.raises(Conflict):
        sharing.revoke(NOON)


def test_what_was_revoked_can_be_shared_again() -> None:
    sharing = a_sharing()
    sharing.grant({Scope.LEVEL}, NOON)
    sharing.revoke(NOON)

    assert sharing.grant({Scope.LEVEL}, NOON)
    assert sharing.revoked_at is None
