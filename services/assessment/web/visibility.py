"""Who may see and change which assessment.

The same answer is given for what does not exist and for what belongs to others, so that ids tell nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.domain.assessment import Assessment, Person
from services.assessment.domain.sharing import Scope, Sharing
from services.assessment.storage import queries
from services.assessment.storage.review_list import AssessmentFilter
from services.chassis.model import Forbidden
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
    """The assessment, for the supplier whose it is. Raises Forbidden."""
    found = session.get(Assessment, assessment_id)
    if found is None or not _is_own(signed_in_person(), found):
        raise Forbidden(_HIDDEN)
    return found


def accompanied_assessment(session: Session, assessment_id: UUID) -> Assessment:
    """The assessment, for the team of its programme. Raises Forbidden."""
    found = session.get(Assessment, assessment_id)
    if found is None or not _is_accompanied(signed_in_person(), found):
        raise Forbidden(_HIDDEN)
    return found


def visible_assessment(session: Session, assessment_id: UUID) -> Assessment:
    """The assessment, for its supplier and for the team of its programme. Raises Forbidden."""
    found = session.get(Assessment, assessment_id)
    person = signed_in_person()
    if found is None or not (_is_own(person, found) or _is_accompanied(person, found)):
        raise Forbidden(_HIDDEN)
    return found


def visible_sharing(session: Session, sharing_id: UUID) -> Sharing:
    """The sharing, for the buyer with whom it is. Raises Forbidden, also once sharing has stopped."""
    found = session.get(Sharing, sharing_id)
    if found is None or not found.scope or not _is_with(signed_in_person(), found):
        raise Forbidden("This supplier shares nothing with you, or not any more.")
    return found


def check_may_see_proofs(session: Session, assessment_id: UUID) -> None:
    """For the supplier, the team, and buyers with whom the proofs are shared. Raises Forbidden."""
    person = signed_in_person()
    found = session.get(Assessment, assessment_id)
    if found is not None and _is_own(person, found):
        return
    if found is not None and found.is_handed_in:
        decisions = queries.sharings_of(session, assessment_id).values()
        if _is_accompanied(person, found) or any(
            sharing.allows(Scope.PROOFS) and _is_with(person, sharing) for sharing in decisions
        ):
            return
    raise Forbidden("You cannot see this file, or it does not exist.")


def accompanied_by(person: Identity, state: str | None = None) -> AssessmentFilter:
    """The assessments that a member of the team sees: those of their programmes."""
    grants = [grant.programme for grant in person.grants if grant.role in TEAM]
    everywhere = None in grants
    programmes = None if everywhere else tuple(dict.fromkeys(each for each in grants if each is not None))
    return AssessmentFilter(programmes=programmes, state=state)


def _is_own(person: Identity, assessment: Assessment) -> bool:
    return assessment.organisation_id in person.organisations("supplier")


def _is_accompanied(person: Identity, assessment: Assessment) -> bool:
    return any(person.may(role, assessment.programme) for role in TEAM)


def _is_with(person: Identity, sharing: Sharing) -> bool:
    return sharing.buyer_organisation_id in person.organisations("buyer")
