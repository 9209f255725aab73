"""Settings: from the environment, and from one optional file; each wrong value is one clear sentence.

Every setting is an environment variable ``CESAR_...``. The file named by ``CESAR_CONFIG`` (TOML) holds the
same names in lower case without the prefix. A variable wins over the file. ``CESAR_X_FILE`` names a file
that holds the value of ``CESAR_X``, which is how container secrets arrive.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

PREFIX = "CESAR_"
MEMORY_BROKER = "memory://"


class BadSettings(Exception):
    """A setting is missing or wrong. The text is one sentence per setting and names it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one service's process.

    ``database_url`` is the service's own database. ``session_private_key`` is known to the service that
    signs people in, and to no other. ``embedded`` says that the whole product runs in this one process.
    ``watch_bind`` is where a worker answers those who watch it, ``traces_url`` a collector of traces,
    ``company_register_url`` the public register of companies; empty means nowhere. ``openid_issuer`` is the
    OpenID Connect provider that signs people in beside the link by e-mail, ``openid_name`` what it is called.
    """

    database_url: str
    amqp_uri: str
    public_url: str
    mail_url: str
    mail_from: str
    mail_password: str | None = None
    session_public_key: str
    session_private_key: str | None = None
    secret_key: str
    data_folder: Path = Path("var")
    embedded: bool = False
    demo: bool = False
    product_name: str = "Cesar"
    trusted_proxies: int = 0
    database_pool_size: int = 10
    batch_size: int = 500
    log_format: str = "json"
    log_level: str = "info"
    watch_bind: str = ""
    traces_url: str = ""
    company_register_url: str = ""
    openid_issuer: str = ""
    openid_client_id: str = ""
    openid_client_secret: str | None = None
    openid_name: str = ""


class _UrlWith(validate.Validator):
    def __init__(self, *schemes: str) -> None:
        self.schemes = schemes

    def __call__(self, value: str) -> str:
        if urlsplit(value).scheme not in self.schemes:
            allowed = " or ".join(f"{scheme}://" for scheme in self.schemes)
            raise ValidationError(f"is “{value}” but has to start with {allowed}")
        return value


class _AddressAndPort(validate.Validator):
    def __call__(self, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValidationError(f"is “{value}” but has to be an address and a port, as in 0.0.0.0:9100")
        return value


class _Issuer(validate.Validator):
    """Who has the provider's answers can be anybody, so they come encrypted, except from this machine."""

    def __call__(self, value: str) -> str:
        address = urlsplit(value)
        if address.scheme == "https" or (address.scheme == "http" and address.hostname in _THIS_MACHINE):
            return value
        raise ValidationError(f"is “{value}” but has to start with https://")


class _OrNothing(validate.Validator):
    """A setting that may be left empty."""

    def __init__(self, validator: validate.Validator) -> None:
        self.validator = validator

    def __call__(self, value: str) -> str:
        if value:
            self.validator(value)
        return value


_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_OPENID = ("openid_issuer", "openid_client_id", "openid_client_secret", "openid_name")
_WORDS: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "is not set",
    "null": "is empty",
    "invalid": "has to be a whole number",
}


def _number(least: int, most: int) -> fields.Integer:
    bounds = validate.Range(least, most, error="is {input} but has to be from {min} to {max}")
    return fields.Integer(validate=bounds, error_messages=_WORDS)


def _choice(*choices: str) -> fields.String:
    return fields.String(
        validate=validate.OneOf(choices, error="is “{input}” but has to be one of {choices}")
    )


def _url(*schemes: str) -> fields.String:
    return fields.String(required=True, error_messages=_WORDS, validate=_UrlWith(*schemes))


def _text() -> fields.String:
    return fields.String(
        required=True, error_messages=_WORDS, validate=validate.Length(min=1, error="is empty")
    )


class _SettingsSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    database_url = _url("postgresql+psycopg", "sqlite")
    amqp_uri = _url("amqp", "amqps", "memory")
    public_url = _url("http", "https")
    mail_url = _url("smtp", "smtps", "maildir")
    mail_from = _text()
    mail_password = fields.String()
    session_public_key = _text()
    session_private_key = fields.String()
    secret_key = fields.String(
        required=True,
        error_messages=_WORDS,
        validate=validate.Length(min=16, error="has fewer than 16 characters"),
    )
    data_folder = fields.Function(deserialize=Path)
    embedded = fields.Boolean()
    demo = fields.Boolean()
    product_name = fields.String()
    trusted_proxies = _number(0, 10)
    database_pool_size = _number(1, 500)
    batch_size = _number(1, 5000)
    log_format = _choice("json", "console")
    log_level = _choice("debug", "info", "warning", "error")
    watch_bind = fields.String(validate=_OrNothing(_AddressAndPort()))
    traces_url = fields.String(validate=_OrNothing(_UrlWith("http", "https")))
    company_register_url = fields.String(validate=_OrNothing(_UrlWith("http", "https")))
    openid_issuer = fields.String(validate=_OrNothing(_Issuer()))
    openid_client_id = fields.String()
    openid_client_secret = fields.String()
    openid_name = fields.String(validate=validate.Length(max=60, error="has more than 60 characters"))

    @validates_schema
    def provider_is_complete(self, values: dict[str, Any], **options: Any) -> None:
        """A provider needs all of it; a part of it without the provider is a mistake."""
        given = [name for name in _OPENID if values.get(name)]
        missing = [name for name in _OPENID if not values.get(name)]
        if given and missing:
            named = f"{PREFIX}{given[0].upper()}"
            raise ValidationError({name: [f"is not set, and {named} is"] for name in missing})


def load_settings(service: str, environ: Mapping[str, str], **defaults: Any) -> Settings:
    """The settings of ``service``. Raises BadSettings with one sentence for each wrong setting.

    ``CESAR_<SERVICE>_X`` wins over ``CESAR_X``, so that one environment can serve several services; the
    database's address is always the service's own (``CESAR_ENROLMENT_DATABASE_URL``).
    """
    values = dict(defaults) | given_settings(service, environ)
    try:
        return Settings(**_SettingsSchema().load(values))
    except ValidationError as error:
        raise BadSettings(" ".join(_sentences(error, service))) from error


def given_settings(service: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment and the file say for ``service``, as it is written there. Raises BadSettings."""
    return _from_environment(_from_file(environ) | dict(environ), service)


def _sentences(error: ValidationError, service: str) -> Iterable[str]:
    for name, messages in sorted(error.normalized_messages().items()):
        variable = (
            f"{PREFIX}{service.upper()}_DATABASE_URL" if name == "database_url" else f"{PREFIX}{name.upper()}"
        )
        for message in messages:
            yield f"{variable} {message}."


def _from_file(environ: Mapping[str, str]) -> dict[str, str]:
    name = environ.get(f"{PREFIX}CONFIG")
    if not name:
        return {}
    try:
        settings = tomllib.loads(Path(name).read_text("utf-8"))
        return {f"{PREFIX}{key.upper()}": str(value) for key, value in settings.items()}
    except OSError as error:
        raise BadSettings(f"{PREFIX}CONFIG names {name}, which cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadSettings(f"{PREFIX}CONFIG names {name}, which is not valid TOML: {error}.") from error


def _from_environment(environ: Mapping[str, str], service: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for prefix in (PREFIX, f"{PREFIX}{service.upper()}_"):
        for variable, text in environ.items():
            if variable.startswith(prefix):
                name = variable.removeprefix(prefix)
                if name.endswith("_FILE"):
                    name, text = name.removesuffix("_FILE"), _secret(variable, text)
                values[name.lower()] = text
    return values


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise BadSettings(f"{variable} names {path}, which cannot be read: {error.strerror}.") from error
