"""A role in one word, as forms and addresses hold it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.chassis.model import DomainError, NotFound
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
    """Where the role counts, in words: the organisation and the programme; empty for everywhere.

    Raises NotFound for what is not there any more.
    """
    words = []
    if grant.organisation_id is not None:
        organisation = session.get(Organisation, grant.organisation_id)
        if organisation is None:
            raise NotFound("This does not exist, or no longer.")
        words.append(organisation.name)
    if grant.programme is not None:
        words.append(queries.programme_by_slug(session, grant.programme).name)
    return ", ".join(words)
