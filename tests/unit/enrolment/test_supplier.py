"""The way of a supplier: invited by one or several, enrolled, active, left."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.chassis.model import Conflict, Gone
from services.enrolment.domain.supplier import (
    INVITATION_LIFETIME,
    Invitation,
    Inviter,
    SupplierEnrolment,
    SupplierState,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARIE = uuid4()
MAUGUIO, HOSPITAL = uuid4(), uuid4()


def by(organisation_id: UUID | None, at: datetime = NOON) -> Inviter:
    return Inviter(organisation_id, "CCI Hérault" if organisation_id is None else "Ville de Mauguio", at)


def invited() -> SupplierEnrolment:
    supplier = SupplierEnrolment(
        id=uuid4(),
        programme="cesar",
        organisation_id=uuid4(),
        contact_name="Marie Vidal",
        contact_email="marie@jardins.example",
    )
    supplier.invite(by(MAUGUIO))
    return supplier


def enrol(supplier: SupplierEnrolment, name: str, now: datetime) -> bool:
    return supplier.enrol(MARIE, name, "m.vidal@jardins.example", "en", now)


def enrolled() -> SupplierEnrolment:
    supplier = invited()
    enrol(supplier, "Marie Vidal", NOON)
    return supplier


def test_several_may_invite_the_same_supplier_and_the_first_date_counts() -> None:
    supplier = invited()
    supplier.invite(by(HOSPITAL, NOON + timedelta(days=1)))
    supplier.invite(by(None, NOON + timedelta(days=2)))
    assert [inviter.organisation_id for inviter in supplier.invited_by] == [MAUGUIO, HOSPITAL, None]
    assert supplier.invited_at == NOON


@pytest.mark.parametrize("inviter", [MAUGUIO, None])
def test_nobody_invites_the_same_supplier_twice(inviter: UUID | None) -> None:
    supplier = invited()
    if inviter is None:
        supplier.invite(by(None))
    with pytest.raises(Conflict, match="already"):
        supplier.invite(by(inviter, NOON + timedelta(days=1)))


def test_an_invitation_that_expired_unanswered_may_be_repeated() -> None:
    supplier = invited()
    supplier.invite(by(MAUGUIO, NOON + INVITATION_LIFETIME))
    assert len(supplier.invited_by) == 1
    with pytest.raises(Conflict):
        supplier.invite(by(MAUGUIO, NOON + INVITATION_LIFETIME + timedelta(days=1)))


def test_a_supplier_that_takes_part_is_not_invited_again_by_the_same_buyer() -> None:
    with pytest.raises(Conflict):
        enrolled().invite(by(MAUGUIO, NOON + INVITATION_LIFETIME))


def test_a_supplier_that_left_can_be_won_back() -> None:
    supplier = enrolled()
    supplier.leave()
    supplier.invite(by(MAUGUIO, NOON + timedelta(days=3)))
    assert supplier.state is SupplierState.INVITED
    assert enrol(supplier, "Marie Vidal", NOON + timedelta(days=4))


def test_a_supplier_enrols_once() -> None:
    supplier = invited()
    assert enrol(supplier, "Marie Vidal-Roux", NOON)
    assert (supplier.state, supplier.contact_id, supplier.contact_name) == (
        "enrolled",
        MARIE,
        "Marie Vidal-Roux",
    )
    assert (supplier.contact_email, supplier.contact_locale) == ("m.vidal@jardins.example", "en")
    assert not supplier.enrol(uuid4(), "Somebody else", "else@x.example", "en", NOON + timedelta(days=1))
    assert (supplier.contact_id, supplier.enrolled_at) == (MARIE, NOON)


def test_a_number_goes_when_somebody_else_is_the_contact() -> None:
    supplier = invited()
    supplier.contact_phone = "04 67 12 34 56"
    supplier.enrol(MARIE, "Marie Vidal", supplier.contact_email, "fr", NOON)
    supplier.change_contact(MARIE, "Marie Vidal", "m@lez.example", "fr")
    assert supplier.contact_phone == "04 67 12 34 56", "she has changed her address"
    supplier.change_contact(uuid4(), "Paul", "paul@lez.example", "fr")
    assert supplier.contact_phone is None


def test_who_begins_to_work_is_active_and_stays_so() -> None:
    supplier = enrolled()
    assert supplier.activate()
    assert supplier.state is SupplierState.ACTIVE
    assert not supplier.activate()


def test_who_has_left_is_not_active_again_by_itself() -> None:
    supplier = enrolled()
    supplier.leave()
    assert not supplier.activate()
    assert supplier.state is SupplierState.LEFT
    with pytest.raises(Conflict):
        supplier.leave()


def link() -> Invitation:
    return Invitation(
        id=uuid4(),
        supplier_id=uuid4(),
        email="marie@jardins.example",
        token_digest="0" * 64,
        expires_at=NOON + INVITATION_LIFETIME,
    )


def test_an_invitation_is_good_for_sixty_days() -> None:
    link().accept(NOON + timedelta(days=60) - timedelta(seconds=1))
    with pytest.raises(Gone, match="expired"):
        link().accept(NOON + timedelta(days=60))


def test_an_invitation_is_accepted_once() -> None:
    invitation = link()
    invitation.accept(NOON)
    with pytest.raises(Gone, match="accepted already"):
        invitation.accept(NOON)
