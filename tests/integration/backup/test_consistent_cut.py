"""A backup is one instant of all services, taken while they work; from it everything goes on exactly."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import select

from services.chassis.messages import inbox
from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect
from services.chassis.outbox import publish_log_again
from services.chassis.service import Runtime
from tests.chaos.ledger import state_of_things
from tests.chaos.pair import runtime_of
from tests.chaos.world import World
from tests.integration.backup.cuts import handled_and_not_recorded
from tests.support.backups import back_up, dump_alone, restore


def urls_of(runtimes: Mapping[str, Runtime]) -> dict[str, str]:
    return {
        name: runtime.database.url.render_as_string(hide_password=False) for name, runtime in runtimes.items()
    }


@contextmanager
def restored(scene: World, folder: Path) -> Iterator[dict[str, Runtime]]:
    """Both services on new databases that hold what the backup holds."""
    urls = {name: scene.postgres.create_database(name) for name in scene.runtimes}
    restore(urls, folder)
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(runtime_of(name, url, scene.runtimes[name].settings.amqp_uri))
            for name, url in urls.items()
        }


def test_whatever_an_inbox_knows_its_producer_recorded(scene: World, folder: Path) -> None:
    scene.start(seed=1)
    scene.allow(100_000)
    for number in range(1, 6):
        scene.wait_for_events(number * 300)
        target = folder / str(number)
        target.mkdir()
        back_up(urls_of(scene.runtimes), target)
        with restored(scene, target) as runtimes:
            assert handled_and_not_recorded(runtimes["maker"], runtimes["keeper"]) == 0
            assert handled_and_not_recorded(runtimes["keeper"], runtimes["maker"]) == 0
            with runtimes["keeper"].read() as session:
                assert session.scalars(select(inbox.c.event_id)).first()


def test_dumps_taken_one_after_the_other_would_not_agree(scene: World, folder: Path) -> None:
    """What the backup is there for: this is what happens without it."""
    scene.start(seed=1)
    scene.allow(100_000)
    scene.wait_for_events(300)
    for name, url in urls_of(scene.runtimes).items():
        dump_alone(url, folder / f"{name}.dump")
        scene.wait_for_events(scene.recorded() + 200)
    with restored(scene, folder) as runtimes:
        assert handled_and_not_recorded(runtimes["maker"], runtimes["keeper"]) > 0


def test_from_a_backup_every_event_has_its_effect_once(scene: World, folder: Path) -> None:
    scene.start(seed=1)
    scene.allow(100_000)
    scene.wait_for_events(500)
    back_up(urls_of(scene.runtimes), folder)
    # What happens now will not have happened; the broker holds some of it.
    scene.wait_for_events(scene.recorded() + 500)
    scene.stop()
    lost = scene.recorded()
    with restored(scene, folder) as runtimes:
        for name, runtime in runtimes.items():
            with connect(runtime.settings.amqp_uri) as connection:
                topology.empty(connection, name)
            assert publish_log_again(runtime.database) > 0
        scene.runtimes, scene.members = runtimes, []
        assert 0 < scene.recorded() < lost
        scene.start(seed=2)
        scene.allow(100_000)
        scene.wait_for_events(scene.recorded() + 500)
        scene.allow(0)
        assert scene.drain(60) < 60
        accounts = scene.accounts()
        made, known = state_of_things(runtimes["maker"], runtimes["keeper"])
    assert made == known
    for flow in accounts:
        assert flow.recorded
        assert flow.applied.keys() == flow.recorded
        assert not (flow.twice or flow.unexpected or flow.stuck)
