"""Assessment's web application: the pages of suppliers, advisers and buyers, and the JSON API."""

from __future__ import annotations

from flask import Flask

from services.assessment.service import SERVICE
from services.assessment.web import api
from services.assessment.web.pages import home, proofs, questionnaire, result, reviews, shared, sharing
from services.chassis.service import Runtime
from services.chassis.web import application
from services.chassis.web.menu import main_menu


def create_app(runtime: Runtime) -> Flask:
    """The application that serves ``runtime``."""
    return application.create_app(
        SERVICE,
        runtime,
        [
            home.pages,
            questionnaire.pages,
            proofs.pages,
            result.pages,
            sharing.pages,
            reviews.pages,
            shared.pages,
            *api.blueprints,
        ],
        navigation=main_menu,
    )
