"""Passwords and keys: complete, usable, and made anew only where they are missing."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from hypothesis import given

from deploy.certificate import self_signed
from deploy.credentials import credentials_of, missing_secrets, secret_names
from deploy.installation import SERVICES, Broker, Database, Installation, Mail, Tls
from services.chassis.settings import load_settings
from services.chassis.web.identity import Identity
from services.chassis.web.tokens import SESSION_AUDIENCE, decode_token, encode_token
from tests.unit.deploy.installations import an_installation, installations


@given(installations())
def test_each_missing_secret_is_made_or_asked_for(installation: Installation) -> None:
    made, unknown = missing_secrets(installation, ())

    assert made.keys() | unknown.keys() == set(secret_names(installation))
    assert not made.keys() & unknown.keys()


def test_a_usual_installation_asks_for_nothing() -> None:
    assert missing_secrets(an_installation(), ())[1] == {}


def test_what_only_the_operator_knows_is_asked_for_with_its_form() -> None:
    installation = an_installation(
        database=Database(is_external=True),
        broker=Broker(is_external=True),
        tls=Tls(is_given=True),
        mail=Mail(url="smtp://cesar@mail.example.org", sender="cesar@example.org"),
    )

    unknown = missing_secrets(installation, ())[1]

    assert unknown.keys() == {
        *(f"database-{service}" for service in SERVICES),
        "broker-uri",
        "tls-certificate",
        "tls-key",
        "mail-password",
    }
    assert "postgresql+psycopg://user:password@host/reporting" in unknown["database-reporting"]


def test_what_is_there_is_kept() -> None:
    made, unknown = missing_secrets(an_installation(), secret_names(an_installation()))

    assert made == unknown == {}


def test_of_a_broken_pair_both_are_made() -> None:
    present = set(secret_names(an_installation())) - {"session-public-key"}

    assert missing_secrets(an_installation(), present)[0].keys() == {
        "session-private-key",
        "session-public-key",
    }


def test_no_two_installations_share_a_secret() -> None:
    first, second = (missing_secrets(an_installation(), ())[0] for _ in range(2))

    assert not set(first.values()) & set(second.values())
    assert len(set(first.values())) == len(first)


def test_what_is_made_fits_what_is_asked_of_an_operator() -> None:
    made = missing_secrets(an_installation(), ())[0]

    for credential in credentials_of(an_installation()):
        for name in credential.names:
            assert credential.fits(made[name]), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret-key", "short"),
        ("database-enrolment", "postgresql+psycopg://enrolment:a@b@database/enrolment"),
        ("database-enrolment", "postgresql+psycopg://enrolment:secret@elsewhere/enrolment"),
        ("database-password", "with a space in the middle"),
        ("broker-uri", "amqp://cesar@broker/cesar"),
        ("broker-uri", "amqp://cesar:se/cret@broker/cesar"),
        ("tls-certificate", "cesar.example.org"),
        ("session-private-key", ""),
    ],
)
def test_what_cannot_work_does_not_fit(name: str, value: str) -> None:
    (credential,) = [found for found in credentials_of(an_installation()) if name in found.names]

    assert not credential.fits(value)


def test_services_start_with_what_was_made() -> None:
    made = missing_secrets(an_installation(), ())[0]
    environment = {
        "CESAR_REPORTING_DATABASE_URL": made["database-reporting"],
        "CESAR_AMQP_URI": made["broker-uri"],
        "CESAR_PUBLIC_URL": "https://cesar.example.org",
        "CESAR_MAIL_URL": "smtp://mail.example.org",
        "CESAR_MAIL_FROM": "cesar@example.org",
        "CESAR_SESSION_PUBLIC_KEY": made["session-public-key"],
        "CESAR_SECRET_KEY": made["secret-key"],
    }

    settings = load_settings("reporting", environment)

    assert settings.amqp_uri.endswith("@broker/cesar")
    assert settings.database_url.endswith("@database/reporting")


def test_the_pair_of_keys_signs_people_in() -> None:
    made = missing_secrets(an_installation(), ())[0]
    now = datetime.now(UTC)
    person = Identity(person_id=uuid4(), name="Anne Durand", email="anne@example.org")

    token = encode_token(
        made["session-private-key"],
        person,
        audience=SESSION_AUDIENCE,
        issued_at=now,
        lifetime=timedelta(hours=1),
    )

    assert decode_token(made["session-public-key"], token, audience=SESSION_AUDIENCE, now=now) == person


@pytest.mark.parametrize("host", ["cesar.example.org", "192.0.2.7"])
def test_the_certificate_is_for_the_address_that_people_use(host: str, tmp_path: Path) -> None:
    made = missing_secrets(an_installation(public_url=f"https://{host}:8443"), ())[0]
    (tmp_path / "certificate").write_text(made["tls-certificate"])
    (tmp_path / "key").write_text(made["tls-key"])

    certificate = x509.load_pem_x509_certificate(made["tls-certificate"].encode())
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "certificate", tmp_path / "key")

    (subject,) = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert str(subject.value) == host
    assert certificate.not_valid_before_utc < datetime.now(UTC) < certificate.not_valid_after_utc


def test_a_name_that_is_too_long_for_a_subject_still_gets_its_certificate() -> None:
    host = ".".join(["programme"] * 12)

    certificate = x509.load_pem_x509_certificate(self_signed(host)[0].encode())

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host]
