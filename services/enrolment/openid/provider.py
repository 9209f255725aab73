"""What the provider publishes about itself: its addresses and its keys, asked for once an hour."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from services.chassis.settings import Settings

# Seconds to connect, and between two pieces of the answer: somebody waits in front of the page.
TIMEOUT = (2.0, 5.0)
_KEPT = 3600.0  # seconds
# Keys that are not known are asked for anew, but not as often as somebody sends made-up ones.
_KEYS_AGAIN_AFTER = 60.0


class ProviderFailed(Exception):
    """The provider did not answer, or with what cannot be trusted. The text is for the operator."""


@dataclass(frozen=True)
class Metadata:
    """What discovery says."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _MetadataSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    issuer = fields.String(required=True)
    authorization_endpoint = fields.Url(required=True, require_tld=False)
    token_endpoint = fields.Url(required=True, require_tld=False)
    jwks_uri = fields.Url(required=True, require_tld=False)
    userinfo_endpoint = fields.Url(require_tld=False)
    end_session_endpoint = fields.Url(require_tld=False)
    token_endpoint_auth_methods_supported = fields.List(fields.String())


@dataclass
class Provider:
    """One provider, and what was last heard of it. ``secret`` is the client's."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str
    _metadata: Metadata | None = None
    _metadata_until: float = 0.0
    _keys: KeySet | None = None
    _keys_since: float = 0.0

    def metadata(self) -> Metadata:
        """Raises ProviderFailed."""
        if self._metadata is None or time.monotonic() > self._metadata_until:
            answer = _get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                found = Metadata(**_MetadataSchema().load(answer))
            except (ValidationError, TypeError) as error:
                raise ProviderFailed(f"{self.issuer} answers, but not as a provider does: {error}") from error
            if found.issuer != self.issuer:
                raise ProviderFailed(f"{self.issuer} says that it is {found.issuer}.")
            self._metadata, self._metadata_until = found, time.monotonic() + _KEPT
        return self._metadata

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that its tokens are signed with. Raises ProviderFailed."""
        age = time.monotonic() - self._keys_since
        if self._keys is None or age > (_KEYS_AGAIN_AFTER if anew else _KEPT):
            try:
                self._keys = KeySet.import_key_set(_get(self.metadata().jwks_uri))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderFailed(f"{self.issuer} has keys that cannot be read.") from error
            self._keys_since = time.monotonic()
        return self._keys


def make_provider(settings: Settings) -> Provider | None:
    """The one that the settings name, if they name one."""
    if not settings.openid_issuer:
        return None
    return Provider(
        settings.openid_issuer,
        settings.openid_client_id,
        settings.openid_client_secret or "",
        settings.openid_name,
    )


def _get(url: str) -> Any:
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        if answer.status_code != 200:
            raise ProviderFailed(f"{url} answers with status {answer.status_code}.")
        return answer.json()
    except requests.RequestException as error:
        raise ProviderFailed(f"{url} does not answer: {type(error).__name__}.") from error
