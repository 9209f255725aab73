"""The application factory: one Flask application per service, all with the same manners."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import flask_smorest
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from services.chassis.web.access import access_table, guard
from services.chassis.web.api.audit import audit_api
from services.chassis.web.api.operations import operations_api
from services.chassis.web.assets import install_assets
from services.chassis.web.asyncapi import asyncapi
from services.chassis.web.audit import install_audit
from services.chassis.web.audit_pages import audit_log
from services.chassis.web.compression import compress
from services.chassis.web.cross_origin import refuse_cross_origin
from services.chassis.web.headers import add_security_headers
from services.chassis.web.health import health
from services.chassis.web.host import Host, OwnOperations, WebRuntime, WebService, install_host
from services.chassis.web.i18n import install_languages
from services.chassis.web.idempotency import install_idempotency
from services.chassis.web.json_bodies import refuse_unstorable_text
from services.chassis.web.metrics import install_metrics
from services.chassis.web.openapi import install_api
from services.chassis.web.operations import operations
from services.chassis.web.privacy import privacy
from services.chassis.web.problems import install_problems
from services.chassis.web.request_context import install_request_context
from services.chassis.web.session import install_sessions
from services.chassis.web.templating import Navigation, NavigationItem, prepare_templates

__all__ = ["NavigationItem", "create_app"]

LARGEST_REQUEST = 25 * 1024 * 1024  # bytes: a scanned proof with room to spare
_CHASSIS = Path(__file__).resolve().parent.parent


def create_app(
    service: WebService,
    runtime: WebRuntime,
    blueprints: Sequence[Blueprint],
    *,
    navigation: Navigation = lambda person: [],
    root_blueprints: Sequence[Blueprint] = (),
    api_title: str | None = None,
    api_version: str = "1",
    own_operations: OwnOperations | None = None,
    folder: Path | None = None,
) -> Flask:
    """The web application of a service.

    Pages are registered below the service's prefix, flask-smorest blueprints below ``<prefix>/api``;
    ``root_blueprints`` keep the addresses that they name themselves. ``own_operations`` is what the service
    adds to the operator's page. ``folder`` is the service's package folder, with ``web/templates``,
    ``web/static`` and ``translations``; by default ``services.<name>``.

    Raises UnprotectedViews when a view has neither ``@requires`` nor ``@public``.
    """
    host = Host(service, runtime, own_operations)
    folders = [path for path in (folder or _package_folder(service.name), _CHASSIS) if path is not None]
    app = _bare_application(host, folders)
    install_host(app, host)
    static_url = install_assets(app, host.prefix, [path / "web" / "static" for path in folders])
    templates = [path / "web" / "templates" for path in folders]
    prepare_templates(app, host.settings, templates, navigation, static_url)

    app.after_request(compress)  # the first to be named is the last to be called
    install_request_context(app)
    app.before_request(refuse_cross_origin)
    app.before_request(guard)
    app.before_request(refuse_unstorable_text)
    install_sessions(app)
    install_audit(app)
    install_languages(app, *(path / "translations" for path in folders))
    install_problems(app)
    app.after_request(add_security_headers)
    install_metrics(app, host)

    api = install_api(
        app, host.prefix, api_title or f"{host.settings.product_name}: {service.name}", api_version
    )
    own = (health, operations, operations_api, privacy, audit_log, audit_api, asyncapi)
    for blueprint in (*own, *blueprints):
        if isinstance(blueprint, flask_smorest.Blueprint):
            api.register_blueprint(blueprint, url_prefix=f"{host.prefix}/api{blueprint.url_prefix or ''}")
        else:
            app.register_blueprint(blueprint, url_prefix=f"{host.prefix}{blueprint.url_prefix or ''}" or None)
    for blueprint in root_blueprints:
        app.register_blueprint(blueprint)

    install_idempotency(app, host.prefix)
    access_table(app)
    if host.settings.trusted_proxies > 0:
        hops = host.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _bare_application(host: Host, folders: Sequence[Path]) -> Flask:
    app = Flask(
        f"cesar.{host.service.name}", static_folder=None, template_folder=None, root_path=str(folders[0])
    )
    app.config.update(
        SECRET_KEY=host.settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        # Flask's own session carries messages from one page to the next, nothing else.
        SESSION_COOKIE_NAME="cesar_messages",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=host.over_https,
    )
    return app


def _package_folder(service_name: str) -> Path | None:
    spec = find_spec(f"services.{service_name}")
    return Path(spec.origin).resolve().parent if spec is not None and spec.origin else None
