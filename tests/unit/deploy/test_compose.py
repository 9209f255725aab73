"""compose.yaml says the same as the stack, in the words of the Compose Specification."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from marshmallow import ValidationError

from deploy.compose import document, present_secrets, write, write_secrets
from deploy.installation import Installation, ServiceSize
from deploy.stack import Replicas
from deploy.topology import stack_of
from tests.unit.deploy.compose_specification import check
from tests.unit.deploy.installations import an_installation, installations, sizes


@given(installations())
def test_it_keeps_to_the_specification(installation: Installation) -> None:
    check(document(stack_of(installation)))


@given(installations())
def test_it_has_the_components_of_the_stack_but_for_what_needs_a_swarm(installation: Installation) -> None:
    stack = stack_of(installation)
    services = document(stack)["services"]

    assert list(services) == [
        component.name for component in stack.components if component.name != "autoscaler"
    ]
    for name, service in services.items():
        component = stack.component(name)
        assert service["image"] == component.image
        assert service["deploy"]["replicas"] == component.replicas.least
        assert list(service.get("depends_on", {})) == list(component.after)
        assert set(service["networks"]) == {attachment.network for attachment in component.networks}
        assert service["read_only"] == component.read_only


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"restart": "sometimes"},
        {"stop_grace_period": 30},
        {"command": "web enrolment"},
        {"depends_on": {"database": {}}},
        {"read_only": "yes"},
    ],
)
def test_the_check_of_the_specification_finds_what_is_wrong(change: dict[str, Any]) -> None:
    described = document(stack_of(an_installation()))
    described["services"]["enrolment-web"] |= change

    with pytest.raises(ValidationError):
        check(described)


@pytest.mark.parametrize("kind", ["networks", "volumes", "configs", "secrets"])
def test_the_check_of_the_specification_finds_what_is_not_there(kind: str) -> None:
    described = document(stack_of(an_installation()))
    described[kind] = {}

    with pytest.raises(AssertionError):
        check(described)


def test_a_job_runs_once_and_those_after_it_wait_for_its_end() -> None:
    services = document(stack_of(an_installation()))["services"]

    assert services["enrolment-migrate"]["restart"] == "no"
    assert services["enrolment-web"]["restart"] == "unless-stopped"
    assert services["enrolment-web"]["depends_on"] == {
        "enrolment-migrate": {"condition": "service_completed_successfully"}
    }
    assert services["database-roles"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_a_dollar_sign_is_itself_and_names_no_variable() -> None:
    services = document(stack_of(an_installation(product_name="Ca$h & Co")))["services"]

    assert services["enrolment-web"]["environment"]["CESAR_PRODUCT_NAME"] == "Ca$$h & Co"


def test_what_is_written_is_what_is_described_with_its_files(tmp_path: Path) -> None:
    stack = stack_of(an_installation(services=sizes(reporting=ServiceSize(worker=Replicas(least=1, most=3)))))

    write(stack, tmp_path)

    described = yaml.safe_load((tmp_path / "compose.yaml").read_text())
    assert described == document(stack)
    for name, config in described["configs"].items():
        assert (tmp_path / config["file"]).read_bytes() == stack.configs[name]


def test_secrets_are_files_that_only_their_folder_protects(tmp_path: Path) -> None:
    assert present_secrets(tmp_path) == set()

    write_secrets(tmp_path, {"secret-key": "hush"})

    assert present_secrets(tmp_path) == {"secret-key"}
    assert (tmp_path / "secrets" / "secret-key").read_text() == "hush"
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "secret-key").stat().st_mode & 0o777 == 0o444
