"""What the engine is told of a component."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.stack import Attachment, Component, Health, Port
from deploy.swarm import labels
from deploy.swarm.specification import SecretInUse, is_started_first, mode
from tests.unit.deploy.swarm.examples import IDENTITIES, JOB, PROXY, WEB, specified


def container(component: Component) -> Any:
    return specified(component).task["ContainerSpec"]


def test_a_container_is_closed_and_stops_with_grace() -> None:
    spec = container(WEB)
    assert spec["ReadOnly"] is True
    assert spec["Init"] is True
    assert spec["StopGracePeriod"] == 30_000_000_000
    assert {"Target": "/tmp", "Source": None, "Type": "tmpfs", "ReadOnly": False} in spec["Mounts"]


def test_the_entry_point_is_dockers_command_and_the_command_its_arguments() -> None:
    assert (container(WEB)["Command"], container(WEB)["Args"]) == (["serve"], ["--port", "8000"])


def test_secrets_and_configs_are_files_at_their_places() -> None:
    [secret], [config] = container(WEB)["Secrets"], container(WEB)["Configs"]
    assert (secret["SecretID"], secret["SecretName"]) == ("id-of-word", "small_word.1")
    assert secret["File"]["Name"] == "/run/secrets/word"
    assert (config["ConfigName"], config["File"]["Name"]) == ("small_pages.abc", "/cesar/pages")
    assert config["File"]["Mode"] == 0o400


def test_volumes_bear_the_name_and_the_label_of_the_stack() -> None:
    [mount, _] = container(replace(WEB, volumes={"data": "/data"}))["Mounts"]
    assert (mount["Source"], mount["Target"]) == ("small_data", "/data")
    assert mount["VolumeOptions"]["Labels"] == {labels.STACK: "small"}


def test_a_folder_of_the_machine_is_bound() -> None:
    [mount, _] = container(replace(WEB, binds={"/run/there.sock": "/run/here.sock"}))["Mounts"]
    assert (mount["Type"], mount["Source"], mount["Target"]) == ("bind", "/run/there.sock", "/run/here.sock")


def test_a_component_is_found_by_its_own_name_and_its_aliases() -> None:
    [network] = specified(WEB).task["Networks"]
    assert (network["Target"], network["Aliases"]) == ("small_front", ["web", "site"])


def test_nothing_relies_on_virtual_addresses_and_ports_are_the_machines_own() -> None:
    assert specified(WEB).endpoint == {"Mode": "dnsrr", "Ports": []}
    [port] = specified(PROXY).endpoint["Ports"]
    assert (port["PublishedPort"], port["TargetPort"], port["PublishMode"]) == (443, 8443, "host")


def test_the_health_check_is_the_components_or_none_at_all() -> None:
    check = container(WEB)["Healthcheck"]
    assert check["Test"] == ["CMD", "ask"]
    assert (check["Interval"], check["Timeout"]) == (2_000_000_000, 3_000_000_000)
    assert (check["Retries"], check["StartPeriod"]) == (4, 10_000_000_000)
    assert container(JOB)["Healthcheck"]["Test"] == ["NONE"]


def test_an_update_is_watched_until_an_unwell_container_would_have_been_found() -> None:
    update, rollback = specified(WEB).update, specified(WEB).rollback
    assert update is not None and rollback is not None
    assert update["FailureAction"] == "rollback"
    assert update["Parallelism"] == 1
    assert update["Monitor"] == 11_000_000_000
    assert rollback["FailureAction"] == "pause"


def test_what_has_no_health_check_is_watched_for_a_while() -> None:
    update = specified(replace(WEB, health=None)).update
    assert update is not None and update["Monitor"] == 5_000_000_000


@pytest.mark.parametrize(
    ("component", "order"),
    [
        (WEB, "start-first"),
        (replace(WEB, start_first=False), "stop-first"),
        (replace(WEB, volumes={"data": "/data"}), "stop-first"),
        (PROXY, "stop-first"),
    ],
)
def test_only_what_can_live_beside_its_successor_waits_for_it(component: Component, order: str) -> None:
    update = specified(component).update
    assert update is not None and update["Order"] == order
    assert is_started_first(component) is (order == "start-first")


def test_a_service_always_restarts_and_a_job_a_few_times() -> None:
    assert specified(WEB).task["RestartPolicy"]["Condition"] == "any"
    restart = specified(JOB).task["RestartPolicy"]
    assert (restart["Condition"], restart["MaxAttempts"]) == ("on-failure", 2)
    assert specified(JOB).update is None
    assert mode(JOB, 1) == {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 1}}


def test_places_are_constraints() -> None:
    placed = specified(replace(WEB, on_manager=True, node="server-1"))
    assert placed.task["Placement"]["Constraints"] == ["node.role==manager", "node.hostname==server-1"]


def test_memory_is_limited_and_logs_do_not_fill_the_disk() -> None:
    assert specified(WEB).task["Resources"]["Limits"]["MemoryBytes"] == 64 * 2**20
    assert specified(WEB).task["LogDriver"]["Options"] == {"max-size": "10m", "max-file": "3"}


def test_service_and_container_bear_the_same_labels() -> None:
    known = specified(WEB)
    assert container(WEB)["Labels"] == known.labels
    assert known.labels[labels.STACK] == "small"
    assert known.labels[labels.COMPONENT] == "web"
    assert known.labels[labels.IMAGE] == "cesar/web:1"


@pytest.mark.parametrize(
    "change",
    [
        {"image": "cesar/web:2"},
        {"command": ("--port", "8001")},
        {"environment": {"CESAR_LOG_LEVEL": "debug"}},
        {"secrets": ()},
        {"networks": (Attachment(network="front"),)},
        {"ports": (Port(published=80, target=8080),)},
        {"volumes": {"data": "/data"}},
        {"health": Health(command=("ask",))},
        {"user": "nobody"},
        {"read_only": False},
        {"node": "server-1"},
        {"stop_grace": 60},
        {"stop_signal": "SIGINT"},
        {"memory": None},
        {"start_first": False},
    ],
)
def test_whatever_the_engine_is_told_differently_shows_in_the_fingerprint(change: dict[str, Any]) -> None:
    changed = specified(replace(WEB, **change))
    assert changed.fingerprint != specified(WEB).fingerprint


def test_another_image_or_secret_of_the_same_name_shows_in_the_fingerprint() -> None:
    known = specified(WEB).fingerprint
    rebuilt = replace(IDENTITIES, images={"cesar/web:1": "sha256:three"})
    replaced = replace(IDENTITIES, secrets={"word": SecretInUse(id="id-of-another", name="small_word.2")})
    assert labels.changed_aspects(known, specified(WEB, rebuilt).fingerprint) == ("image",)
    assert labels.changed_aspects(known, specified(WEB, replaced).fingerprint) == ("secrets",)


def test_neither_a_count_nor_an_order_replaces_a_container() -> None:
    from deploy.stack import Replicas

    other = replace(WEB, replicas=Replicas(least=2, most=9), after=("job",))
    assert specified(other).fingerprint == specified(WEB).fingerprint
