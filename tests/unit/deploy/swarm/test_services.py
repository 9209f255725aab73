"""What the engine is told when a service changes."""

from typing import Any
from unittest.mock import create_autospec

import docker
import pytest
from docker.errors import APIError

from deploy.swarm.labels import FINGERPRINT
from deploy.swarm.problems import StackProblem
from deploy.swarm.services import change, create, restore, scale
from tests.unit.deploy.swarm.examples import JOB, WEB, deployed, service, specified, task

CONFIGS = {"small_pages.abc": "id-of-pages"}


def engine_with(*answers: dict[str, Any]) -> Any:
    """An engine that gives these answers when it is asked for the service."""
    client = create_autospec(docker.DockerClient, instance=True)
    client.api = create_autospec(docker.APIClient, instance=True)
    client.api.inspect_service.side_effect = answers
    return client


def told(client: Any) -> dict[str, Any]:
    return dict(client.api.update_service.call_args.kwargs)


def test_configs_are_referred_to_by_the_engines_ids() -> None:
    client = engine_with()
    create(client, specified(WEB), WEB, 1, CONFIGS)
    (sent,) = client.api.create_service.call_args.args
    assert sent["ContainerSpec"]["Configs"][0]["ConfigID"] == "id-of-pages"
    assert specified(WEB).task["ContainerSpec"]["Configs"][0]["ConfigID"] == "small_pages.abc"


def test_a_job_is_told_to_run_again_and_a_service_is_not() -> None:
    for component, runs in ((JOB, 1), (WEB, 0)):
        client = engine_with(service(component))
        change(client, deployed(component), specified(component), component, 1, CONFIGS)
        assert told(client)["task_template"]["ForceUpdate"] == runs


def test_what_is_restored_is_as_it_was_and_a_job_runs_again() -> None:
    for component, runs in ((JOB, 1), (WEB, 0)):
        client, before = engine_with(service(component)), service(component)["Spec"]
        restore(client, deployed(component), before)
        assert told(client)["task_template"] == {**before["TaskTemplate"], "ForceUpdate": runs}
        assert told(client)["labels"] == before["Labels"]


def test_a_change_keeps_the_notes_that_others_left() -> None:
    there = service(WEB)
    there["Spec"]["Labels"] = {**there["Spec"]["Labels"], "cesar.autoscaling": "{}", FINGERPRINT: "old"}
    client = engine_with(there)
    change(client, deployed(WEB), specified(WEB), WEB, 1, CONFIGS)
    assert told(client)["labels"] == {**specified(WEB).labels, "cesar.autoscaling": "{}"}


def test_what_runs_is_kept_until_the_new_one_is_well() -> None:
    client = engine_with(service(WEB))
    change(client, deployed(WEB, task(WEB)), specified(WEB), WEB, 1, CONFIGS)
    assert told(client)["update_config"]["Order"] == "start-first"


def test_where_nothing_runs_nothing_is_kept() -> None:
    client = engine_with(service(WEB))
    ended = task(WEB, "failed", desired="shutdown")
    change(client, deployed(WEB, ended), specified(WEB), WEB, 1, CONFIGS)
    assert told(client)["update_config"]["Order"] == "stop-first"
    assert told(client)["update_config"]["FailureAction"] == "rollback"


def test_a_write_that_swarm_has_overtaken_is_made_anew() -> None:
    client = engine_with(service(WEB), service(WEB) | {"Version": {"Index": 8}})
    overtaken = APIError("500", explanation="rpc error: code = Unknown desc = update out of sequence")
    client.api.update_service.side_effect = [overtaken, None]
    scale(client, "small", "web", 3)
    assert [call.args[1] for call in client.api.update_service.call_args_list] == [7, 8]
    assert told(client)["mode"] == {"Replicated": {"Replicas": 3}}


def test_scaling_tells_nothing_but_the_count() -> None:
    client = engine_with(service(WEB))
    scale(client, "small", "web", 3)
    before = service(WEB)["Spec"]
    assert told(client)["task_template"] == before["TaskTemplate"]
    assert told(client)["labels"] == before["Labels"]


@pytest.mark.parametrize("state", ["updating", "rollback_started"])
def test_what_is_on_its_way_is_not_scaled(state: str) -> None:
    client = engine_with(service(WEB, update=state))
    with pytest.raises(StackProblem, match="web is being updated"):
        scale(client, "small", "web", 3)
    client.api.update_service.assert_not_called()
