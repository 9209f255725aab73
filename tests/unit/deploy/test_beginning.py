"""cesar deploy init, secret and compose: from nothing to all that an installation needs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from typer.testing import CliRunner, Result

import deploy.engine
from deploy.commands import app
from deploy.credentials import secret_names
from deploy.installation import load
from services.chassis.release import RELEASE
from tests.unit.deploy.engine import fake_engine
from tests.unit.deploy.installations import SHORTEST

ANSWERS = ("--public-url", "https://cesar.example.org", "--mail-url", "smtp://mail.example.org")
ALL_ANSWERS = (*ANSWERS, "--mail-from", "Cesar <cesar@example.org>")
WITH_ACCOUNT = SHORTEST.replace("smtp://", "smtp://cesar@")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Any:
    return use(monkeypatch, fake_engine())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    yield tmp_path


def use(monkeypatch: pytest.MonkeyPatch, engine: Any) -> Any:
    monkeypatch.setattr(deploy.engine.docker, "from_env", lambda **_: engine)
    return engine


def run(*arguments: str, input: str = "", code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, input=input, env={"CESAR_MAIL_PASSWORD": ""})
    assert result.exit_code == code, result.output
    return result


def test_options_that_say_all_leave_nothing_to_ask(engine: Any, folder: Path) -> None:
    output = run("init", *ALL_ANSWERS, "--yes").output

    installation = load(folder / "cesar.toml")
    assert installation.release == RELEASE
    assert installation.mail.sender == "Cesar <cesar@example.org>"
    assert {name.split("_")[1].split(".")[0] for name in engine.secrets.names()} == set(
        secret_names(installation)
    )
    assert "Next: cesar deploy build, then cesar deploy up" in output


def test_what_is_not_said_is_asked_until_it_is_right(engine: Any, folder: Path) -> None:
    output = run("init", *ANSWERS, input="nobody\nCesar <cesar@example.org>\n").output

    assert "mail-from is “nobody” but has to be like Cesar <cesar@example.org>." in output
    assert load(folder / "cesar.toml").mail.sender == "Cesar <cesar@example.org>"


def test_without_asking_a_missing_answer_is_named(engine: Any, folder: Path) -> None:
    assert "Give --mail-from" in run("init", *ANSWERS, "--yes", code=1).output
    assert not (folder / "cesar.toml").exists()


def test_a_wrong_option_is_named(engine: Any, folder: Path) -> None:
    said = run("init", *ALL_ANSWERS, "--public-url", "cesar.example.org", "--yes", code=1).output

    assert "public-url is “cesar.example.org” but has to be like https://cesar.example.org." in said
    assert not (folder / "cesar.toml").exists()


def test_repeating_it_keeps_everything(engine: Any, folder: Path) -> None:
    run("init", *ALL_ANSWERS, "--yes")
    file, secrets = (folder / "cesar.toml").read_text(), list(engine.secrets.secrets)

    output = run("init", "--yes").output

    assert "kept as it is" in output
    assert "Secrets: kept as they are" in output
    assert (folder / "cesar.toml").read_text() == file
    assert engine.secrets.secrets == secrets


def test_another_answer_does_not_overwrite_a_file(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(SHORTEST)

    assert "cesar.toml is there already" in run("init", *ALL_ANSWERS, "--yes", code=1).output


def test_what_a_changed_file_needs_is_made_and_the_rest_kept(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(SHORTEST + "\n[broker]\nexternal = true\n")
    output = run("init", "--yes").output
    assert "You give broker-uri (the broker, as amqps://user:password@host/virtual-host)" in output
    (folder / "cesar.toml").write_text(SHORTEST)

    output = run("init", "--yes").output

    assert "Secrets: 2 made and given to Docker" in output
    assert {"cesar_broker-uri.1", "cesar_broker-cookie.1", "cesar_secret-key.1"} <= engine.secrets.names()
    assert "cesar_secret-key.2" not in engine.secrets.names()


def test_the_mail_account_s_password_is_asked_for_and_not_shown(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(WITH_ACCOUNT)

    output = run("init", input="hunter2\n").output

    assert engine.secrets.value("cesar_mail-password.1") == "hunter2"
    assert "hunter2" not in output


def test_the_mail_account_s_password_may_be_given_later(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(WITH_ACCOUNT)
    assert "cesar deploy secret mail-password" in run("init", "--yes").output

    run("secret", "mail-password", input="hunter2\n")

    assert engine.secrets.value("cesar_mail-password.1") == "hunter2"


def test_an_engine_without_a_swarm_becomes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = use(monkeypatch, fake_engine("inactive"))

    run("init", *ALL_ANSWERS, input="y\n")

    engine.swarm.init.assert_called_once_with()
    assert engine.secrets.names()


def test_who_wants_no_swarm_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = use(monkeypatch, fake_engine("inactive"))

    output = run("init", *ALL_ANSWERS, input="n\n", code=1).output

    assert "Run “docker swarm init”, then this again." in output
    engine.swarm.init.assert_not_called()


def test_without_an_engine_the_file_is_there_and_the_next_try_goes_on(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    nobody = fake_engine()
    nobody.version.side_effect = requests.exceptions.ConnectionError(FileNotFoundError(2, "No such file"))
    use(monkeypatch, nobody)
    assert "No Docker engine answers at" in run("init", *ALL_ANSWERS, "--yes", code=1).output
    assert load(folder / "cesar.toml").public_url == "https://cesar.example.org"

    engine = use(monkeypatch, fake_engine())
    run("init", "--yes")

    assert engine.secrets.names()


def test_a_wrong_file_is_told_mistake_by_mistake(folder: Path) -> None:
    (folder / "cesar.toml").write_text(SHORTEST + "\n[broker]\nnodes = 2\n[ports]\nhttp = 0\n")

    output = run("secret", code=1).output

    assert "broker.nodes is 2" in output
    assert "ports.http is 0" in output


def test_secrets_are_listed_without_their_values(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(WITH_ACCOUNT)
    run("init", "--yes")

    rows = {row["secret"]: row for row in json.loads(run("secret", "--json").output)}

    assert rows["secret-key"]["kept as"] == "cesar_secret-key.1"
    assert rows["mail-password"]["since"] == "missing"
    assert engine.secrets.value("cesar_secret-key.1") not in run("secret").output


def test_a_new_value_for_a_pair_is_one_for_both(engine: Any, folder: Path) -> None:
    (folder / "cesar.toml").write_text(SHORTEST)
    run("init", "--yes")

    output = run("secret", "session-public-key", "--new").output

    assert "It is used after: cesar deploy up" in output
    assert {"cesar_session-public-key.2", "cesar_session-private-key.2"} <= engine.secrets.names()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mail-pasword"], "This installation has no secret “mail-pasword”; perhaps mail-password is meant."),
        (["mail-password", "--new"], "Only you know mail-password (of the account in mail.url)"),
        (
            ["database-enrolment"],
            "That is no value for database-enrolment: the database of enrolment, as postgres",
        ),
        (["tls-key"], "That is no value for tls-key: a certificate that signs itself, and its key."),
    ],
)
def test_a_secret_that_cannot_work_is_refused(
    arguments: list[str], said: str, engine: Any, folder: Path
) -> None:
    (folder / "cesar.toml").write_text(WITH_ACCOUNT)

    assert said in run("secret", *arguments, input="postgresql+psycopg://wrong\n", code=1).output
    assert not engine.secrets.names()


def test_compose_needs_no_engine_and_keeps_the_secrets_it_made(folder: Path) -> None:
    (folder / "cesar.toml").write_text(WITH_ACCOUNT)

    output = run("compose", "here").output

    assert "docker compose up --detach" in output
    assert "Before that, write here/secrets/mail-password: of the account in mail.url." in output
    described = yaml.safe_load((folder / "here/compose.yaml").read_text())
    there = {path.name for path in (folder / "here/secrets").iterdir()}
    assert described["secrets"].keys() - there == {"mail-password"}
    key = (folder / "here/secrets/secret-key").read_text()

    run("compose", "here")

    assert (folder / "here/secrets/secret-key").read_text() == key


def test_compose_says_where_it_cannot_write(folder: Path) -> None:
    (folder / "cesar.toml").write_text(SHORTEST)
    (folder / "here").write_text("a file")

    assert "cannot be written" in run("compose", "here", code=1).output
