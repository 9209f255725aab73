"""What stands between an operator and Docker, each in a sentence."""

import os
from collections.abc import Callable
from typing import Any

import docker
import pytest
import requests
from docker.errors import APIError, DockerException

from deploy.engine import EngineProblem, connect, engine_problems
from tests.unit.deploy.engine import fake_engine


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Have DOCKER_HOST lead to this engine, or to this error."""

    def arrange(found: Any) -> None:
        def from_env(**_: object) -> Any:
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setenv("DOCKER_HOST", "unix:///run/some.sock")
        monkeypatch.setattr(docker, "from_env", from_env)

    return arrange


def no_connection(inner: OSError) -> DockerException:
    """As the library puts it: wrapped in both ways."""
    error = DockerException(f"Error while fetching server API version: {inner}")
    error.__cause__ = requests.exceptions.ConnectionError(("Connection aborted.", inner))
    error.__cause__.__cause__ = inner
    return error


def problem(**options: bool) -> str:
    with pytest.raises(EngineProblem) as caught:
        connect(**options)
    return str(caught.value)


def test_a_manager_of_a_swarm_is_met(meet: Callable[[Any], None]) -> None:
    engine = fake_engine()
    meet(engine)
    assert connect() is engine


@pytest.mark.parametrize(
    "inner", [FileNotFoundError(2, "No such file"), ConnectionRefusedError(111, "refused")]
)
def test_an_engine_that_is_not_there(meet: Callable[[Any], None], inner: OSError) -> None:
    meet(no_connection(inner))
    assert problem() == (
        "No Docker engine answers at unix:///run/some.sock: start it, or name another in DOCKER_HOST."
    )


def test_an_engine_that_one_may_not_speak_with(meet: Callable[[Any], None]) -> None:
    meet(no_connection(PermissionError(13, "Permission denied")))
    assert problem() == (
        "You may not speak with Docker at unix:///run/some.sock: join the group docker, or become root."
    )


def test_an_engine_that_falls_silent() -> None:
    with pytest.raises(EngineProblem, match="does not answer in time"), engine_problems():
        raise requests.exceptions.ReadTimeout("Read timed out.")


def test_an_engine_that_is_too_old(meet: Callable[[Any], None]) -> None:
    engine = fake_engine()
    engine.version.return_value = {"ApiVersion": "1.40", "Version": "19.03.15"}
    meet(engine)
    assert problem() == ("Docker at unix:///run/some.sock is version 19.03.15; Cesar needs 20.10 or newer.")


def test_an_engine_in_no_swarm_serves_those_who_need_none(meet: Callable[[Any], None]) -> None:
    engine = fake_engine(swarm="inactive")
    meet(engine)
    assert "docker swarm init" in problem()
    assert connect(manages_swarm=False) is engine


def test_a_machine_that_only_works_for_a_swarm_names_the_managers(meet: Callable[[Any], None]) -> None:
    engine = fake_engine()
    managers = [{"NodeID": "n", "Addr": "10.0.0.1:2377"}]
    engine.info.return_value = {
        "Swarm": {"LocalNodeState": "active", "ControlAvailable": False, "RemoteManagers": managers}
    }
    meet(engine)
    assert problem().endswith("go to a manager of it: 10.0.0.1:2377.")


def test_a_full_disk_is_told_with_what_to_do() -> None:
    full = f"write /var/lib/docker/x: {os.strerror(28).lower()}"
    with pytest.raises(EngineProblem, match="disk of the Docker engine is full"), engine_problems():
        raise APIError("500", explanation=full)


def test_whatever_else_the_engine_says_is_passed_on() -> None:
    with (
        pytest.raises(EngineProblem, match="says: name conflicts with an existing object"),
        engine_problems(),
    ):
        raise APIError("409", explanation="name conflicts with an existing object.\n")
