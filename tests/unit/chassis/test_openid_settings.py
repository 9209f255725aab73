"""The settings of an OpenID Connect provider: all of them, or none, and each wrong one a sentence."""

import pytest

from services.chassis.settings import BadSettings, Settings, load_settings

COMPLETE = {
    "CESAR_OPENID_ISSUER": "https://id.example.org/realms/chamber",
    "CESAR_OPENID_CLIENT_ID": "cesar",
    "CESAR_OPENID_CLIENT_SECRET": "a secret between the two",
    "CESAR_OPENID_NAME": "ProConnect",
}


def loaded(environ: dict[str, str]) -> Settings:
    return load_settings(
        "enrolment",
        environ,
        database_url="sqlite:///enrolment.db",
        amqp_uri="memory://",
        public_url="http://localhost:8000",
        mail_url="maildir:///mails",
        mail_from="Cesar <cesar@cci.example>",
        session_public_key="key",
        secret_key="a secret of the tests",
    )


def test_a_provider_that_is_named_in_full_is_taken() -> None:
    settings = loaded(COMPLETE)
    assert (settings.openid_issuer, settings.openid_name) == (COMPLETE["CESAR_OPENID_ISSUER"], "ProConnect")


def test_none_is_needed() -> None:
    assert loaded({}).openid_issuer == ""


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_what_is_missing_is_named(missing: str) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != missing}
    with pytest.raises(BadSettings, match=rf"^{missing} is not set, and CESAR_OPENID_[A-Z_]+ is\.$"):
        loaded(given)


@pytest.mark.parametrize("issuer", ["http://id.example.org", "id.example.org", "ftp://id.example.org"])
def test_a_provider_has_to_answer_in_secret(issuer: str) -> None:
    with pytest.raises(BadSettings, match=r"^CESAR_OPENID_ISSUER is “.*” but has to start with https://\.$"):
        loaded({**COMPLETE, "CESAR_OPENID_ISSUER": issuer})


def test_one_on_this_machine_may_do_without() -> None:
    assert loaded({**COMPLETE, "CESAR_OPENID_ISSUER": "http://localhost:9000/o"}).openid_issuer
