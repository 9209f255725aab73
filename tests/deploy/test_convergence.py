"""The engine becomes what a stack describes, whatever it was before."""

import contextlib
import secrets
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace

import docker
import pytest

from deploy.stack import Replicas
from deploy.swarm import Action, StackProblem, State, apply, observe, plan, scale, take_down
from tests.deploy.small import (
    PAGES,
    Small,
    broken_image,
    changed,
    database,
    health,
    migration,
    proxy,
    reporting,
    server,
    stack,
)
from tests.support.docker_engine import DockerEngine

PORT = 18080


@pytest.fixture
def small(engine: docker.DockerClient) -> Iterator[Small]:
    one = Small(engine, f"small-{secrets.token_hex(3)}")
    one.give_secret()
    yield one
    one.close()


@pytest.fixture(scope="module")
def image(bases: Mapping[str, str]) -> str:
    return bases["python"]


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


def test_a_job_that_fails_stops_what_comes_after_it_and_is_repeated_the_next_time(
    small: Small, image: str
) -> None:
    described = stack(small.name, *reporting(image))
    small.up(stack(small.name, database(image)))
    small.in_volume("touch /data/broken")
    with pytest.raises(StackProblem) as failed:
        small.up(described)
    assert "reporting-migrate did not end well: its process ended with exit code 1." in str(failed.value)
    assert "    migrating" in str(failed.value).splitlines()
    assert "reporting-web" not in observe(small.client, small.name)

    small.in_volume("rm /data/broken")
    difference = small.up(described)
    assert difference.of("reporting-migrate").action is Action.REPEAT
    assert observe(small.client, small.name).keys() == {one.name for one in described.components}


def test_what_never_gets_well_goes_back_and_the_old_one_serves_on(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)
    before = small.ids()
    small.told.clear()
    ill = health("sh", "-c", "echo I have a cold; exit 1")
    with pytest.raises(StackProblem) as failed:
        small.up(changed(described, "web", health=ill))

    sentence, *words = str(failed.value).splitlines()
    assert sentence == "web went back to what it was: as it is described now, its health check fails."
    assert "    health check: I have a cold" in words
    assert "    sesame" in "\n".join(words)
    assert small.ids() == before
    assert all(seen.running >= 1 for _, seen in small.told)
    assert small.up(described).is_empty


def test_an_image_that_never_gets_well_goes_back_to_the_one_before(
    small: Small, engine: docker.DockerClient, image: str
) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)
    bad = broken_image(engine, image, "small/web:bad")
    with pytest.raises(StackProblem, match=f"web went back to {image}: with {bad} its process ended"):
        small.up(changed(described, "web", image=bad))


def test_what_is_made_anew_and_never_gets_well_is_told_with_its_last_words(small: Small, image: str) -> None:
    bad = replace(server("web", image), entrypoint=("sh", "-c", "echo no database; exit 3"))
    with pytest.raises(StackProblem) as failed:
        small.up(stack(small.name, bad))
    assert str(failed.value).splitlines() == [
        "web does not get well: its process ended with exit code 3.",
        "    no database",
    ]
    small.up(stack(small.name, server("web", image)))
    assert len(small.containers("web")) == 1


def test_who_is_well_is_finished_though_another_fails(small: Small, image: str) -> None:
    bad = replace(server("web", image), entrypoint=("false",))
    with pytest.raises(StackProblem, match="web does not get well"):
        small.up(stack(small.name, bad, server("worker", image), server("last", image)))
    assert len(small.containers("worker")) == 1


def test_an_interrupted_run_is_finished_by_the_next(small: Small, image: str) -> None:
    described = stack(small.name, *reporting(image))

    def interrupt(component: str, seen: object) -> None:
        if component == "reporting-web":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(small.client, plan(small.client, described), report=interrupt)
    small.up(described)
    assert {name: len(ids) for name, ids in small.ids().items()} == {
        "database": 1,
        "reporting-worker": 1,
        "reporting-web": 1,
    }
    assert small.runs_of_migration() == 1


def test_an_update_that_was_left_alone_is_waited_for_by_the_next(small: Small, image: str) -> None:
    described = changed(stack(small.name, server("web", image)), "web", environment={"A": "1"})
    small.up(stack(small.name, server("web", image)))

    def interrupt(component: str, seen: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(small.client, plan(small.client, described), report=interrupt)
    small.told.clear()
    assert small.up(described).is_empty
    assert small.told[0][1].state is not State.WELL
    assert small.told[-1][1].state is State.WELL


def test_an_update_that_no_machine_can_take_is_undone(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)
    before = small.ids()
    with pytest.raises(StackProblem, match="it has to run on nowhere, which is not there"):
        small.up(changed(described, "web", node="nowhere"), patience=3)
    assert small.ids() == before
    assert small.up(described).is_empty


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


def test_what_is_being_updated_is_not_scaled(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)

    def interfere(component: str, seen: object) -> None:
        scale(small.client, small.name, "web", 2)

    planned = plan(small.client, changed(described, "web", environment={"A": "1"}))
    with pytest.raises(StackProblem, match="web is being updated: scale it once that is over"):
        apply(small.client, planned, report=interfere)


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
    described = stack(small.name, server("web", image))
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


def test_a_port_that_another_program_has_is_named(
    small: Small, engine: docker.DockerClient, image: str
) -> None:
    sentence = f"proxy does not get well: port {PORT} is taken by another"
    with taken_port(engine, image), pytest.raises(StackProblem, match=sentence):
        small.up(stack(small.name, proxy(image, PORT)))
    small.up(stack(small.name, proxy(image, PORT)))


def test_missing_secrets_and_images_are_named_before_anything_is_done(
    engine: docker.DockerClient, image: str
) -> None:
    bare = Small(engine, f"small-{secrets.token_hex(3)}")
    missing = replace(server("web", image), image="cesar/nothing:1")
    with pytest.raises(StackProblem) as failed:
        bare.up(stack(bare.name, missing, database(image)))
    first, second = str(failed.value).splitlines()
    assert first.startswith("The secret word is not there: run “cesar deploy init”")
    assert second == "The image cesar/nothing:1 is not here: run “cesar deploy build”."
    assert bare.left() == []


def test_an_image_that_no_registry_gives_is_named(small: Small) -> None:
    sentence = r"The image registry\.invalid/cesar:1 is not here and cannot be fetched"
    with pytest.raises(StackProblem, match=sentence):
        small.up(stack(small.name, replace(database("x"), image="registry.invalid/cesar:1")))


def test_components_that_wait_for_one_another_are_named(small: Small, image: str) -> None:
    one, two = server("one", image), server("two", image)
    with pytest.raises(StackProblem, match="These wait for one another"):
        small.up(stack(small.name, replace(one, after=("two",)), replace(two, after=("one",))))


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


@contextlib.contextmanager
def taken_port(client: docker.DockerClient, image: str) -> Iterator[None]:
    """Some other program listens on the machine's port."""
    container = client.containers.run(
        image, ["python3", "-m", "http.server", str(PORT)], network_mode="host", detach=True
    )
    try:
        time.sleep(1)
        yield
    finally:
        container.remove(force=True)
