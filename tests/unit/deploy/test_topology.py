"""What an installation consists of: the rules that hold for every one that can be described."""

from itertools import chain

from hypothesis import given

from deploy.credentials import credentials_of
from deploy.installation import (
    SERVICES,
    Installation,
    parse,
)
from deploy.stack import Component, Replicas
from deploy.topology import stack_of
from tests.unit.deploy.installations import file_of, installations, names


def networks_of(component: Component) -> set[str]:
    return {attachment.network for attachment in component.networks}


def secrets_of(component: Component) -> set[str]:
    return {mounted.name for mounted in component.secrets}


@given(installations())
def test_only_the_proxy_can_be_reached_from_outside(installation: Installation) -> None:
    published = {component.name: component.ports for component in stack_of(installation).components}

    assert [port.published for port in published.pop("proxy")] == [
        installation.ports.http,
        installation.ports.https,
    ]
    assert not any(published.values())


@given(installations())
def test_a_database_s_address_is_known_to_its_service_alone(installation: Installation) -> None:
    """And to the job that makes the role, once."""
    for component in stack_of(installation).components:
        for service in SERVICES:
            if f"database-{service}" in secrets_of(component):
                assert component.name.startswith(f"{service}-") or component.name == "database-roles"
            if component.name.startswith(f"{service}-"):
                assert f"database-{service}" in secrets_of(component)


@given(installations())
def test_only_where_people_are_signed_in_can_anybody_be_signed_in(installation: Installation) -> None:
    knowing = [
        component.name
        for component in stack_of(installation).components
        if "session-private-key" in secrets_of(component)
    ]

    assert knowing == ["enrolment-web"]


@given(installations())
def test_the_mail_account_s_password_is_known_to_who_sends_mail(installation: Installation) -> None:
    knowing = [
        component.name
        for component in stack_of(installation).components
        if "mail-password" in secrets_of(component)
    ]

    assert knowing == (["notifications-worker"] if installation.mail.needs_password else [])


@given(installations())
def test_all_that_is_mounted_or_joined_exists_and_nothing_is_left_over(installation: Installation) -> None:
    stack = stack_of(installation)
    components = stack.components

    assert set(chain(*map(secrets_of, components))) == set(stack.secrets)
    assert {mounted.name for component in components for mounted in component.configs} == set(stack.configs)
    assert set(chain(*map(networks_of, components))) == set(stack.networks)
    assert sorted(volume for component in components for volume in component.volumes) == sorted(stack.volumes)


@given(installations())
def test_a_setting_that_names_a_file_names_a_secret_that_is_mounted(installation: Installation) -> None:
    for component in stack_of(installation).components:
        targets = {mounted.target for mounted in component.secrets}
        for setting, value in component.environment.items():
            if setting.endswith("_FILE"):
                assert value in targets, (component.name, setting)


@given(installations())
def test_nothing_can_be_written_but_volumes_and_what_is_forgotten(installation: Installation) -> None:
    for component in stack_of(installation).components:
        assert component.read_only
        assert "/tmp" in component.tmpfs
        assert component.user == "root" if component.name == "autoscaler" else component.user != "root"


@given(installations())
def test_only_who_has_to_can_reach_the_world(installation: Installation) -> None:
    """With servers or a collector of traces elsewhere, that is every service."""
    stack = stack_of(installation)
    reaching = {component.name for component in stack.components if "outside" in networks_of(component)}
    always = {"proxy", "enrolment-web", "enrolment-worker", "notifications-worker"}
    has_all_here = not (
        installation.database.is_external or installation.broker.is_external or installation.traces_url
    )

    assert not stack.networks["outside"].internal
    assert stack.networks["front"].internal
    assert stack.networks["data"].internal
    assert always <= reaching
    assert (reaching == always) == has_all_here
    assert not reaching & {"database", "database-roles", "broker", "broker-1", "broker-2", "broker-3"}


@given(installations())
def test_the_proxy_sees_pages_and_no_data(installation: Installation) -> None:
    stack = stack_of(installation)

    front = {component.name for component in stack.components if "front" in networks_of(component)}

    assert front == {"proxy", *(f"{service}-web" for service in SERVICES)}
    assert "data" not in networks_of(stack.component("proxy"))


@given(installations())
def test_what_has_to_be_there_before_comes_before(installation: Installation) -> None:
    seen: set[str] = set()
    for component in stack_of(installation).components:
        assert seen.issuperset(component.after), component.name
        seen.add(component.name)


@given(installations())
def test_what_others_wait_for_says_whether_it_is_well_or_ends(installation: Installation) -> None:
    stack = stack_of(installation)
    for name in chain.from_iterable(component.after for component in stack.components):
        assert stack.component(name).health or stack.component(name).runs_once, name


@given(installations())
def test_what_owns_data_or_a_port_is_not_doubled_by_an_update(installation: Installation) -> None:
    for component in stack_of(installation).components:
        if component.volumes or component.ports:
            assert not component.start_first
            assert component.replicas == Replicas(least=1, most=1)


@given(installations())
def test_names_are_short_enough_for_the_engine(installation: Installation) -> None:
    """64 characters with the name of the stack and, of a secret, its number."""
    stack = stack_of(installation)
    for name in chain(stack.configs, stack.secrets, stack.networks, stack.volumes, names(stack)):
        assert len(f"{stack.name}_{name}") <= 58, name


@given(installations())
def test_the_number_of_containers_is_what_was_decided(installation: Installation) -> None:
    stack = stack_of(installation)
    for service, size in installation.services.items():
        assert stack.component(f"{service}-web").replicas == size.web
        assert stack.component(f"{service}-worker").replicas == size.worker
        assert stack.component(f"{service}-worker").image == installation.image_of(service)


@given(installations())
def test_the_autoscaler_is_there_when_it_has_something_to_decide(installation: Installation) -> None:
    stack = stack_of(installation)
    elastic = [f"{name}-worker" for name, size in installation.services.items() if size.worker.is_elastic]

    assert ("autoscaler" in names(stack)) == bool(elastic)
    if elastic:
        autoscaler = stack.component("autoscaler")
        assert autoscaler.on_manager
        assert autoscaler.binds == {installation.engine_socket: "/var/run/docker.sock"}
        assert parse(file_of(stack, "autoscaler", "cesar.toml")) == installation


@given(installations())
def test_every_secret_is_needed_and_explained_once(installation: Installation) -> None:
    explained = [name for credential in credentials_of(installation) for name in credential.names]

    assert len(explained) == len(set(explained))
    assert list(stack_of(installation).secrets) == explained
