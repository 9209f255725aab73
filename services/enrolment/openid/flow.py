"""The way to the provider and back: where to send somebody, and what is known when they return."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.enrolment.domain.openid_account import OpenIdClaims
from services.enrolment.openid.provider import TIMEOUT, Metadata, Provider, ProviderFailed

_SCOPE = "openid email profile"
# Never "none", and never a secret that both sides share (RFC 8725).
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519", "EdDSA"]
_LEEWAY = 60  # seconds that the clocks of two machines may differ by


class NotTrusted(Exception):
    """What came back is not the answer to what was asked. The text is for the log."""


@dataclass(frozen=True)
class Attempt:
    """What only the browser that was sent away knows, and has to bring back."""

    state: str
    nonce: str
    verifier: str
    next_page: str

    def stored(self) -> dict[str, str]:
        return asdict(self)


def new_attempt(next_page: str) -> Attempt:
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), next_page)


def authorization_address(provider: Provider, attempt: Attempt, return_address: str) -> str:
    """Where the provider asks who somebody is. Raises ProviderFailed."""
    with _client(provider, provider.metadata(), return_address) as client:
        address, _state = client.create_authorization_url(
            provider.metadata().authorization_endpoint,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return str(address)


def claims_of(
    provider: Provider, attempt: Attempt, code: str, return_address: str, now: datetime
) -> OpenIdClaims:
    """Who it is, as the provider says in exchange for the code. Raises ProviderFailed, NotTrusted."""
    metadata = provider.metadata()
    with _client(provider, metadata, return_address) as client:
        try:
            token = client.fetch_token(
                metadata.token_endpoint, code=code, code_verifier=attempt.verifier, timeout=TIMEOUT
            )
        except AuthlibBaseError as error:
            raise NotTrusted(f"The code was refused: {error}") from error
        except (requests.RequestException, ValueError) as error:
            raise ProviderFailed(f"{metadata.token_endpoint} does not answer.") from error
        claims = check_id_token(provider, str(token.get("id_token", "")), attempt.nonce, now)
        if "email" not in claims and metadata.userinfo_endpoint:
            claims = _more_claims(client, metadata.userinfo_endpoint, claims) | claims
    address = str(claims.get("email") or "")
    is_verified = claims.get("email_verified") in (True, "true")
    return OpenIdClaims(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=address if address and is_verified else None,
        name=str(claims.get("name") or "").strip()[:200] or address.partition("@")[0],
        locale="en" if str(claims.get("locale", "fr")).startswith("en") else "fr",
    )


def end_address(provider: Provider, back_to: str) -> str | None:
    """Where somebody signs out at the provider, if it has such a page. Raises ProviderFailed.

    Source: OpenID Connect RP-Initiated Logout 1.0.
    """
    endpoint = provider.metadata().end_session_endpoint
    if endpoint is None:
        return None
    query = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back_to})
    return f"{endpoint}?{query}"


def _client(provider: Provider, metadata: Metadata, return_address: str) -> OAuth2Session:
    methods = metadata.token_endpoint_auth_methods_supported
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    return OAuth2Session(
        provider.client_id,
        provider.secret,
        scope=_SCOPE,
        redirect_uri=return_address,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )


def check_id_token(provider: Provider, id_token: str, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of an ID token that is the provider's, for us, of this attempt and of now.

    Raises NotTrusted, ProviderFailed.
    """
    expected = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        try:
            claims = _signed(id_token, provider.keys())
        except (JoseError, ValueError):
            # It may have new keys since they were last asked for.
            claims = _signed(id_token, provider.keys(anew=True))
        expected.validate(claims)
    except (JoseError, ValueError) as error:
        raise NotTrusted(f"The ID token is not good: {error}") from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise NotTrusted("The ID token is for several, and not given to us.")
    return claims


def _signed(id_token: str, keys: KeySet) -> dict[str, Any]:
    return dict(jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims)


def _more_claims(client: OAuth2Session, endpoint: str, claims: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = client.get(endpoint, timeout=TIMEOUT)
        answer.raise_for_status()
        found = dict(answer.json())
    except (requests.RequestException, AuthlibBaseError, ValueError) as error:
        raise ProviderFailed(f"{endpoint} does not answer.") from error
    if found.get("sub") != claims["sub"]:
        raise NotTrusted("The provider speaks of somebody else than its token does.")
    return found
