"""Who may see and change which assessment.

The same answer is given for what does not exist and for what belongs to others, so that ids tell nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.domain.assessment import Assessment, Person
from services.assessment.domain.sharing import Scope, Sharing
from services.assessment.storage import queries
from services.assessment.storage.accompanied import Accompanied, followed_buyers
from services.assessment.storage.review_list import AssessmentFilter, is_listed
from services.chassis.model import Forbidden, NotFound
from services.chassis.web.i18n import N_
from services.chassis.web.identity import Identity
from services.chassis.web.session import signed_in_person

TEAM = ("manager", "adviser")
_HIDDEN = N_("You cannot see this assessment, or it does not exist.")


def acting_person() -> Person:
    """The person who is asking, as the domain knows people."""
    identity = signed_in_person()
    return Person(identity.person_id, identity.name)


def own_assessment(session: Session, assessment_id: UUID) -> Assessment:
    """The assessment, for the supplier whose it is. Raises NotFound."""
    found = session.get(Assessment, assessment_id)
    if found is None or not _is_own(signed_in_person(), found):
        raise NotFound(_HIDDEN)
    return found


def accompanied_assessment(session: Session, assessment_id: UUID) -> Assessment:
    """The assessment, for those of the team who accompany its supplier. Raises NotFound."""
    found = session.get(Assessment, assessment_id)
    if found is None or not _is_accompanied(signed_in_person(), session, found):
        raise NotFound(_HIDDEN)
    return found


def visible_assessment(session: Session, assessment_id: UUID) -> Assessment:
    """The assessment, for its supplier and for those who accompany it. Raises NotFound."""
    found = session.get(Assessment, assessment_id)
    person = signed_in_person()
    if found is None or not (_is_own(person, found) or _is_accompanied(person, session, found)):
        raise NotFound(_HIDDEN)
    return found


def visible_sharing(session: Session, sharing_id: UUID) -> Sharing:
    """The sharing, for the buyer with whom it is. Raises Forbidden, also once sharing has stopped."""
    found = session.get(Sharing, sharing_id)
    if found is None or not found.scope or not _is_with(signed_in_person(), found):
        raise Forbidden("This supplier shares nothing with you, or not any more.")
    return found


def check_may_see_proofs(session: Session, assessment_id: UUID) -> None:
    """For the supplier, who accompanies it, and buyers with whom the proofs are shared. Raises NotFound."""
    person = signed_in_person()
    found = session.get(Assessment, assessment_id)
    if found is not None and _is_own(person, found):
        return
    if found is not None and found.is_handed_in:
        decisions = queries.sharings_of(session, assessment_id).values()
        if _is_accompanied(person, session, found) or any(
            sharing.allows(Scope.PROOFS) and _is_with(person, sharing) for sharing in decisions
        ):
            return
    raise NotFound("You cannot see this file, or it does not exist.")


def accompanied_by(person: Identity, session: Session, state: str | None = None) -> AssessmentFilter:
    """The assessments that a member of the team sees; the rule is in ``storage/accompanied.py``."""
    everywhere = any(grant.role == "manager" and grant.programme is None for grant in person.grants)
    followed = {
        programme: followed_buyers(session, person.person_id, programme)
        for programme in person.programmes("adviser")
        if not person.may("manager", programme)
    }
    accompanied = Accompanied(None if everywhere else person.programmes("manager"), followed)
    return AssessmentFilter(accompanied, state=state)


def _is_own(person: Identity, assessment: Assessment) -> bool:
    return assessment.organisation_id in person.organisations("supplier")


def _is_accompanied(person: Identity, session: Session, assessment: Assessment) -> bool:
    if person.may("manager", assessment.programme):
        return True
    return person.may("adviser", assessment.programme) and is_listed(
        session, accompanied_by(person, session), assessment.id
    )


def _is_with(person: Identity, sharing: Sharing) -> bool:
    return sharing.buyer_organisation_id in person.organisations("buyer")
