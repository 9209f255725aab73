"""What particular installations consist of."""

import pytest

from deploy.installation import SERVICES, Broker, Database, Limits, Mail, OpenId, Places, ServiceSize
from deploy.stack import Replicas
from deploy.topology import stack_of
from deploy.topology.database import connections
from tests.unit.deploy.installations import an_installation, file_of, names, sizes

MAILING = Mail(url="smtp://cesar@mail.example.org", sender="Cesar <cesar@example.org>")


def test_servers_that_are_elsewhere_are_left_out() -> None:
    stack = stack_of(an_installation(database=Database(is_external=True), broker=Broker(is_external=True)))

    assert not [name for name in names(stack) if name.startswith(("database", "broker"))]
    assert stack.volumes == ()
    assert stack.component("enrolment-migrate").after == ()
    assert stack.component("enrolment-worker").after == ("enrolment-migrate",)


def test_a_service_waits_for_its_schema_and_its_worker_for_the_broker() -> None:
    stack = stack_of(an_installation(broker=Broker(nodes=3)))

    assert stack.component("database-roles").after == ("database",)
    assert stack.component("reporting-migrate").after == ("database-roles",)
    assert stack.component("reporting-web").after == ("reporting-migrate",)
    assert stack.component("reporting-worker").after == (
        "reporting-migrate",
        "broker-1",
        "broker-2",
        "broker-3",
    )


def test_three_brokers_start_one_after_the_other_and_know_each_other() -> None:
    places = Places(broker=("one", "two", "three"))
    stack = stack_of(an_installation(broker=Broker(nodes=3), places=places))
    nodes = [stack.component(f"broker-{number}") for number in (1, 2, 3)]

    assert [node.after for node in nodes] == [(), ("broker-1",), ("broker-2",)]
    assert [node.node for node in nodes] == ["one", "two", "three"]
    assert [dict(node.volumes) for node in nodes] == [
        {f"broker-{number}": "/var/lib/rabbitmq"} for number in (1, 2, 3)
    ]
    assert {node.environment["CESAR_BROKER_NODES"] for node in nodes} == {"broker-1 broker-2 broker-3"}
    assert all(attachment.aliases == ("broker",) for node in nodes for attachment in node.networks)


def test_the_single_broker_can_become_the_first_of_three() -> None:
    """It keeps its name among brokers and its volume."""
    single = stack_of(an_installation()).component("broker")
    first = stack_of(an_installation(broker=Broker(nodes=3))).component("broker-1")

    assert single.hostname == first.hostname == "broker-1"
    assert single.volumes == first.volumes


def test_the_database_takes_all_connections_that_processes_may_open() -> None:
    large = an_installation(
        services=sizes(
            assessment=ServiceSize(web=Replicas(least=4, most=4), worker=Replicas(least=1, most=8))
        )
    )

    # Four web containers of two processes and eight workers, 15 connections in each one's pool.
    assert connections(large) - connections(an_installation()) >= (3 * 2 + 7) * 15
    assert f"max_connections={connections(large)}" in stack_of(large).component("database").command


def test_the_memory_of_the_database_is_shared_out() -> None:
    stack = stack_of(an_installation(database=Database(memory=4096 * 2**20)))

    assert "shared_buffers=1024MB" in stack.component("database").command
    assert stack.component("database").memory == 4096 * 2**20


def test_settings_reach_every_process() -> None:
    stack = stack_of(an_installation(traces_url="http://traces:4318", log_level="debug", mail=MAILING))

    for service in SERVICES:
        for kind in ("migrate", "web", "worker"):
            environment = stack.component(f"{service}-{kind}").environment
            assert environment["CESAR_PUBLIC_URL"] == "https://cesar.example.org"
            assert environment["CESAR_MAIL_URL"] == "smtp://cesar@mail.example.org"
            assert environment["CESAR_TRACES_URL"] == "http://traces:4318"
            assert environment["CESAR_LOG_LEVEL"] == "debug"


def test_who_asks_the_register_of_companies_is_told_where_it_is() -> None:
    stack = stack_of(an_installation(company_register_url="https://companies.example.org"))

    asks = "CESAR_COMPANY_REGISTER_URL"
    assert stack.component("enrolment-web").environment[asks] == "https://companies.example.org"
    assert [one.name for one in stack.components if asks in one.environment] == ["enrolment-web"]


def test_only_who_signs_people_in_knows_the_provider_and_its_secret() -> None:
    provider = OpenId(issuer="https://id.example.org", client_id="cesar", name="ProConnect")
    stack = stack_of(an_installation(openid=provider))

    environment = stack.component("enrolment-web").environment
    assert environment["CESAR_OPENID_ISSUER"] == "https://id.example.org"
    assert environment["CESAR_OPENID_CLIENT_SECRET_FILE"].endswith("openid-client-secret")
    asks = [one.name for one in stack.components if any("OPENID" in name for name in one.environment)]
    assert asks == ["enrolment-web"]
    none = stack_of(an_installation()).component("enrolment-web").environment
    assert not any("OPENID" in name for name in none)


def test_another_content_is_another_config_and_the_same_is_not() -> None:
    first, again, other = (
        set(stack_of(an_installation(limits=Limits(requests_per_second=rate))).configs)
        for rate in (50, 50, 20)
    )

    assert first == again
    assert {name.rpartition(".")[0] for name in first ^ other} == {"proxy-installation.conf"}


@pytest.mark.parametrize("status", [413, 429, 502])
def test_the_proxy_s_own_answers_are_said_in_plain_french(status: int) -> None:
    stack = stack_of(an_installation(limits=Limits(upload=10 * 2**20)))
    page = file_of(stack, "proxy", f"problems/{status}.html")

    assert '<html lang="fr">' in page
    assert 'lang="en"' in page
    assert "$" not in page
    assert ("10 Mo" in page) == (status == 413)
