"""Restoring stops what works with the databases, goes all the way or back, and starts what ran before."""

from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from docker import DockerClient

from deploy import jobs, restore
from deploy.backup import script_job
from deploy.installation import SERVICES, Database, ServiceSize
from deploy.stack import Component, Replicas, Stack
from deploy.swarm import Deployed, StackProblem
from deploy.swarm.deployed import Task
from tests.unit.deploy.installations import an_installation

NOBODY = cast(DockerClient, None)
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")]


class Engine:
    """What restoring sees of an engine and asks of it. ``diary`` has what was done, in its order."""

    def __init__(self) -> None:
        self.replicas = {**dict.fromkeys(PROCESSES, 2), "autoscaler": 1, "database": 1, "proxy": 1}
        self.diary: list[str] = []
        self.failing = ""
        self.removed_meanwhile = ""

    def observe(self, client: DockerClient, stack: str) -> dict[str, Deployed]:
        gone = self.removed_meanwhile if "autoscaler = 0" in self.diary else ""
        return {name: self._deployed(name, count) for name, count in self.replicas.items() if name != gone}

    def scale(self, client: DockerClient, stack: str, component: str, replicas: int) -> None:
        self.replicas[component] = replicas
        if component in ("autoscaler", "enrolment-web"):
            self.diary.append(f"{component} = {replicas}")

    def run(self, client: DockerClient, stack: Stack, made: Sequence[Component], files: Any = ()) -> None:
        for job in made:
            words = [job.name, *job.command]
            self.diary.append(" ".join(word for word in words if word not in SERVICES))
            if self.failing and self.failing in self.diary[-1]:
                self.failing = ""
                raise StackProblem(f"{job.name} did not end well.")

    @contextmanager
    def crate(self, *_: Any) -> Any:
        yield self

    def put_archive(self, folder: str, content: Any) -> None:
        self.diary.append(f"{content.read().decode()} into {folder}")

    def _deployed(self, name: str, count: int) -> Deployed:
        tasks = tuple(
            Task(id=f"{name}{number}", fingerprint="x", state="running", is_wanted=True, slot=number)
            for number in range(count)
        )
        return Deployed(
            id=name,
            component=name,
            fingerprint="x",
            image="",
            replicas=count,
            runs_once=False,
            update="",
            iteration=0,
            tasks=tasks,
            specification={},
            previous=None,
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(restore, "observe", made.observe)
    monkeypatch.setattr(restore, "scale", made.scale)
    monkeypatch.setattr(jobs, "run", made.run)
    monkeypatch.setattr(jobs, "crate", made.crate)
    monkeypatch.setattr(jobs, "own_machine", lambda client: "here")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    path.write_text("all data")
    return path


SCHEMAS = [f"{service}-restored-schema migrate --stopped" for service in SERVICES]
ERASURES = [f"{service}-restored-erasures privacy repeat-erasures --set-aside" for service in SERVICES]
EVENTS = [f"{service}-restored-events events publish-again" for service in SERVICES]
STOPPED = ["autoscaler = 0", "enrolment-web = 0"]
STARTED = ["autoscaler = 1", "enrolment-web = 2"]


def test_a_restore_goes_all_the_way_while_nothing_works_with_the_databases(
    engine: Engine, file: Path
) -> None:
    said: list[str] = []
    before = dict(engine.replicas)
    restore.restore(NOBODY, an_installation(), file, said.append)
    assert engine.diary == [
        "restore expect-nothing-kept",
        *STOPPED,
        "all data into /",
        "restore from /backup",
        *SCHEMAS,
        *ERASURES,
        *EVENTS,
        *STARTED,
    ]
    assert engine.replicas == before
    assert len(said) == 4


def test_what_does_not_work_with_the_restored_data_brings_the_old_ones_back(
    engine: Engine, file: Path
) -> None:
    engine.failing = "assessment-restored-schema"
    with pytest.raises(StackProblem, match="assessment-restored-schema did not end well"):
        restore.restore(NOBODY, an_installation(), file, lambda sentence: None)
    assert engine.diary[6:] == [*SCHEMAS[1:2], "restore undo", *SCHEMAS, *ERASURES, *EVENTS, *STARTED]


def test_when_nothing_was_restored_everything_just_starts_again(engine: Engine, file: Path) -> None:
    engine.failing = "restore from"
    with pytest.raises(StackProblem):
        restore.restore(NOBODY, an_installation(), file, lambda sentence: None)
    assert engine.diary[-3:] == ["restore from /backup", *STARTED]


def test_nothing_stands_still_for_what_cannot_be_done(engine: Engine, file: Path) -> None:
    engine.failing = "expect-nothing-kept"
    with pytest.raises(StackProblem):
        restore.restore(NOBODY, an_installation(), file, lambda sentence: None)
    engine.failing = "expect-something-kept"
    with pytest.raises(StackProblem):
        restore.undo(NOBODY, an_installation(), lambda sentence: None)
    assert engine.diary == ["restore expect-nothing-kept", "restore expect-something-kept"]


def test_a_restore_is_undone_and_the_broker_forgets_what_came_of_it(engine: Engine) -> None:
    restore.undo(NOBODY, an_installation(), lambda sentence: None)
    assert engine.diary == [
        "restore expect-something-kept",
        *STOPPED,
        "restore undo",
        *SCHEMAS,
        *ERASURES,
        *EVENTS,
        *STARTED,
    ]


def test_what_is_not_up_cannot_be_restored(engine: Engine, file: Path) -> None:
    del engine.replicas["reporting-web"]
    with pytest.raises(StackProblem, match="reporting-web not there: run “cesar deploy up” first"):
        restore.restore(NOBODY, an_installation(), file, lambda sentence: None)


def test_what_somebody_removes_meanwhile_is_not_waited_for(engine: Engine, file: Path) -> None:
    engine.removed_meanwhile = "assessment-web"
    with pytest.raises(StackProblem, match="assessment-web was removed meanwhile"):
        restore.restore(NOBODY, an_installation(), file, lambda sentence: None)


def test_what_an_interrupted_restore_left_stopped_starts_after_the_next_one(
    engine: Engine, file: Path
) -> None:
    engine.replicas["enrolment-web"] = 0
    restore.restore(NOBODY, an_installation(), file, lambda sentence: None)
    assert engine.replicas["enrolment-web"] == 1


def test_a_job_knows_the_addresses_of_the_databases_and_nothing_else(engine: Engine) -> None:
    job, files = script_job(NOBODY, an_installation(), "backup.sh", ("a", "b"))
    assert {secret.name for secret in job.secrets} == {f"database-{service}" for service in SERVICES}
    assert {mounted.target for mounted in job.configs} == {"/cesar/databases.sh", "/cesar/backup.sh"}
    assert [file.mounted for file in files] == list(job.configs)
    assert [network.network for network in job.networks] == ["data"]
    assert (job.node, job.read_only, job.runs_once, job.command) == ("here", True, True, ("a", "b"))


def test_a_job_reaches_databases_that_are_elsewhere(engine: Engine) -> None:
    elsewhere = an_installation(database=Database(is_external=True))
    job, _ = script_job(NOBODY, elsewhere, "backup.sh", ())
    assert [network.network for network in job.networks] == ["data", "outside"]


def test_the_oldest_service_decides_which_backups_fit(tmp_path: Path) -> None:
    from deploy.archive import BadArchive
    from tests.unit.deploy.test_archive import whole

    saved = tmp_path / "backup.tar"
    dumps = dict.fromkeys(SERVICES, b"dump")
    saved.write_bytes(whole(dumps, release="1.1.0"))
    restore.readable_backup(saved, an_installation(release="1.2.0"))
    behind = {**dict.fromkeys(SERVICES, ServiceSize()), "reporting": ServiceSize(release="1.0.0")}
    with pytest.raises(BadArchive, match=r"is of release 1\.1\.0 and this is 1\.0\.0"):
        restore.readable_backup(saved, an_installation(release="1.2.0", services=behind))


def test_an_elastic_service_gets_the_count_back_that_it_had(engine: Engine, file: Path) -> None:
    engine.replicas["reporting-worker"] = 3
    elastic = {
        **dict.fromkeys(SERVICES, ServiceSize()),
        "reporting": ServiceSize(worker=Replicas(least=1, most=4)),
    }
    restore.restore(NOBODY, an_installation(services=elastic), file, lambda sentence: None)
    assert engine.replicas["reporting-worker"] == 3
