"""Where a process tells how it is and what it does: nowhere, or at a place that can be one."""

import pytest

from services.chassis.settings import BadSettings, Settings, load_settings

NEEDED = {
    "CESAR_ORCHARD_DATABASE_URL": "sqlite://",
    "CESAR_AMQP_URI": "memory://",
    "CESAR_PUBLIC_URL": "http://localhost",
    "CESAR_MAIL_URL": "maildir:///nowhere",
    "CESAR_MAIL_FROM": "cesar@cci.example",
    "CESAR_SESSION_PUBLIC_KEY": "a key",
    "CESAR_SECRET_KEY": "a secret of the tests",
}


def settings(**given: str) -> Settings:
    return load_settings("orchard", {**NEEDED, **given})


def test_nobody_is_told_anything_unless_it_is_set() -> None:
    for read in (settings(), settings(CESAR_WATCH_BIND="", CESAR_TRACES_URL="")):
        assert (read.watch_bind, read.traces_url) == ("", "")


def test_what_is_set_is_where_it_is_told() -> None:
    read = settings(CESAR_WATCH_BIND="[::]:9100", CESAR_TRACES_URL="https://collector:4318")
    assert (read.watch_bind, read.traces_url) == ("[::]:9100", "https://collector:4318")


@pytest.mark.parametrize("bind", ["9100", ":9100", "0.0.0.0", "0.0.0.0:", "0.0.0.0:http", "0.0.0.0:70000"])
def test_a_place_that_is_none_is_named(bind: str) -> None:
    with pytest.raises(BadSettings, match=r"CESAR_WATCH_BIND is “.*” but has to be an address and a port"):
        settings(CESAR_WATCH_BIND=bind)


def test_a_collector_is_reached_over_http() -> None:
    with pytest.raises(BadSettings, match="CESAR_TRACES_URL is “collector:4317” but has to start with http"):
        settings(CESAR_TRACES_URL="collector:4317")
