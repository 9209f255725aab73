"""The versions of a programme's wording of agreements: read and added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.model import NotFound
from services.enrolment.domain.agreement_wording import WordingVersion
from services.enrolment.storage.tables import agreement_wordings, people

_columns = agreement_wordings.c
_LARGEST = 2**31 - 1  # of the numbers that the column can hold, which an address need not keep to
_VERSION = (_columns.number, _columns.text, _columns.saved_by, _columns.saved_at)


def wording_versions(session: Session, programme: str) -> Sequence[tuple[WordingVersion, str | None]]:
    """All versions, the latest first, each with the name of who saved it."""
    query = (
        select(*_VERSION, people.c.name)
        .outerjoin(people, people.c.id == _columns.saved_by)
        .where(_columns.programme == programme)
        .order_by(_columns.number.desc())
    )
    return [(WordingVersion(*row[:-1]), row[-1]) for row in session.execute(query)]


def wording_version(session: Session, programme: str, number: int) -> WordingVersion:
    """Raises NotFound."""
    number = max(0, min(number, _LARGEST))
    query = select(*_VERSION).where(_columns.programme == programme, _columns.number == number)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such version of the wording.")
    return WordingVersion(*row)


def latest_number(session: Session, programme: str) -> int:
    """0 when no version was saved yet."""
    query = select(func.max(_columns.number)).where(_columns.programme == programme)
    return session.scalar(query) or 0


def add_wording(session: Session, programme: str, version: WordingVersion) -> None:
    session.execute(insert(agreement_wordings).values(programme=programme, **vars(version)))
