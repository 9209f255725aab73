"""A role in one word, as forms and addresses hold it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.chassis.model import DomainError
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import PersonGrant
from services.enrolment.storage import queries


def key_of(grant: PersonGrant) -> str:
    return f"{grant.role}.{grant.programme or ''}.{grant.organisation_id or ''}"


def grant_with(key: str, grants: Iterable[PersonGrant]) -> PersonGrant:
    """The one of these roles that is meant. Raises DomainError for one that is not among them."""
    for grant in grants:
        if key_of(grant) == key:
            return grant
    raise DomainError("This role cannot be chosen.", field="roles")


def place_of(grant: PersonGrant, session: Session) -> str:
    """Where the role counts, in words: the organisation and the programme; empty for everywhere."""
    words = []
    if grant.organisation_id is not None:
        words.append(session.get_one(Organisation, grant.organisation_id).name)
    if grant.programme is not None:
        words.append(queries.programme_by_slug(session, grant.programme).name)
    return ", ".join(words)
