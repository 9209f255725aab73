"""Settings of commands that look at a service from outside: from the environment, or the embedded ones."""

from __future__ import annotations

import os
from pathlib import Path

from services.chassis.service import Runtime
from services.chassis.settings import BadSettings, Settings, load_settings
from services.console.data_folder import embedded_settings
from services.console.installed import UnknownService, load_service
from services.console.output import fail


def command_settings(service: str) -> Settings:
    """Raises BadSettings. With no database named and a data folder there, the embedded product is meant."""
    folder = Path(os.environ.get("CESAR_DATA") or os.environ.get("DATA") or "var")
    is_named = any(f"CESAR_{service.upper()}_DATABASE_URL{suffix}" in os.environ for suffix in ("", "_FILE"))
    if not is_named and not os.environ.get("CESAR_CONFIG") and (folder / f"{service}.db").exists():
        return embedded_settings(service, folder.resolve(), 8000, demo=False)
    return load_settings(service, os.environ)


def command_runtime(service: str) -> Runtime:
    """The runtime of a service for one command. Ends the command with a sentence when there is none."""
    try:
        return Runtime.start(load_service(service), command_settings(service))
    except (BadSettings, UnknownService) as error:
        fail(str(error))
