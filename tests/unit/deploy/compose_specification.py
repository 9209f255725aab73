"""The part of the Compose Specification that a stack of ours may use, strictly: no other key, no other form.

Source: the Compose Specification (services, networks, volumes, configs, secrets, deploy).
"""

from typing import Any

from marshmallow import Schema, fields, validate

_Duration = fields.String(validate=validate.Regexp(r"(\d+(\.\d+)?(us|ms|s|m|h))+$"))
_Name = validate.Regexp(r"[a-zA-Z0-9._-]+$")
_Words = fields.List(fields.String(), validate=validate.Length(min=1))


class _Mount(Schema):
    source = fields.String(required=True)
    target = fields.String(required=True, validate=validate.Regexp(r"/"))


class _Volume(Schema):
    type = fields.String(required=True, validate=validate.OneOf(["volume", "bind", "tmpfs"]))
    source = fields.String(required=True)
    target = fields.String(required=True, validate=validate.Regexp(r"/"))


class _Port(Schema):
    target = fields.Integer(required=True, strict=True, validate=validate.Range(1, 65535))
    published = fields.String(required=True, validate=validate.Regexp(r"\d+$"))
    protocol = fields.String(validate=validate.OneOf(["tcp", "udp"]))
    mode = fields.String(validate=validate.OneOf(["host", "ingress"]))


class _Attachment(Schema):
    aliases = _Words


class _Health(Schema):
    test = fields.List(fields.String(), required=True, validate=validate.Length(min=2))
    interval = _Duration
    timeout = _Duration
    start_period = _Duration
    retries = fields.Integer(strict=True)


class _Condition(Schema):
    condition = fields.String(
        required=True,
        validate=validate.OneOf(["service_started", "service_healthy", "service_completed_successfully"]),
    )


class _Limits(Schema):
    memory = fields.String(validate=validate.Regexp(r"\d+(b|k|kb|m|mb|g|gb)?$"))


class _Resources(Schema):
    limits = fields.Nested(_Limits)


class _Deploy(Schema):
    replicas = fields.Integer(strict=True, validate=validate.Range(min=0))
    resources = fields.Nested(_Resources)


class _Service(Schema):
    image = fields.String(required=True)
    entrypoint = _Words
    command = _Words
    environment = fields.Dict(keys=fields.String(), values=fields.String())
    secrets = fields.List(fields.Nested(_Mount))
    configs = fields.List(fields.Nested(_Mount))
    networks = fields.Dict(keys=fields.String(), values=fields.Nested(_Attachment))
    ports = fields.List(fields.Nested(_Port))
    volumes = fields.List(fields.Nested(_Volume))
    tmpfs = fields.List(fields.String(validate=validate.Regexp(r"/")))
    user = fields.String()
    hostname = fields.String()
    read_only = fields.Boolean(truthy={True}, falsy={False})
    init = fields.Boolean(truthy={True}, falsy={False})
    healthcheck = fields.Nested(_Health)
    restart = fields.String(validate=validate.OneOf(["no", "always", "on-failure", "unless-stopped"]))
    stop_grace_period = _Duration
    stop_signal = fields.String(validate=validate.Regexp(r"SIG[A-Z]+$"))
    depends_on = fields.Dict(keys=fields.String(), values=fields.Nested(_Condition))
    deploy = fields.Nested(_Deploy)


class _Network(Schema):
    internal = fields.Boolean(truthy={True}, falsy={False})


class _File(Schema):
    file = fields.String(required=True, validate=validate.Regexp(r"\./"))


class _Project(Schema):
    name = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9][a-z0-9_-]*$"))
    services = fields.Dict(keys=fields.String(validate=_Name), values=fields.Nested(_Service), required=True)
    networks = fields.Dict(keys=fields.String(validate=_Name), values=fields.Nested(_Network))
    volumes = fields.Dict(keys=fields.String(validate=_Name), values=fields.Dict(validate=validate.Equal({})))
    configs = fields.Dict(keys=fields.String(validate=_Name), values=fields.Nested(_File))
    secrets = fields.Dict(keys=fields.String(validate=_Name), values=fields.Nested(_File))


def check(document: dict[str, Any]) -> None:
    """Raises ValidationError when a key is unknown or has another form, AssertionError for a loose end."""
    _Project().load(document)
    for name, service in document["services"].items():
        for kind in ("secrets", "configs"):
            assert {mount["source"] for mount in service.get(kind, [])} <= document[kind].keys(), name
        assert service.get("networks", {}).keys() <= document["networks"].keys(), name
        volumes = {mount["source"] for mount in service.get("volumes", []) if mount["type"] == "volume"}
        assert volumes <= document["volumes"].keys(), name
        for before, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in document["services"][before], (name, before)
