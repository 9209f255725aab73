"""Changing one setting in the text of ``cesar.toml``, which keeps its comments and its order."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.items import Table

from deploy.installation.model import BadInstallation


def write_service_setting(file: Path, service: str, setting: str, value: int | str | None) -> None:
    """Change a service's setting in the file. Raises BadInstallation when it cannot be written."""
    try:
        text = with_service_setting(file.read_text("utf-8"), service, setting, value)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise BadInstallation(
            f"{file} cannot be written: {error.strerror}. Set services.{service}.{setting} in it yourself, "
            "or the next “cesar deploy up” goes back to what it says."
        ) from error


def with_service_setting(text: str, service: str, setting: str, value: int | str | None) -> str:
    """The text of a file in which a service has this setting; None takes it out."""
    document = tomlkit.parse(text)
    services = _table(document, "services", tomlkit.table(is_super_table=True))
    settings = _table(services, service, tomlkit.table())
    if value is None:
        settings.pop(setting, None)
    elif setting in settings or not isinstance(settings, Table):
        settings[setting] = value
    else:
        _append(settings, setting, value)
    return tomlkit.dumps(document)


def _table(parent: MutableMapping[str, Any], name: str, empty: Any) -> MutableMapping[str, Any]:
    """The table of this name; ``empty`` becomes it where there is none."""
    if name not in parent:
        parent[name] = empty
    return cast("MutableMapping[str, Any]", parent[name])


def _append(table: Table, setting: str, value: int | str) -> None:
    """Add it behind the last setting: the comments and empty lines at the end belong to what follows."""
    body, end = table.value.body, []
    while body and body[-1][0] is None:
        end.append(body.pop())
    table[setting] = value
    body.extend(reversed(end))
