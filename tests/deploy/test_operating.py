"""The operator's commands, each to its end."""

import json
import signal

import pytest

from deploy.installation import load, parse
from deploy.stack import Replicas
from tests.deploy.operator import Operator
from tests.support.docker_engine import DockerEngine
from tests.support.embedded import cesar


def test_up_shows_what_it_does_and_the_second_time_does_nothing(operator: Operator) -> None:
    assert "create  reporting-web" in operator.run("up", "--dry-run")
    assert not operator.small.ids()
    output = operator.run("up")
    assert "reporting-web: well" in output
    assert output.rstrip().endswith("is well: https://cesar.example.org")
    before = operator.small.ids()
    assert "Nothing to do" in operator.run("up")
    assert operator.small.ids() == before
    difference = json.loads(operator.run("up", "--json"))
    assert {change["action"] for change in difference["changes"]} == {"keep"}


def test_up_tells_what_does_not_get_well_by_its_exit_code(operator: Operator) -> None:
    operator.file.write_text(operator.file.read_text().replace('release = "1"', 'release = "bad"'))
    output = operator.run("up", code=1)
    assert "reporting-web does not get well: its health check fails." in output
    assert not operator.small.containers("proxy")


def test_status_tells_what_runs_and_what_there_is_still_to_do(operator: Operator) -> None:
    absent = operator.status(code=1)["reporting-web"]
    assert (absent["state"], absent["running"], absent["desired"]) == ("absent", 0, 1)

    operator.run("up")
    found = json.loads(operator.run("status", "--json"))
    assert found["is_well"]
    rows = {row["component"]: row for row in found["components"]}
    web, job = rows["reporting-web"], rows["reporting-migrate"]
    assert (web["state"], web["running"], web["desired"]) == ("well", 1, 1)
    assert (web["image"], web["runs_once"]) == ("small/reporting:1", False)
    assert (job["state"], job["runs_once"]) == ("done", True)
    assert (rows["reporting-worker"]["least"], rows["reporting-worker"]["most"]) == (1, 3)
    backlog = found["backlogs"]["reporting"]
    assert (backlog["queue"], backlog["outbox"], backlog["parked"]) == (12, 3, 2)

    (worker,) = [line for line in operator.run("status").splitlines() if "reporting-worker" in line]
    assert worker.split()[:7] == ["reporting-worker", "well", "1/1", "(1–3)", "1", "12", "3,"]


def test_scaling_within_a_range_leaves_the_file_alone(operator: Operator) -> None:
    operator.run("up")
    before, text = operator.small.ids(), operator.file.read_text()
    assert "reporting-worker runs in 2 containers." in operator.run("scale", "reporting.worker=2")
    after = operator.small.ids()
    assert len(after["reporting-worker"]) == 2
    assert before["reporting-worker"] < after["reporting-worker"]
    assert operator.file.read_text() == text
    assert "Nothing to do" in operator.run("up")


def test_scaling_what_has_a_fixed_number_changes_the_file(operator: Operator) -> None:
    operator.run("up")
    operator.run("scale", "reporting.web=2", "reporting.worker=2")
    assert load(operator.file).services["reporting"].web == Replicas(least=2, most=2)
    assert "Nothing to do" in operator.run("up")
    operator.run("scale", "reporting.web=1")
    assert len(operator.small.ids()["reporting-web"]) == 1


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("reporting.worker=4", "reporting.worker=4: it has to be from 1 to 3 (services.reporting.worker in"),
        ("reporting.web=0", "reporting.web=0: it has to be from 1 to 50."),
        ("reporting.web", "“reporting.web” is not like assessment.worker=4."),
        ("reporting.web=two", "“reporting.web=two” is not like assessment.worker=4."),
        ("reporting.wep=2", "There is no reporting.wep; perhaps reporting-web is meant."),
        ("reporting.migrate=2", "reporting-migrate cannot be scaled: only web and worker of a service can."),
        ("database=2", "database cannot be scaled"),
    ],
)
def test_a_count_that_cannot_be_is_told_in_a_sentence(
    operator: Operator, argument: str, sentence: str
) -> None:
    assert sentence in operator.run("scale", argument, code=1)


def test_scaling_what_is_not_there_is_told_in_a_sentence(operator: Operator) -> None:
    assert "reporting-worker is not there: run “cesar deploy up” first." in operator.run(
        "scale", "reporting.worker=2", code=1
    )


def test_a_service_comes_to_another_release_which_the_file_then_says(operator: Operator) -> None:
    operator.run("up")
    before = operator.small.ids()
    assert "reporting runs now in release 2." in operator.run("update", "reporting", "--release", "2")
    assert operator.images() == {"web": "small/reporting:2", "worker": "small/reporting:2"}
    assert operator.release() == "2"
    assert operator.small.runs_of_migration() == 2
    after = operator.small.ids()
    assert after["database"] == before["database"] and after["proxy"] == before["proxy"]
    assert not after["reporting-web"] & before["reporting-web"]
    assert "reporting runs in release 2." in operator.run("update", "reporting")
    operator.run("update", "reporting", "--release", "1")
    assert parse(operator.file.read_text()).services["reporting"].release is None


def test_a_release_that_does_not_get_well_leaves_the_whole_service_as_it_was(operator: Operator) -> None:
    operator.run("up")
    output = operator.run("update", "reporting", "--release", "bad", code=1)
    assert "reporting-web went back to small/reporting:1: with small/reporting:bad its health check" in output
    assert "reporting-worker went back to what it was before." in output
    assert "reporting-migrate went back to what it was before." in output
    assert json.loads(operator.run("status", "--json"))["is_well"]
    assert operator.images() == {"web": "small/reporting:1", "worker": "small/reporting:1"}
    assert operator.release() == "1"


def test_a_migration_that_fails_leaves_the_service_as_it_was(operator: Operator) -> None:
    operator.run("up")
    before = operator.small.ids()
    output = operator.run("update", "reporting", "--release", "unmigratable", code=1)
    assert "reporting-migrate did not end well: its process ended with exit code 1." in output
    assert "reporting-migrate went back to what it was before." in output
    assert operator.small.ids() == before
    assert operator.status()["reporting-migrate"]["image"] == "small/reporting:1"


def test_an_update_needs_a_service_and_an_image(operator: Operator) -> None:
    assert "There is no service “repotring”" in operator.run("update", "repotring", code=1)
    missing = operator.run("update", "reporting", "--release", "9", code=1)
    assert "The image small/reporting:9 is not here: run “cesar deploy build”." in missing
    absent = operator.run("update", "reporting", "--release", "2", code=1)
    assert "reporting is not there yet: run “cesar deploy up” first." in absent
    assert operator.small.ids() == {}


def test_logs_are_shown_with_the_number_of_their_container(operator: Operator) -> None:
    operator.run("up")
    output = operator.run("logs", "reporting.web", "--tail", "5")
    assert "reporting-web.1 | " in output
    (sesame,) = [line for line in operator.run("logs", "database").splitlines() if line] or ["nothing"]
    assert sesame == "nothing"
    raw = operator.run("logs", "reporting.worker", "--raw", "--tail", "1000")
    assert "sesamepages" in raw.splitlines()
    assert "There is no reporting.wep" in operator.run("logs", "reporting.wep", code=1)


def test_logs_that_are_followed_show_what_comes_until_they_are_left(
    operator: Operator, docker_engine: DockerEngine
) -> None:
    operator.run("up")
    (container,) = operator.small.containers("reporting-worker")
    command = ("deploy", "logs", "reporting.worker", "--follow", "--file", str(operator.file))
    with cesar(*command, env={"DOCKER_HOST": docker_engine.url}) as process:
        process.wait_for_line("sesamepages")
        ask = "import urllib.request as http; http.urlopen('http://127.0.0.1:8000/?question')"
        container.exec_run(["python3", "-c", ask])
        process.wait_for_line(r"reporting-worker\.1 \| .*\?question")
        process.signal(signal.SIGINT)
        assert process.wait() == 0


def test_logs_of_what_is_not_there_are_told_in_a_sentence(operator: Operator) -> None:
    assert "reporting-web is not there: run “cesar deploy up” first." in operator.run(
        "logs", "reporting.web", code=1
    )


def test_taking_down_asks_and_says_what_it_means(operator: Operator) -> None:
    operator.run("up")
    assert "its data stay" in operator.run("down", code=1, answer="n\n")
    assert "All data of" in operator.run("down", "--volumes", code=1, answer="yes\n")
    assert operator.small.containers("reporting-web")
    assert "its data are kept" in operator.run("down", answer="y\n")
    assert operator.small.left() == [
        f"volumes {operator.small.name}_data",
        f"secrets {operator.small.name}_word.1",
    ]
    output = operator.run("down", "--volumes", answer=f"{operator.small.name}\n")
    assert "is gone, with all its data" in output
    assert operator.small.left() == []
    operator.run("down", "--volumes", "--yes")


@pytest.mark.parametrize("command", [["up"], ["status"], ["scale", "reporting.web=2"], ["down", "--yes"]])
def test_without_an_engine_a_sentence_says_so(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert "No Docker engine answers at unix:///nowhere/docker.sock" in operator.run(*command, code=1)
