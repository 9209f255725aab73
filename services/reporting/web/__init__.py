"""Reporting's web application: the dashboard, the indicators with their facts, and the same for programs."""

from __future__ import annotations

from flask import Flask

from services.chassis.service import Runtime
from services.chassis.web import application
from services.chassis.web.menu import main_menu
from services.reporting.service import SERVICE
from services.reporting.web import api, dashboard, indicators


def create_app(runtime: Runtime) -> Flask:
    """The application that serves ``runtime``."""
    return application.create_app(
        SERVICE,
        runtime,
        [dashboard.pages, indicators.pages, api.indicators_api],
        navigation=main_menu,
    )
