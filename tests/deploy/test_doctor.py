"""What the doctor of an installation finds."""

import json
from collections.abc import Mapping
from typing import Any

import docker
import pytest

from deploy.credentials import missing_secrets
from deploy.installation import load
from deploy.installation.editing import write_service_setting
from deploy.secrets import put
from tests.deploy.operator import PORT, Operator
from tests.deploy.small import taken_port


def test_the_doctor_says_what_stands_before_a_first_up(
    operator: Operator, engine: docker.DockerClient, bases: Mapping[str, str]
) -> None:
    write_service_setting(operator.file, "reporting", "release", "9")
    with taken_port(engine, bases["python"], PORT):
        found = findings(operator, code=1)
    assert "missing: broker-cookie" in found["secrets all"]["detail"]
    assert "cesar deploy init" in found["secrets all"]["advice"]
    assert found["images small/reporting:9"] == {
        "service": "images",
        "check": "small/reporting:9",
        "well": False,
        "detail": "not here",
        "advice": "Run “cesar deploy build”.",
    }
    assert found[f"docker port {PORT}"]["detail"] == "taken"
    assert found["docker engine"]["well"] and found["docker disk"]["detail"].endswith("data")
    assert findings(operator, code=1)[f"docker port {PORT}"]["detail"] == "free"


def test_the_doctor_finds_an_installation_well_that_is(operator: Operator) -> None:
    made, _ = missing_secrets(load(operator.file), ())
    put(operator.small.client, operator.small.name, made)
    operator.run("up")
    found = findings(operator)
    assert found["components all"]["detail"] == "5 of 5 are well"
    assert found["reporting mail"]["detail"] == "takes mail"
    operator.small.client.services.get(f"{operator.small.name}_reporting-web").remove()
    unwell = findings(operator, code=1)
    assert unwell["reporting-web state"]["detail"].startswith("absent, 0 of 1")
    assert unwell["components all"]["detail"] == "4 of 5 are well"


def findings(operator: Operator, code: int = 0) -> dict[str, dict[str, Any]]:
    rows = json.loads(operator.run("doctor", "--json", code=code))
    return {f"{row['service']} {row['check']}": row for row in rows}


def test_the_doctor_names_a_missing_engine_and_a_wrong_file(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert "No Docker engine answers" in findings(operator, code=1)["docker engine"]["detail"]
    operator.file.write_text("name = 1")
    (wrong,) = findings(operator, code=1).values()
    assert "name is 1 but has to be text" in wrong["detail"]
