import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Blueprint, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OKPKey

from services.chassis.web.access import public
from services.chassis.web.identity import Grant, Identity
from services.chassis.web.session import (
    SESSION_COOKIE,
    CannotSignIn,
    clear_session,
    current_person,
    issue_api_token,
    issue_session,
    signed_in_person,
)
from services.chassis.web.tokens import API_AUDIENCE, SESSION_AUDIENCE, decode_token, encode_token
from tests.unit.chassis.web.world import (
    FROM_HERE,
    MONDAY,
    Runtime,
    Settings,
    api_token,
    build,
    keys,
    person,
    sign_in,
)

HOUR = timedelta(hours=1)


def pages(identity: Identity) -> Blueprint:
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/who")
    @public
    def who() -> str:
        found = current_person()
        return found.email if found else "nobody"

    @blueprint.post("/enter")
    @public
    def enter() -> Response:
        response = Response("welcome")
        issue_session(response, identity)
        return response

    @blueprint.post("/leave")
    @public
    def leave() -> Response:
        response = Response("goodbye")
        clear_session(response)
        return response

    @blueprint.get("/careless")
    @public
    def careless() -> str:
        return signed_in_person().name

    return blueprint


def visitor(runtime: Runtime | None = None, identity: Identity | None = None) -> FlaskClient:
    return build(pages(identity or person("manager")), runtime=runtime).test_client()


def who(client: FlaskClient, **headers: str) -> str:
    return client.get("/orchard/who", headers=headers).text


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token(
    identity: Identity, *, audience: str = SESSION_AUDIENCE, key: str | None = None, hours: int = 12
) -> str:
    return encode_token(
        key or keys()[0], identity, audience=audience, issued_at=MONDAY, lifetime=timedelta(hours=hours)
    )


def test_who_signs_in_is_known_on_the_next_request() -> None:
    client = visitor()
    assert who(client) == "nobody"
    client.post("/orchard/enter")
    assert who(client) == "elise.martin@example.fr"


def test_who_signs_out_is_unknown_on_the_next_request() -> None:
    client = visitor()
    client.post("/orchard/enter")
    client.post("/orchard/leave", headers=FROM_HERE)
    assert who(client) == "nobody"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() -> None:
    cookie = visitor().post("/orchard/enter").headers["Set-Cookie"]
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "; Max-Age=43200" in cookie
    assert "Domain=" not in cookie


def test_the_cookie_travels_over_https_only_where_the_site_has_https() -> None:
    secure = Runtime(settings=Settings(public_url="https://cesar.example.fr"))
    assert "; Secure" in visitor(secure).post("/orchard/enter").headers["Set-Cookie"]
    assert "; Secure" not in visitor().post("/orchard/enter").headers["Set-Cookie"]


def test_a_session_ends_after_twelve_hours() -> None:
    runtime = Runtime()
    client = visitor(runtime)
    sign_in(client, person())
    runtime.now = MONDAY + 12 * HOUR - timedelta(minutes=1)
    assert who(client) == "elise.martin@example.fr"
    runtime.now = MONDAY + 12 * HOUR + timedelta(minutes=1)
    assert who(client) == "nobody"


def test_a_token_signed_by_somebody_else_is_nobody() -> None:
    client = visitor()
    client.set_cookie(SESSION_COOKIE, token(person(), key=keys("a stranger")[0]))
    assert who(client) == "nobody"


def test_an_altered_token_is_nobody() -> None:
    head, body, signature = token(person("buyer")).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["grants"] = [["manager", None, ""]]
    client = visitor()
    client.set_cookie(SESSION_COOKIE, f"{head}.{encoded(claims)}.{signature}")
    assert who(client) == "nobody"


def test_a_token_without_signature_is_nobody() -> None:
    _head, body, _signature = token(person()).split(".")
    client = visitor()
    client.set_cookie(SESSION_COOKIE, f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{body}.")
    assert who(client) == "nobody"


def test_a_token_signed_with_the_public_key_as_a_password_is_nobody() -> None:
    _head, body, _signature = token(person()).split(".")
    signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{body}"
    seal = hmac.new(keys()[1].encode(), signed.encode(), hashlib.sha256).digest()
    client = visitor()
    client.set_cookie(SESSION_COOKIE, f"{signed}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}")
    assert who(client) == "nobody"


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_program_is_known_by_its_token() -> None:
    assert who(visitor(), **bearer(api_token(person("operator")))) == "elise.martin@example.fr"


def test_a_program_with_a_token_that_nobody_could_revoke_is_refused() -> None:
    nameless = issue_api_token(keys()[0], person("operator"), 30 * 24 * HOUR, now=MONDAY)
    assert who(visitor(), **bearer(nameless)) == "nobody"


def test_a_program_is_unknown_when_its_token_has_expired() -> None:
    expired = api_token(person("operator"), MONDAY - HOUR)
    assert who(visitor(), **bearer(expired)) == "nobody"


def test_a_stolen_session_is_of_no_use_to_a_program_nor_a_programs_token_to_a_browser() -> None:
    assert who(visitor(), **bearer(token(person()))) == "nobody"
    client = visitor()
    client.set_cookie(SESSION_COOKIE, token(person(), audience=API_AUDIENCE))
    assert who(client) == "nobody"


def test_a_request_that_brings_its_own_credentials_is_never_taken_for_the_person_of_the_cookie() -> None:
    client = visitor()
    sign_in(client, person())
    assert who(client, **bearer("anything")) == "nobody"


def test_a_service_without_the_private_key_cannot_sign_anyone_in() -> None:
    client = visitor(Runtime(settings=Settings(session_private_key=None)))
    with pytest.raises(CannotSignIn, match="orchard"):
        client.post("/orchard/enter")


def test_an_adviser_of_sixty_organisations_fits_into_the_cookie() -> None:
    grants = tuple(Grant("adviser", "cesar", UUID(int=number)) for number in range(1, 61))
    client = visitor(identity=person(grants=grants))
    client.post("/orchard/enter")
    assert who(client) == "elise.martin@example.fr"


def test_a_cookie_that_a_browser_would_drop_is_refused_when_it_is_made() -> None:
    grants = tuple(Grant("adviser", "cesar", UUID(int=number)) for number in range(1, 200))
    with pytest.raises(CannotSignIn, match="199 grants"):
        visitor(identity=person(grants=grants)).post("/orchard/enter")


def test_a_view_that_takes_the_person_for_granted_but_is_public_fails_loudly() -> None:
    with pytest.raises(LookupError, match="@requires"):
        visitor().get("/orchard/careless")


def test_nobody_is_asking_outside_a_request() -> None:
    assert current_person() is None


grants = st.builds(
    Grant,
    role=st.sampled_from(["manager", "adviser", "buyer"]),
    programme=st.none() | st.text(min_size=1, max_size=20),
    organisation_id=st.none() | st.uuids(),
)


@given(st.text(), st.lists(grants, max_size=10))
def test_a_token_gives_back_what_was_put_in(name: str, granted: list[Grant]) -> None:
    identity = Identity(
        UUID(int=1), name.encode("utf-8", "ignore").decode(), "a@example.fr", "en", tuple(granted)
    )
    found = decode_token(keys()[1], token(identity), audience=SESSION_AUDIENCE, now=MONDAY)
    assert found is not None
    assert set(found.grants) == set(identity.grants)
    assert (found.person_id, found.name, found.email, found.locale) == (
        identity.person_id,
        identity.name,
        identity.email,
        identity.locale,
    )


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_in_the_cookie_it_is_nobody_and_no_failure(text: str) -> None:
    assert decode_token(keys()[1], text, audience=SESSION_AUDIENCE, now=MONDAY) is None


@given(st.lists(st.from_type(type(None)) | st.integers() | st.text() | st.lists(st.text()), max_size=4))
def test_a_well_signed_token_of_another_shape_is_no_failure(shape: list[object]) -> None:
    claims = {
        "iss": "cesar", "aud": SESSION_AUDIENCE, "sub": str(UUID(int=1)),
        "exp": int((MONDAY + HOUR).timestamp()), "name": "A", "email": "a@example.fr",
        "locale": "fr", "grants": shape,
    }  # fmt: skip
    signed = jwt.encode({"alg": "Ed25519"}, claims, OKPKey.import_key(keys()[0]), algorithms=["Ed25519"])
    found = decode_token(keys()[1], signed, audience=SESSION_AUDIENCE, now=MONDAY)
    assert found is None or all(grant.organisation_id is None for grant in found.grants)
