"""Whatever a service declares to hold of people: an erasure ends, however often somebody is in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.event import listen

from services.chassis.events import new_id
from services.chassis.privacy import repeating
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.holdings import OnErasure
from services.chassis.privacy.subject import Subject, address_digest, belongs
from services.chassis.service import Runtime
from services.console.installed import NAMES
from services.enrolment.domain.person import Person
from tests.support.held_twice import Somebody, hold_twice
from tests.support.story import empty_runtime
from tests.support.traces import traces

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
YSALINE = Somebody(new_id(), "Ysaline Cazalis", ("ysaline@verger.example", "ysaline@ancienne.example"))


def refer_to_anything(runtime: Runtime) -> None:
    """What the rows refer to does not matter here."""
    engine = runtime.database.engine
    engine.dispose()
    listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF"))


def longer_than_their_column(runtime: Runtime) -> list[str]:
    """SQLite takes what PostgreSQL refuses."""
    with runtime.read() as session:
        return [
            str(column)
            for table in runtime.service.metadata.sorted_tables
            for column in table.c
            if type(column.type) is String and column.type.length
            if (session.scalar(select(func.max(func.length(column)))) or 0) > column.type.length
        ]


@pytest.mark.parametrize("name", NAMES)
def test_somebody_who_is_twice_wherever_two_rows_can_be_is_erased_from_all_of_them(
    name: str, tmp_path: Path
) -> None:
    runtime = empty_runtime(name, tmp_path)
    runtime.clock = lambda: NOW
    holdings = holdings_of(name, runtime.service.metadata)
    refer_to_anything(runtime)
    with runtime.database.write() as session:
        held = hold_twice(session, holdings, YSALINE)
    assert set(held.values()) <= {1, 2}

    # As after the restore of a backup: in the first place, notifications still says once that it is done.
    digests = tuple(address_digest(YSALINE.id, address) for address in YSALINE.addresses)
    repeating.repeat(runtime, [repeating.Erasure(YSALINE.id, digests, NOW)] * 2)

    assert longer_than_their_column(runtime) == []
    kept = {each.table.name for each in holdings if each.on_erasure is OnErasure.KEEP}
    for address in YSALINE.addresses:
        person = Person(id=YSALINE.id, name=YSALINE.name, email=address)
        assert traces(runtime, person) - kept == set()
    whole = Subject(YSALINE.id)
    with runtime.read() as session:
        for holding in holdings:
            if holding.person is not None and holding.on_erasure is OnErasure.REPLACE:
                rows = session.scalar(
                    select(func.count()).select_from(holding.table).where(belongs(holding, whole))
                )
                assert rows == held[holding.title], holding.title
    runtime.database.close()
