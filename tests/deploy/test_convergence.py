"""The engine becomes what a stack describes, whatever it was before."""

import urllib.request
from dataclasses import replace

from deploy.stack import Replicas
from deploy.swarm import Action, apply, observe, plan, scale, take_down
from tests.deploy.small import (
    PAGES,
    Small,
    changed,
    database,
    migration,
    proxy,
    reporting,
    server,
    stack,
)
from tests.support.docker_engine import DockerEngine

PORT = 18080


def test_everything_is_made_in_order_and_reached_from_outside(
    small: Small, image: str, docker_engine: DockerEngine
) -> None:
    small.up(stack(small.name, *reporting(image), proxy(image, PORT, after=("reporting-web",))))

    reached = [name for name, seen in small.told if seen.state.is_reached]
    assert reached.index("database") < reached.index("reporting-migrate") < reached.index("reporting-worker")
    assert reached.index("reporting-migrate") < reached.index("reporting-web") < reached.index("proxy")
    assert small.runs_of_migration() == 1
    assert "sesame" in small.printed("reporting-web")
    with urllib.request.urlopen(f"http://{docker_engine.address}:{PORT}", timeout=5) as answer:
        assert answer.status == 200


def test_what_is_inside_cannot_reach_out_and_its_files_cannot_be_changed(small: Small, image: str) -> None:
    small.up(stack(small.name, server("web", image)))
    (container,) = small.containers("web")
    assert container.attrs["HostConfig"]["ReadonlyRootfs"] is True
    status, output = container.exec_run(["sh", "-c", "echo x > /cesar/pages"])
    assert status != 0 and b"Read-only" in output
    status, output = container.exec_run(
        ["python3", "-c", "import socket; socket.create_connection(('1.1.1.1', 53), 3)"]
    )
    assert status != 0 and b"unreachable" in output


def test_the_second_time_nothing_changes(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))
    small.up(described)
    before = small.ids()
    assert small.up(described).is_empty
    assert small.ids() == before
    assert small.runs_of_migration() == 1


def test_only_what_changed_is_replaced_and_the_change_is_named(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))
    small.up(described)
    before = small.ids()
    difference = small.up(changed(described, "reporting-web", environment={"CESAR_LOG_LEVEL": "debug"}))
    assert difference.of("reporting-web").what == ("env",)
    after = small.ids()
    assert {name for name in before if before[name] != after[name]} == {"reporting-web"}


def test_a_plan_changes_nothing(small: Small, image: str) -> None:
    planned = plan(small.client, stack(small.name, *reporting(image)))
    assert {change.action for change in planned.difference.changes} == {Action.CREATE}
    assert not observe(small.client, small.name)
    assert small.left() == [f"secrets {small.name}_word.1"]


def test_a_new_container_is_well_before_the_old_one_ends(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)
    seen: list[int] = []
    planned = plan(small.client, changed(described, "web", environment={"A": "1"}))
    apply(small.client, planned, report=lambda name, progress: seen.append(len(small.containers(name))))
    assert (min(seen), max(seen)) == (1, 2)
    assert len(small.containers("web")) == 1


def test_two_that_need_the_same_port_follow_each_other(small: Small, image: str) -> None:
    described = stack(small.name, proxy(image, PORT))
    small.up(described)
    small.up(changed(described, "proxy", environment={"A": "1"}))
    (container,) = small.containers("proxy")
    assert "A=1" in container.attrs["Config"]["Env"]


def test_a_job_runs_again_when_it_is_described_otherwise(small: Small, image: str) -> None:
    described = stack(small.name, database(image), migration(image))
    small.up(described)
    small.up(changed(described, "reporting-migrate", environment={"TO": "2"}))
    assert small.runs_of_migration() == 2


def test_a_count_is_changed_without_touching_who_runs(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))
    small.up(described)
    (first,) = small.ids()["reporting-worker"]
    scale(small.client, small.name, "reporting-worker", 3)
    assert small.up(described).is_empty
    assert first in small.ids()["reporting-worker"]
    assert len(small.ids()["reporting-worker"]) == 3
    small.up(changed(described, "reporting-worker", replicas=Replicas(least=1, most=2)))
    assert len(small.ids()["reporting-worker"]) == 2
    scale(small.client, small.name, "reporting-worker", 0)
    difference = small.up(described)
    assert difference.of("reporting-worker").what == ("replicas 0 → 1",)
    assert len(small.ids()["reporting-worker"]) == 1


def test_a_new_value_of_a_secret_reaches_those_who_use_it(small: Small, image: str) -> None:
    described = stack(small.name, database(image), server("web", image))
    small.up(described)
    before = small.ids()
    small.give_secret("open")
    difference = small.up(described)
    assert difference.of("web").what == ("secrets",)
    assert "open" in small.printed("web")
    assert small.ids()["database"] == before["database"]
    assert [secret.name for secret in small.client.secrets.list()] == [f"{small.name}_word.2"]


def test_a_file_under_another_name_replaces_the_former(small: Small, image: str) -> None:
    described = replace(stack(small.name, server("web", image)), configs={PAGES: b"pages"})
    small.up(described)
    (mounted,) = described.components[0].configs
    other = changed(described, "web", configs=(replace(mounted, name="pages.2"),))
    other = replace(other, configs={"pages.2": b"new pages"})
    difference = small.up(other)
    assert (difference.new_configs, difference.old_configs) == (("pages.2",), (PAGES,))
    assert "new pages" in small.printed("web")
    assert [config.name for config in small.client.configs.list()] == [f"{small.name}_pages.2"]


def test_what_is_not_described_any_more_is_removed(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image), server("worker", image))
    small.up(described)
    without = replace(
        stack(small.name, server("web", image)),
        networks={"front": described.networks["front"], "data": described.networks["data"]},
    )
    small.up(without)
    assert small.ids().keys() == {"web"}
    names = {network.name for network in small.client.networks.list(filters={"label": "cesar.stack"})}
    assert names == {f"{small.name}_front", f"{small.name}_data"}


def test_taking_down_keeps_the_data_and_going_up_finds_them(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))
    small.up(described)
    take_down(small.client, small.name, with_data=False, report=lambda component: None)
    assert sorted(small.left()) == [f"secrets {small.name}_word.1", f"volumes {small.name}_data"]
    small.up(described)
    assert small.runs_of_migration() == 2


def test_taking_down_with_the_data_leaves_nothing(small: Small, image: str) -> None:
    small.up(stack(small.name, *reporting(image), proxy(image, PORT)))
    ended: list[str] = []
    take_down(small.client, small.name, with_data=True, report=ended.append)
    assert ended[-1] == "database"
    assert small.left() == []
    take_down(small.client, small.name, with_data=True, report=ended.append)
