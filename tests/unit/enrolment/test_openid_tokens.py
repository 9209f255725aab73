"""ID tokens that must not be believed, whoever sends them."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from services.enrolment.openid.flow import NotTrusted, check_id_token
from services.enrolment.openid.provider import Provider
from tests.unit.enrolment.world import MONDAY

ISSUER, NONCE = "https://id.example.org", "a nonce"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False) for kid in ("one", "two"))


class KnownKeys(Provider):
    """A provider whose keys are known without asking."""

    def keys(self, *, anew: bool = False) -> KeySet:
        return KeySet([KEY])


PROVIDER = KnownKeys(ISSUER, "cesar", "secret", "Id")


def id_token(key: Any = KEY, algorithm: str = "RS256", **changed: Any) -> str:
    claims = {
        "iss": ISSUER,
        "aud": "cesar",
        "sub": "42",
        "iat": int(MONDAY.timestamp()),
        "exp": int((MONDAY + timedelta(minutes=5)).timestamp()),
        "nonce": NONCE,
    }
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid or "one"}, claims, key, algorithms=[algorithm])


def check(token: str, now: datetime = MONDAY) -> dict[str, Any]:
    return check_id_token(PROVIDER, token, NONCE, now)


def test_a_good_token_is_believed() -> None:
    assert check(id_token())["sub"] == "42"
    assert check(id_token(aud=["cesar", "other"], azp="cesar"))["sub"] == "42"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://id.example.com"},
        {"aud": "another client"},
        {"aud": ["cesar", "other"]},
        {"aud": ["cesar", "other"], "azp": "other"},
        {"nonce": "of another attempt"},
        *({name: None} for name in ("iss", "aud", "sub", "iat", "exp", "nonce")),
    ],
)
def test_a_token_for_somebody_or_something_else_is_not(changed: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted):
        check(id_token(**changed))


def test_an_expired_token_is_not() -> None:
    assert check(id_token(), MONDAY + timedelta(minutes=5, seconds=30)), "clocks may differ by a minute"
    with pytest.raises(NotTrusted):
        check(id_token(), MONDAY + timedelta(minutes=7))


def test_a_token_with_another_key_is_not() -> None:
    with pytest.raises(NotTrusted):
        check(id_token(OTHER_KEY))


def test_the_public_key_is_never_taken_for_a_shared_secret() -> None:
    _, claims, _ = id_token().split(".")
    head = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    mac = hmac.digest(KEY.as_pem(private=False), f"{head}.{claims}".encode(), "sha256")
    with pytest.raises(NotTrusted):
        check(f"{head}.{claims}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9."])
def test_what_is_no_signed_token_is_not(token: str) -> None:
    with pytest.raises(NotTrusted):
        check(token)
