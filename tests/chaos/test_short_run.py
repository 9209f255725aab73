"""Nothing is lost, nothing is applied twice: some thousand events, with the faults that hurt the most."""

from pathlib import Path

from tests.chaos.run import run
from tests.chaos.world import world
from tests.support.postgres import PrivatePostgres
from tests.support.rabbitmq import PrivateRabbitMQ

_FAULTS = (
    "web killed after its commit",
    "relay killed between publishing and marking",
    "copies and disorder",
    "consumer killed between effect and acknowledgement",
    "broker's network silent",
    "database's network silent",
    "database killed",
    "broker killed",
)
_DRAIN_SECONDS = 90  # more than the patience with a database that has fallen silent


def test_under_the_worst_faults_each_event_has_its_effect_once(
    broker: PrivateRabbitMQ, database_server: PrivatePostgres, tmp_path: Path
) -> None:
    with world(broker, database_server, tmp_path, rate=300) as scene:
        outcome = run(scene, 1, 3000, _FAULTS, _DRAIN_SECONDS)
    outcome.check(_DRAIN_SECONDS)
