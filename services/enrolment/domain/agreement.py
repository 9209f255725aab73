"""The agreement (*convention*) between a buyer and the chamber, and the signatures below it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import Aggregate, Conflict


class AgreementState(StrEnum):
    PROPOSED = "proposed"
    BUYER_SIGNED = "buyer_signed"
    SIGNED = "signed"
    VOID = "void"


class Party(StrEnum):
    BUYER = "buyer"
    CHAMBER = "chamber"


@dataclass(eq=False, kw_only=True)
class Agreement(Aggregate):
    """One application's agreement: proposed, signed by the buyer, countersigned by the chamber.

    It is void when the buyer has given up before that, or has signed elsewhere.
    ``document_id`` is the document that stands for it: the proposed one, or the signed copy that the buyer
    gave. Whoever signs signs exactly that one, which ``sha256`` names.
    """

    application_id: UUID
    programme: str
    document_id: UUID
    sha256: str
    proposed_at: datetime
    state: AgreementState = AgreementState.PROPOSED

    def sign(self, party: Party, sha256: str) -> None:
        """Raises Conflict out of turn, or when the document is not the one that the person has read."""
        expected = {Party.BUYER: AgreementState.PROPOSED, Party.CHAMBER: AgreementState.BUYER_SIGNED}
        if self.state is not expected[party]:
            raise Conflict("This agreement cannot be signed now. Load the page again.")
        if sha256 != self.sha256:
            raise Conflict("The agreement has changed since you read it. Read it again before you sign.")
        self.state = AgreementState.BUYER_SIGNED if party is Party.BUYER else AgreementState.SIGNED

    def make_void(self) -> bool:
        """Nobody is to sign it any more; false when there is nothing left to sign."""
        if self.state not in (AgreementState.PROPOSED, AgreementState.BUYER_SIGNED):
            return False
        self.state = AgreementState.VOID
        return True

    def replace_document(self, document_id: UUID, sha256: str) -> None:
        """Another document stands for it. Raises Conflict once somebody has signed, or when it is void."""
        if self.state is AgreementState.VOID:
            raise Conflict("This agreement is void: it cannot be changed any more.")
        if self.state is not AgreementState.PROPOSED:
            raise Conflict("This agreement is signed: it cannot be changed any more.")
        self.document_id, self.sha256 = document_id, sha256


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A line that is only ever added: who signed what, when, how and from where.

    ``seal`` is a digest of the line and of the seal before it, so that no line can be changed, removed or
    put in between without all that follow showing it.
    """

    agreement_id: UUID
    party: Party
    person_id: UUID
    name: str
    sha256: str
    way: str
    address: str
    signed_at: datetime
    previous: str = ""

    @property
    def seal(self) -> str:
        parts = (
            self.previous,
            str(self.agreement_id),
            self.party.value,
            str(self.person_id),
            self.name,
            self.sha256,
            self.way,
            self.address,
            self.signed_at.astimezone(UTC).isoformat(),
        )
        # Lengths stand before the parts, so that no two lines read the same.
        return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()
