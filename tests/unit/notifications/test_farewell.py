"""The last mail to somebody who is erased, and that nothing is left of whom it went to."""

from pathlib import Path

import pytest
from sqlalchemy import String, cast, or_, select

from services.chassis.events import Event
from services.notifications.delivery.failures import PermanentFailure
from services.notifications.domain.message import State
from services.notifications.storage.tables import metadata
from tests.unit.notifications.examples import THURSDAY
from tests.unit.notifications.service_examples import World, grant, new_world, person, programme, told

ANA = person("Ana Ruiz", grant("jury"))
ADDRESS = "ana@cci.example"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def erasure() -> Event:
    data = {
        "id": "0190c1a0-0000-7000-8000-0000000000e1",
        "person_id": ANA.data["id"],
        "address_digests": [],
        "confirmed_at": THURSDAY.isoformat(),
    }
    return told("enrolment.person.erasure_confirmed", data)


def tables_that_name_her(world: World) -> set[str]:
    with world.runtime.read() as session:
        return {
            table.name
            for table in metadata.sorted_tables
            if session.execute(
                select(table).where(
                    or_(
                        *(
                            cast(column, String).contains(word)
                            for column in table.c
                            for word in (ADDRESS, "Ana Ruiz")
                        )
                    )
                )
            ).first()
        }


def test_who_is_erased_is_told_so_once_and_then_forgotten(world: World) -> None:
    world.hears(programme(), ANA, erasure())
    world.hears(erasure())
    assert tables_that_name_her(world) == {"message"}

    [mail] = world.sends()

    assert ADDRESS in mail["To"]
    assert mail["Subject"] == "Vos données sont effacées"
    assert tables_that_name_her(world) == set()
    assert world.the("person-erased").state is State.SENT
    assert world.sends() == []
    assert world.unhandled() == []


def test_an_address_that_the_server_refuses_is_forgotten_too(tmp_path: Path) -> None:
    world = new_world(tmp_path, failure=PermanentFailure(f"550 {ADDRESS} is unknown"))
    world.hears(programme(), ANA, erasure())

    assert world.sends() == []

    assert world.the("person-erased").state is State.FAILED
    assert tables_that_name_her(world) == set()


def test_a_mail_that_could_not_leave_for_a_week_is_given_up_and_its_address_forgotten(tmp_path: Path) -> None:
    world = new_world(tmp_path)
    world.hears(programme(), ANA, erasure())
    world.passes(days=8)

    assert world.sends() == []

    assert world.the("person-erased").state is State.SUPPRESSED
    assert tables_that_name_her(world) == set()


def test_nobody_is_written_to_whom_the_service_does_not_know(world: World) -> None:
    world.hears(programme(), erasure())

    assert world.messages() == []
    assert world.unhandled() == []
