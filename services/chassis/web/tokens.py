"""Signed tokens: who somebody is, as a JSON Web Token that every service can check by itself.

Sources: RFC 7519 (JSON Web Token), RFC 9864 (the fully specified algorithm "Ed25519"), RFC 8725 (best
current practices: one fixed algorithm, the audience is always checked).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.chassis.web.identity import ActingFor, Grant, Identity, SessionClaim

SESSION_AUDIENCE = "session"
API_AUDIENCE = "api"
_ALGORITHM = "Ed25519"
_ISSUER = "cesar"


def generate_key_pair() -> tuple[str, str]:
    """A new private key and its public key, both as PEM text."""
    key = OKPKey.generate_key("Ed25519", private=True)
    return key.as_pem(private=True).decode(), key.as_pem(private=False).decode()


def encode_token(
    private_key: str, identity: Identity, *, audience: str, issued_at: datetime, lifetime: timedelta
) -> str:
    """The identity as a signed token for one audience, valid from ``issued_at`` for ``lifetime``.

    A session that has an end of its own ends then, however often its token is written anew.
    """
    expires_at = identity.session.expires_at if identity.session else issued_at + lifetime
    claims: dict[str, Any] = {
        "iss": _ISSUER,
        "aud": audience,
        "sub": str(identity.person_id),
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
        "name": identity.name,
        "email": identity.email,
        "locale": identity.locale,
        "grants": _pack_grants(identity.grants),
    }
    if identity.session:
        claims["sid"] = str(identity.session.id)
    if acting := identity.acting_for:
        claims["org"] = [_shorten(acting.organisation_id), acting.name, acting.is_choice]
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(private_key), algorithms=[_ALGORITHM])


def decode_token(public_key: str, token: str, *, audience: str, now: datetime) -> Identity | None:
    """The identity in a token; None when it is expired, altered, for another audience or no token at all."""
    expected = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=5,  # seconds that the clocks of two machines may differ by
        iss={"essential": True, "value": _ISSUER},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )
    try:
        claims = jwt.decode(token, _key(public_key), algorithms=[_ALGORITHM]).claims
        expected.validate(claims)
        return Identity(
            person_id=UUID(claims["sub"]),
            name=str(claims["name"]),
            email=str(claims["email"]),
            locale=str(claims["locale"]),
            grants=_unpack_grants(claims["grants"]),
            session=_session(claims),
            acting_for=_acting_for(claims.get("org")),
        )
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None


@lru_cache(maxsize=8)
def _key(pem: str) -> OKPKey:
    return OKPKey.import_key(pem)


def _session(claims: dict[str, Any]) -> SessionClaim | None:
    if "sid" not in claims:
        return None
    return SessionClaim(UUID(claims["sid"]), datetime.fromtimestamp(claims["exp"], UTC))


def _acting_for(packed: list[Any] | None) -> ActingFor | None:
    if packed is None:
        return None
    organisation, name, is_choice = packed
    return ActingFor(_lengthen(organisation), str(name), bool(is_choice))


def _pack_grants(grants: Iterable[Grant]) -> list[list[Any]]:
    """Grants by role and programme, organisations as 22 characters each.

    A cookie holds 4,096 bytes and an adviser may follow thirty organisations.
    """
    packed: dict[tuple[str, str | None], list[str]] = {}
    for grant in grants:
        short = "" if grant.organisation_id is None else _shorten(grant.organisation_id)
        packed.setdefault((grant.role, grant.programme), []).append(short)
    return [[role, programme, *organisations] for (role, programme), organisations in packed.items()]


def _unpack_grants(packed: list[list[Any]]) -> tuple[Grant, ...]:
    return tuple(
        Grant(role=role, programme=programme, organisation_id=_lengthen(short) if short else None)
        for role, programme, *organisations in packed
        for short in organisations
    )


def _shorten(identifier: UUID) -> str:
    return urlsafe_b64encode(identifier.bytes).rstrip(b"=").decode()


def _lengthen(text: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(text + "=="))
