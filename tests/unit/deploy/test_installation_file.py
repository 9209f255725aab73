"""cesar.toml: short to write, and clear about what is wrong with it."""

import re
from pathlib import Path

import pytest
from hypothesis import given

from deploy.installation import (
    BadInstallation,
    Broker,
    Images,
    Installation,
    Limits,
    Mail,
    Places,
    load,
    parse,
    render,
)
from deploy.stack import Replicas
from tests.unit.deploy.installations import SHORTEST, an_installation, installations


def refusal(text: str) -> str:
    with pytest.raises(BadInstallation) as caught:
        parse(text)
    return str(caught.value)


def test_an_address_a_release_and_a_mail_server_are_enough() -> None:
    installation = parse(SHORTEST)

    assert installation == an_installation()
    assert installation.name == "cesar"
    assert all(
        size.web == size.worker == Replicas(least=1, most=1) for size in installation.services.values()
    )


def test_a_number_of_containers_is_fixed_or_a_range() -> None:
    installation = parse(f"{SHORTEST}\n[services.assessment]\nweb = 3\nworker = {{least = 1, most = 4}}\n")

    assert installation.services["assessment"].web == Replicas(least=3, most=3)
    assert installation.services["assessment"].worker == Replicas(least=1, most=4)
    assert not installation.services["reporting"].worker.is_elastic


def test_one_service_may_have_another_release() -> None:
    installation = parse(f'{SHORTEST}\n[services.reporting]\nrelease = "1.3.0"\n')

    assert installation.image_of("reporting") == "cesar/reporting:1.3.0"
    assert installation.image_of("enrolment") == "cesar/enrolment:1.2.0"
    assert installation.image_of("operator") == "cesar/operator:1.2.0"


def test_sizes_are_written_in_megabytes() -> None:
    installation = parse(f"{SHORTEST}\n[limits]\nupload_megabytes = 10\nmemory_megabytes = 1024\n")

    assert installation.limits == Limits(upload=10 * 2**20, memory=2**30)


def test_the_slash_at_the_end_of_the_address_does_not_count() -> None:
    assert parse(SHORTEST.replace("example.org", "example.org/", 1)) == parse(SHORTEST)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("[services.assessment]\nworker = 0", "services.assessment.worker is 0 but has to be from 1 to 50."),
        (
            "[services.assessment]\nworker = {least = 4, most = 2}",
            "services.assessment.worker.least is 4 but 2 is the most.",
        ),
        ("[services.assessment]\nworker = {least = 4}", "services.assessment.worker.most is not set."),
        (
            "[services.assessment]\nweb = true",
            "services.assessment.web is true but has to be a whole number.",
        ),
        ('[services.assessment]\nweb = "2"', "services.assessment.web is “2” but has to be a whole number."),
        (
            '[services.assessment]\nrelease = "1/2"',
            "services.assessment.release is “1/2” but has to be a release, such as 1.2.0.",
        ),
        ("[services.billing]\nweb = 2", "services.billing is not a setting."),
        ("[broker]\nnodes = 2", "broker.nodes is 2 but has to be 1, or 3 to survive the loss of one."),
        (
            "[broker]\nexternal = true\nnodes = 3",
            "broker.nodes is ours to choose only when broker.external is false.",
        ),
        ('[broker]\nexternal = "yes"', "broker.external has to be true or false."),
        (
            '[broker]\nnodes = 3\n[places]\nbroker = ["one", "two", "two"]',
            "places.broker names 2 machines but broker.nodes is 3.",
        ),
        ("[places]\nbroker = 3", "places.broker has to be a list of machines' host names in brackets."),
        ('[places]\nproxy = "a b"', "places.proxy is “a b” but has to be a machine's host name."),
        ("[ports]\nhttps = 70000", "ports.https is 70000 but has to be from 1 to 65535."),
        ("[ports]\nhttps = 80", "ports.https is 80, which is ports.http already."),
        ("[limits]\nupload_megabytes = 26", "limits.upload_megabytes is 26 but has to be from 1 to 25."),
        ('[tls]\ngiven = "yes"', "tls.given has to be true or false."),
        (
            '[registers]\ncompanies_url = "companies.example.org"',
            "registers.companies_url is “companies.example.org” but has to start with http:// or https://.",
        ),
        (
            '[openid]\nissuer = "http://id.example.org"',
            "openid.issuer is “http://id.example.org” but has to start with https://.",
        ),
        (
            '[openid]\nissuer = "https://id.example.org"\nname = "ProConnect"',
            "openid.client_id is not set, and openid.issuer is.",
        ),
        (
            '[watching]\ntraces_url = "traces:4318"',
            "watching.traces_url is “traces:4318” but has to start with http:// or https://.",
        ),
        (
            '[watching]\nlog_level = "loud"',
            "watching.log_level is “loud” but has to be one of debug, info, warning, error.",
        ),
        ('[images]\nprefix = ""', "images.prefix is “” but has to be like registry.example.org/cesar."),
        (
            '[engine]\nsocket = "tcp"',
            "engine.socket is “tcp” but has to be the full path of Docker's socket.",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(table: str, sentence: str) -> None:
    assert refusal(f"{SHORTEST}\n{table}\n") == sentence


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("https://", "http://", "public_url is “http://cesar.example.org” but has to be like https://cesar"),
        (
            "example.org",
            "example.org/cesar",
            "but Cesar needs an address of its own, with nothing after the host.",
        ),
        ("example.org", "example.org:99999", "public_url is “https://cesar.example.org:99999” but has to be"),
        ('release = "1.2.0"', "", "release is not set."),
        ('release = "1.2.0"', "release = 1", "release is 1 but has to be text in quotes."),
        ("smtp://", "imap://", "mail.url has to be like smtp://user@mail.example.org:587"),
        (
            "Cesar <cesar@example.org>",
            "Cesar",
            "mail.from is “Cesar” but has to be like Cesar <cesar@example",
        ),
        ("[mail]", "[mial]", "mial is not a setting; perhaps mail is meant."),
        ("[mail]", "", "mail is not set."),
        ('release = "1.2.0"', 'release = "1.2.0"\nports = 443', "ports has to be a table of settings."),
        (
            'release = "1.2.0"',
            'release = "1"\nname = "Césár"',
            "name is “Césár” but has to be up to 20 small",
        ),
        ('release = "1.2.0"', 'release = "1"\nproduct_name = "a\\nb"', "but has to be some text."),
    ],
)
def test_a_wrong_beginning_is_named_in_a_sentence(before: str, after: str, sentence: str) -> None:
    assert sentence in refusal(SHORTEST.replace(before, after, 1))


def test_a_password_in_the_mail_address_is_refused_without_being_repeated() -> None:
    said = refusal(SHORTEST.replace("smtp://", "smtp://me:hunter2@"))

    assert said == "mail.url contains a password, which is a secret: cesar deploy secret mail-password."


def test_all_mistakes_are_told_at_once() -> None:
    said = refusal(
        'public_url = "cesar"\nrelase = "1"\n[mail]\nurl = "x"\n[broker]\nnodes = 5\n[ports]\nhttp = 0\n'
    )

    assert {line.split()[0] for line in said.splitlines()} == {
        "public_url",
        "release",
        "relase",
        "mail.url",
        "mail.from",
        "broker.nodes",
        "ports.http",
    }


def test_what_is_not_toml_is_told_with_its_place() -> None:
    assert refusal("release = ") == "This is not valid TOML: Invalid value (at end of document)."


def test_a_file_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInstallation, match=r"cesar\.toml\. Write one with: cesar deploy init"):
        load(tmp_path / "cesar.toml")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))

    with pytest.raises(BadInstallation, match="it is not UTF-8"):
        load(tmp_path / "latin.toml")
    with pytest.raises(BadInstallation, match="Is a directory"):
        load(tmp_path)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "cesar.toml").write_text("")

    with pytest.raises(BadInstallation, match=r"cesar\.toml: public_url is not set"):
        load(tmp_path / "cesar.toml")


@given(installations())
def test_what_is_written_is_read_as_the_same(installation: Installation) -> None:
    assert parse(render(installation)) == installation


def test_a_new_file_is_short() -> None:
    said = [line for line in render(an_installation()).splitlines() if line and line[0] not in "#["]

    assert said == [
        'public_url = "https://cesar.example.org"',
        'release = "1.2.0"',
        'url = "smtp://mail.example.org"',
        'from = "Cesar <cesar@example.org>"',
        *["web = 1", "worker = 1"] * 4,
    ]


def test_a_new_file_shows_what_else_can_be_set_and_what_holds() -> None:
    with_all = re.sub(r"^# (\w+ = )", r"\1", render(an_installation()), flags=re.MULTILINE)

    assert with_all.count("\n# ") < render(an_installation()).count("\n# ") - 15
    assert parse(with_all) == an_installation()


def test_a_change_stands_out() -> None:
    installation = an_installation(
        broker=Broker(nodes=3),
        places=Places(database="server-1", broker=("server-1", "server-2", "server-3")),
        images=Images(prefix="registry.example.org/cesar"),
        mail=Mail(url="smtps://cesar@mail.example.org", sender="cesar@example.org"),
    )

    lines = render(installation).splitlines()

    assert "nodes = 3" in lines
    assert 'broker = ["server-1", "server-2", "server-3"]' in lines
    assert 'prefix = "registry.example.org/cesar"' in lines
    assert '# nginx = "nginx:stable"' in lines
