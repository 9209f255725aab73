"""While a service is updated, code of two releases works with one database, or says why it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from services.chassis import migrations
from services.chassis.database import Database
from services.chassis.migrations import MigrationRefused
from tests.support.postgres import Postgres
from tests.support.releases import Release, Revision, make_release

MAKE = Revision(
    "aaa",
    "op.create_table('tree', sa.Column('id', sa.Integer, primary_key=True), sa.Column('kind', sa.Text))",
)
ADD = Revision("bbb", "op.add_column('tree', sa.Column('species', sa.Text))")
DROP = Revision("ccc", "op.drop_column('tree', 'kind')", contracts="1.1")
CARELESS = Revision("ddd", "op.drop_column('tree', 'kind')")


@dataclass
class Orchard:
    """A database and the releases that meet there: the first, one that adds, one that takes away."""

    database: Database
    first: Release
    expanded: Release
    contracted: Release
    folder: Path

    def migrate(self, release: Release, *, stopped: bool = False) -> None:
        migrations.upgrade(release.package, self.database, release=release.number, stopped=stopped)

    def problems(self, release: Release) -> list[str]:
        return migrations.problems(release.package, self.database, release=release.number)

    def execute(self, statement: str) -> None:
        with self.database.write() as session:
            session.execute(text(statement))

    def columns(self) -> set[str]:
        with self.database.engine.connect() as connection:
            known = inspect(connection)
            return (
                {column["name"] for column in known.get_columns("tree")} if known.has_table("tree") else set()
            )


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def orchard(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Orchard]:
    monkeypatch.syspath_prepend(tmp_path)
    if request.param == "SQLite":
        url = f"sqlite:///{tmp_path / 'orchard.db'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.create_database("orchard")
    database = Database(url)
    yield Orchard(
        database,
        make_release(tmp_path, "1.0", [MAKE]),
        make_release(tmp_path, "1.1", [MAKE, ADD]),
        make_release(tmp_path, "1.2", [MAKE, ADD, DROP]),
        tmp_path,
    )
    database.close()


def test_old_code_goes_on_with_a_schema_to_which_only_something_was_added(orchard: Orchard) -> None:
    orchard.migrate(orchard.first)
    orchard.migrate(orchard.expanded)
    assert orchard.problems(orchard.first) == []
    assert orchard.problems(orchard.expanded) == []
    orchard.execute("INSERT INTO tree (id, kind) VALUES (1, 'apple')")


def test_new_code_does_not_start_on_a_schema_that_is_behind_it(orchard: Orchard) -> None:
    orchard.migrate(orchard.first)
    assert orchard.problems(orchard.expanded) == [
        "The database of orchard is at schema aaa but this release needs bbb: run “cesar migrate orchard”."
    ]


def test_code_stops_when_something_that_it_needs_was_taken_away(orchard: Orchard) -> None:
    for release in (orchard.first, orchard.expanded, orchard.contracted):
        orchard.migrate(release)
    assert orchard.columns() == {"id", "species"}
    assert orchard.problems(orchard.expanded) == []
    assert orchard.problems(orchard.first) == [
        "The database of orchard is at the newer schema ccc, which serves releases from 1.1 on, "
        "and this is 1.0: install a newer release, or restore a backup."
    ]
    with pytest.raises(MigrationRefused, match=r"which serves releases from 1\.1 on, and this is 1\.0"):
        orchard.migrate(orchard.first)


def test_a_release_that_is_installed_again_finds_the_newer_schema_in_order(orchard: Orchard) -> None:
    orchard.migrate(orchard.first)
    orchard.migrate(orchard.expanded)
    orchard.migrate(orchard.first)
    assert orchard.columns() == {"id", "kind", "species"}
    assert orchard.problems(orchard.first) == orchard.problems(orchard.expanded) == []


def test_no_release_is_skipped_while_processes_may_run_that_need_it(orchard: Orchard) -> None:
    orchard.migrate(orchard.first)
    with pytest.raises(MigrationRefused, match=r"comes from release 1\.0.* update to release 1\.1 first"):
        orchard.migrate(orchard.contracted)
    assert orchard.columns() == {"id", "kind"}
    orchard.migrate(orchard.contracted, stopped=True)
    assert orchard.columns() == {"id", "species"}


def test_after_going_back_a_release_the_next_but_one_is_refused_again(orchard: Orchard) -> None:
    orchard.migrate(orchard.first)
    orchard.migrate(orchard.expanded)
    orchard.migrate(orchard.first)
    with pytest.raises(MigrationRefused, match=r"update to release 1\.1 first"):
        orchard.migrate(orchard.contracted)


def test_a_careless_migration_is_refused_before_the_database_is_touched(orchard: Orchard) -> None:
    careless = make_release(orchard.folder, "2.0", [MAKE, CARELESS])
    with pytest.raises(MigrationRefused, match=r"Revision ddd drops the column tree\.kind"):
        orchard.migrate(careless, stopped=True)
    assert orchard.columns() == set()


def test_a_database_of_a_release_that_left_no_word_is_migrated_and_is_not_taken_for_newer(
    orchard: Orchard,
) -> None:
    orchard.migrate(orchard.first)
    orchard.execute("DROP TABLE schema_compatibility")
    with pytest.raises(MigrationRefused, match="comes from an early release"):
        orchard.migrate(orchard.contracted)
    orchard.migrate(orchard.expanded)
    assert orchard.problems(orchard.expanded) == []
    orchard.execute("DROP TABLE schema_compatibility")
    assert "which serves no release that it names" in orchard.problems(orchard.first)[0]
