"""What ``cesar.toml`` may say: every setting with its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from deploy.installation import model
from deploy.installation.fields import (
    WORDS,
    Choice,
    Containers,
    HostName,
    MailUrl,
    Megabytes,
    Nodes,
    Number,
    PublicUrl,
    Section,
    Sender,
    Text,
    Truth,
)

# In megabytes. The services take no more at once either (services/chassis/web/application.py).
LARGEST_UPLOAD = 25

_RELEASE = (r"\w[\w.-]{0,127}", "has to be a release, such as 1.2.0")
_WEB_ADDRESS = (r"(https?://[^\s/]+.*)?", "has to start with http:// or https://")
_IMAGE = (r"[a-z0-9]\S*", "has to be the name of an image")


class _Mail(Section):
    builds = model.Mail
    url = MailUrl(required=True)
    sender = Sender(data_key="from", required=True)


class _ServiceSize(Section):
    builds = model.ServiceSize
    web = Containers()
    worker = Containers()
    release = Text(*_RELEASE)


class _Services(Section):
    enrolment = fields.Nested(_ServiceSize)
    assessment = fields.Nested(_ServiceSize)
    notifications = fields.Nested(_ServiceSize)
    reporting = fields.Nested(_ServiceSize)

    @post_load
    def build(self, values: dict[str, Any], **options: Any) -> Mapping[str, model.ServiceSize]:
        return {service: values.get(service, model.ServiceSize()) for service in model.SERVICES}


class _Ports(Section):
    builds = model.Ports
    http = Number(1, 65535)
    https = Number(1, 65535)

    @validates_schema
    def differ(self, values: dict[str, Any], **options: Any) -> None:
        ports = model.Ports(**values)
        if ports.http == ports.https:
            raise ValidationError(f"is {ports.https}, which is ports.http already", "https")


class _Tls(Section):
    builds = model.Tls
    is_given = Truth(data_key="given")


class _Database(Section):
    builds = model.Database
    is_external = Truth(data_key="external")
    memory = Megabytes(128, data_key="memory_megabytes")


class _Broker(Section):
    builds = model.Broker
    nodes = Nodes()
    is_external = Truth(data_key="external")
    memory = Megabytes(256, data_key="memory_megabytes")

    @validates_schema
    def is_here_or_elsewhere(self, values: dict[str, Any], **options: Any) -> None:
        if values.get("is_external") and values.get("nodes", 1) != 1:
            raise ValidationError("is ours to choose only when broker.external is false", "nodes")


class _Limits(Section):
    builds = model.Limits
    requests_per_second = Number(1, 10_000)
    upload = Megabytes(1, LARGEST_UPLOAD, data_key="upload_megabytes")
    memory = Megabytes(256, data_key="memory_megabytes")


class _Places(Section):
    proxy = HostName()
    database = HostName()
    broker = fields.List(
        HostName(), error_messages={"invalid": "has to be a list of machines' host names in brackets"}
    )

    @post_load
    def build(self, values: dict[str, Any], **options: Any) -> model.Places:
        return model.Places(**values | {"broker": tuple(values.get("broker", ()))})


class _Images(Section):
    builds = model.Images
    prefix = Text(r"[a-z0-9][a-z0-9._:/-]*[a-z0-9]", "has to be like registry.example.org/cesar")
    python = Text(*_IMAGE)
    postgres = Text(*_IMAGE)
    rabbitmq = Text(*_IMAGE)
    nginx = Text(*_IMAGE)


class _Registers(Section):
    builds = dict
    company_register_url = Text(*_WEB_ADDRESS, data_key="companies_url")


class _OpenId(Section):
    builds = model.OpenId
    issuer = Text(r"(https://[^\s/]+.*)?", "has to start with https://")
    client_id = Text(r".*")
    name = Text(r".{0,60}", "has to have 60 characters at most")

    @validates_schema
    def is_complete(self, values: dict[str, Any], **options: Any) -> None:
        if values.get("issuer"):
            for needed in ("client_id", "name"):
                if not values.get(needed):
                    raise ValidationError("is not set, and openid.issuer is", needed)


class _Watching(Section):
    builds = dict
    traces_url = Text(*_WEB_ADDRESS)
    log_level = Choice("debug", "info", "warning", "error")


class _Engine(Section):
    builds = dict
    engine_socket = Text(r"/.+", "has to be the full path of Docker's socket", data_key="socket")


class InstallationSchema(Section):
    """The whole file."""

    name = Text(r"[a-z][a-z0-9-]{0,19}", "has to be up to 20 small letters, digits and hyphens")
    public_url = PublicUrl(required=True)
    release = Text(*_RELEASE, required=True)
    product_name = Text()
    mail = fields.Nested(_Mail, required=True, error_messages=WORDS)
    services = fields.Nested(_Services)
    ports = fields.Nested(_Ports)
    tls = fields.Nested(_Tls)
    database = fields.Nested(_Database)
    broker = fields.Nested(_Broker)
    limits = fields.Nested(_Limits)
    places = fields.Nested(_Places)
    images = fields.Nested(_Images)
    registers = fields.Nested(_Registers)
    openid = fields.Nested(_OpenId)
    watching = fields.Nested(_Watching)
    engine = fields.Nested(_Engine)

    @validates_schema(skip_on_field_errors=False)
    def each_node_has_its_machine(self, values: dict[str, Any], **options: Any) -> None:
        broker, places = values.get("broker", model.Broker()), values.get("places", model.Places())
        if isinstance(broker, model.Broker) and isinstance(places, model.Places) and places.broker:
            machines = len(set(places.broker))
            if machines != broker.nodes:
                problem = f"names {machines} machines but broker.nodes is {broker.nodes}"
                raise ValidationError(problem, "places.broker")

    @post_load
    def build(self, values: dict[str, Any], **options: Any) -> model.Installation:
        spread = {
            key: value
            for section in ("registers", "watching", "engine")
            for key, value in values.pop(section, {}).items()
        }
        return model.Installation(**values | spread)
