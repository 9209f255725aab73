"""Taking and restoring a backup says what stands in the way, and leaves nothing half done."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.chassis.service import Runtime
from tests.chaos.pair import SERVICES, change_thing, runtime_of
from tests.support.backups import ScriptFailed, back_up, restore, run_script
from tests.support.postgres import Postgres

# A table that the database itself guards, as the audit log is.
GUARD = (
    "CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'It is kept.'; END $$",
    "CREATE TRIGGER kept BEFORE DELETE ON alembic_version FOR EACH ROW EXECUTE FUNCTION is_kept()",
)


@pytest.fixture
def urls(postgres: Postgres) -> dict[str, str]:
    return {name: postgres.create_database(name) for name in SERVICES}


@pytest.fixture
def runtimes(urls: dict[str, str]) -> Iterator[dict[str, Runtime]]:
    """The services with one thing in the maker's database; nothing of them is connected."""
    with ExitStack() as stack:
        made = {name: stack.enter_context(runtime_of(name, urls[name], "memory://")) for name in SERVICES}
        for runtime in made.values():
            runtime.service.metadata.create_all(runtime.database.engine)
            with runtime.database.write() as session:
                session.execute(text("CREATE TABLE alembic_version (version_num text NOT NULL)"))
                session.execute(text("INSERT INTO alembic_version VALUES ('abc')"))
                for statement in GUARD:
                    session.execute(text(statement))
        make_thing(made["maker"], "first")
        yield made


def make_thing(runtime: Runtime, name: str) -> None:
    with runtime.unit_of_work() as work:
        change_thing(None, name, work)
    runtime.database.close()


def things(runtime: Runtime) -> list[str]:
    with runtime.read() as session:
        names = list(session.scalars(text("SELECT name FROM thing ORDER BY name")))
    runtime.database.close()
    return names


def is_guarded(runtime: Runtime) -> bool:
    try:
        with runtime.database.write() as session:
            session.execute(text("DELETE FROM alembic_version"))
    except DBAPIError as refused:
        assert "It is kept." in str(refused)
        return True
    finally:
        runtime.database.close()
    return False


def test_a_restore_can_be_undone_or_made_final(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    maker = runtimes["maker"]
    back_up(urls, folder)
    make_thing(maker, "second")
    restore(urls, folder)
    assert things(maker) == ["first"]
    assert is_guarded(maker)
    with pytest.raises(
        ScriptFailed, match="an earlier restore is still kept: undo that restore or forget it"
    ):
        restore(urls, folder)
    run_script("restore.sh", urls, "undo", *urls)
    assert things(maker) == ["first", "second"]
    assert is_guarded(maker)
    make_thing(maker, "third")
    restore(urls, folder)
    run_script("restore.sh", urls, "forget", *urls)
    assert things(maker) == ["first"]
    assert is_guarded(maker)
    for settled in ("undo", "forget"):
        with pytest.raises(ScriptFailed, match="Nothing is kept from before a restore"):
            run_script("restore.sh", urls, settled, *urls)


def test_one_database_that_cannot_be_restored_leaves_all_as_they_were(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    back_up(urls, folder)
    make_thing(runtimes["maker"], "second")
    last = folder / f"{[*urls][-1]}.dump"
    last.write_bytes(last.read_bytes()[:3000])
    with pytest.raises(
        ScriptFailed, match="The database of keeper could not be restored: all are as they were"
    ):
        restore(urls, folder)
    assert things(runtimes["maker"]) == ["first", "second"]
    make_thing(runtimes["maker"], "third")


def test_a_database_that_is_still_in_use_is_not_restored(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    back_up(urls, folder)
    with runtimes["maker"].unit_of_work() as work:
        change_thing(None, "second", work)
        work.flush()
        with pytest.raises(ScriptFailed, match="The database of maker could not be restored"):
            restore(urls, folder)
    assert things(runtimes["maker"]) == ["first", "second"]


def test_a_backup_waits_for_a_long_transaction_and_lets_others_work_meanwhile(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    with ThreadPoolExecutor() as threads:
        is_recording = Event()
        slow = threads.submit(record_slowly, urls["keeper"], is_recording)
        assert is_recording.wait(10)
        backup = threads.submit(back_up, urls, folder)
        longest = 0.0
        while not backup.done():
            begun = time.monotonic()
            make_thing(runtimes["maker"], f"at {begun}")
            longest = max(longest, time.monotonic() - begun)
        assert slow.done() and (folder / "manifest.json").exists()
        backup.result()
    assert longest < 2.5


def record_slowly(url: str, is_recording: Event) -> None:
    """For some seconds be in the middle of recording an event."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("LOCK TABLE outbox IN ROW EXCLUSIVE MODE")
        is_recording.set()
        time.sleep(4)


def test_a_database_that_does_not_answer_is_not_taken_for_one_with_nothing_kept(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    back_up(urls, folder)
    restore(urls, folder)
    lost = {**urls, "keeper": urls["keeper"] + "_lost"}
    for what in ("undo", "forget", "expect-nothing-kept", "expect-something-kept"):
        with pytest.raises(ScriptFailed, match=r'database "keeper_.*_lost" does not exist'):
            run_script("restore.sh", lost, what, *lost)
    with pytest.raises(ScriptFailed, match="earlier restore is still kept"):
        run_script("restore.sh", urls, "expect-nothing-kept", *urls)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DROP TABLE alembic_version", "A database could not be dumped: no backup was made"),
        ("DROP TABLE outbox", "The outboxes could not be locked for a moment: no backup was made"),
    ],
)
def test_a_database_that_is_not_whole_makes_no_backup(
    statement: str, sentence: str, urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path
) -> None:
    with runtimes["keeper"].database.write() as session:
        session.execute(text(statement))
    with pytest.raises(ScriptFailed, match=sentence):
        back_up(urls, folder)
    assert not (folder / "manifest.json").exists()
    make_thing(runtimes["maker"], "second")


def test_an_address_that_is_not_set_is_named(urls: dict[str, str], folder: Path) -> None:
    with pytest.raises(ScriptFailed, match=r"CESAR_KEEPER_DATABASE_URL is not set\."):
        run_script("backup.sh", {"maker": urls["maker"]}, str(folder), "1.0", *urls)


def test_an_address_may_stand_in_a_file(
    urls: dict[str, str], runtimes: dict[str, Runtime], folder: Path, tmp_path: Path
) -> None:
    secrets = {name: tmp_path / name for name in urls}
    for name, secret in secrets.items():
        secret.write_text(urls[name] + "\n")
    run_script("backup.sh", {}, str(folder), "1.0", *urls, files=secrets)
    assert {path.name for path in folder.iterdir()} == {"maker.dump", "keeper.dump", "manifest.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
