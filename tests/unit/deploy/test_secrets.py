"""Docker's secrets never change: a new value is a new secret with the next number."""

import pytest

from deploy.engine import EngineProblem
from deploy.secrets import in_use, put, remove_replaced
from tests.unit.deploy.engine import fake_engine


def test_a_value_that_is_put_is_in_use() -> None:
    engine = fake_engine()

    put(engine, "cesar", {"secret-key": "first"})

    assert in_use(engine, "cesar")["secret-key"].name == "cesar_secret-key.1"
    assert engine.secrets.value("cesar_secret-key.1") == "first"


def test_the_highest_number_is_in_use() -> None:
    engine = fake_engine()

    for number in range(11):
        put(engine, "cesar", {"secret-key": f"value {number}", "broker-uri": "amqp://"})

    assert in_use(engine, "cesar")["secret-key"].name == "cesar_secret-key.11"
    assert engine.secrets.value("cesar_secret-key.11") == "value 10"


def test_stacks_do_not_see_each_other_s_secrets() -> None:
    engine = fake_engine()
    put(engine, "cesar", {"secret-key": "ours"})
    put(engine, "cesar-test", {"secret-key": "theirs", "broker-uri": "theirs"})

    assert in_use(engine, "cesar").keys() == {"secret-key"}
    assert in_use(engine, "nobody") == {}


def test_a_replaced_value_is_removed_unless_something_runs_with_it() -> None:
    engine = fake_engine()
    for value in ("one", "two", "three"):
        put(engine, "cesar", {"secret-key": value})
    engine.secrets.used = {"cesar_secret-key.2"}

    remove_replaced(engine, "cesar")

    assert engine.secrets.names() == {"cesar_secret-key.2", "cesar_secret-key.3"}


def test_what_docker_refuses_is_told_in_a_sentence() -> None:
    engine = fake_engine()
    put(engine, "cesar", {"secret-key": "value"})
    engine.secrets.secrets[0].labels.clear()

    with pytest.raises(EngineProblem, match=r"secret cesar_secret-key\.1 already exists\."):
        put(engine, "cesar", {"secret-key": "value"})
