"""The services that are installed here: all of them in the embedded product, one in a service's image."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from flask import Flask

    from services.chassis.service import Runtime, Service

NAMES = ("enrolment", "assessment", "notifications", "reporting")


class UnknownService(ValueError):
    """There is no such service, or not in this installation."""


def installed_names() -> tuple[str, ...]:
    return tuple(name for name in NAMES if find_spec(f"services.{name}") is not None)


def load_service(name: str) -> Service:
    """The declaration of a service. Raises UnknownService."""
    if name not in installed_names():
        raise UnknownService(f"There is no service “{name}” here. There is: {', '.join(installed_names())}.")
    return cast("Service", import_module(f"services.{name}.service").SERVICE)


def load_web(service: Service) -> Callable[[Runtime], Flask]:
    """What makes the service's web application."""
    return cast("Callable[[Runtime], Flask]", import_module(f"services.{service.name}.web").create_app)


def load_worker(service: Service) -> type:
    """The service's nameko class."""
    module = import_module(f"services.{service.name}.worker")
    return cast(type, getattr(module, f"{service.name.capitalize()}Worker"))
