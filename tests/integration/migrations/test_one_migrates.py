"""Processes that start together migrate once, and the others wait for it."""

import sys
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import create_engine, text

from services.console.installed import NAMES
from tests.support.embedded import cesar
from tests.support.postgres import Postgres
from tests.support.process import Process
from tests.support.rabbitmq import RabbitMQ
from tests.support.real import real_settings
from tests.support.releases import Revision, make_release
from tests.support.smtp import MailServer

# Long enough for all to come before it is through; each that does it leaves a row.
SLOW = Revision(
    "aaa",
    """
    op.create_table('done', sa.Column('id', sa.Integer, sa.Identity(), primary_key=True))
    op.execute('INSERT INTO done DEFAULT VALUES')
    op.execute('SELECT pg_sleep(2)')
    """,
)
ONCE = Revision("bbb", "op.execute('INSERT INTO done DEFAULT VALUES')")
PROGRAM = """
import sys
from services.chassis import migrations
from services.chassis.database import Database

database = Database(sys.argv[1])
print("comes", flush=True)
migrations.upgrade(sys.argv[2], database, release="1.0")
print("finds", migrations.problems(sys.argv[2], database, release="1.0"))
"""


def test_four_processes_apply_each_revision_once(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create_database("orchard")
    release = make_release(tmp_path, "1.0", [SLOW, ONCE])
    command = [sys.executable, "-c", PROGRAM, url, release.package]
    with ExitStack() as running:
        processes = [
            running.enter_context(Process(command, name="migration", env={"PYTHONPATH": str(tmp_path)}))
            for _ in range(4)
        ]
        for process in processes:
            assert process.wait(60) == 0, process.output
            assert process.lines == ["comes", "finds []"]
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM done")) == 2
    engine.dispose()


def test_the_command_can_be_started_anywhere_at_any_time(
    tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ, smtp: MailServer
) -> None:
    settings = real_settings(tmp_path, "http://localhost", rabbitmq, postgres, smtp)
    with ExitStack() as running:
        processes = [running.enter_context(cesar("migrate", env=settings)) for _ in range(4)]
        for process in processes:
            assert process.wait(120) == 0, process.output
            assert process.lines == [f"{name}: the database is up to date." for name in NAMES]
