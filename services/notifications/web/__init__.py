"""Notifications' web application: what became of each message, preferences, the demonstration's mailbox."""

from __future__ import annotations

from flask import Flask

from services.chassis.service import Runtime
from services.chassis.web import application
from services.chassis.web.host import OwnOperations
from services.chassis.web.menu import main_menu
from services.notifications.delivery import transport_for
from services.notifications.delivery.maildir import MaildirTransport
from services.notifications.service import SERVICE
from services.notifications.storage.post import post
from services.notifications.web import api
from services.notifications.web.pages import mailbox, messages, preferences


def create_app(runtime: Runtime) -> Flask:
    """The application that serves ``runtime``.

    Anyone can read the mailbox, so that only the embedded product has it.
    """
    settings = runtime.settings
    has_mailbox = settings.embedded and isinstance(transport_for(settings.mail_url), MaildirTransport)
    return application.create_app(
        SERVICE,
        runtime,
        [messages.pages, preferences.pages, *api.blueprints],
        navigation=main_menu,
        root_blueprints=[mailbox.pages] if has_mailbox else [],
        own_operations=OwnOperations("own_operations.html", post),
    )
