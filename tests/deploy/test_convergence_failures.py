"""What keeps the engine from becoming what a stack describes is told, and does no harm."""

import secrets
from dataclasses import replace

import docker
import pytest

from deploy.swarm import Action, StackProblem, State, apply, observe, plan, scale
from tests.deploy.small import (
    Small,
    broken_image,
    changed,
    database,
    health,
    proxy,
    reporting,
    server,
    stack,
    taken_port,
)

PORT = 18080


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
    described = stack(small.name, *reporting(image))
    small.up(described)
    bad = broken_image(engine, image, "small/web:bad")
    with pytest.raises(StackProblem, match=f"web went back to {image}: with {bad} its health check fails"):
        small.up(changed(described, "reporting-web", image=bad))


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


def test_what_is_being_updated_is_not_scaled(small: Small, image: str) -> None:
    described = stack(small.name, server("web", image))
    small.up(described)

    def interfere(component: str, seen: object) -> None:
        scale(small.client, small.name, "web", 2)

    planned = plan(small.client, changed(described, "web", environment={"A": "1"}))
    with pytest.raises(StackProblem, match="web is being updated: scale it once that is over"):
        apply(small.client, planned, report=interfere)


def test_a_port_that_another_program_has_is_named(
    small: Small, engine: docker.DockerClient, image: str
) -> None:
    sentence = f"proxy does not get well: port {PORT} is taken by another"
    with taken_port(engine, image, PORT), pytest.raises(StackProblem, match=sentence):
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
