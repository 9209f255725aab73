"""Templates: what every page can use, and no tolerance for names that do not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from services.chassis.uploads import LARGEST_UPLOAD
from services.chassis.web.formatting import FILTERS
from services.chassis.web.host import WebSettings
from services.chassis.web.i18n import LOCALES, current_locale, locale_switch_url
from services.chassis.web.identity import Identity
from services.chassis.web.session import current_person


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the main menu. The chassis sets ``current``: the person is on that page or below it."""

    label: str
    href: str
    current: bool = False


Navigation = Callable[[Identity | None], Sequence[NavigationItem]]


class Missing(StrictUndefined):
    """A name that does not exist is an error, with one exception: whether a mapping has a key may be asked.

    ``{% if errors.siret %}`` is false without that key; ``{{ errors.siret }}`` fails, and so does a misspelt
    variable or attribute.
    """

    def __bool__(self) -> bool:  # type: ignore[override]
        if isinstance(self._undefined_obj, Mapping):
            return False
        return super().__bool__()


def prepare_templates(
    app: Flask,
    settings: WebSettings,
    folders: Sequence[Path],
    navigation: Navigation,
    static_url: Callable[[str], str],
) -> None:
    """Let the application find its templates in these folders, the first that has one winning."""
    app.jinja_options = {
        "autoescape": True,
        "undefined": Missing,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        static_url=static_url,
        locale_switch_url=locale_switch_url,
        locales=LOCALES,
        product_name=settings.product_name,
        embedded=settings.embedded,
        largest_request=app.config["MAX_CONTENT_LENGTH"],
        largest_upload=LARGEST_UPLOAD,
    )

    @app.context_processor
    def page_context() -> dict[str, Any]:
        person = current_person()
        return {
            "person": person,
            "navigation": mark_current(navigation(person), request.path),
            "locale": current_locale(),
        }


def mark_current(items: Sequence[NavigationItem], path: str) -> list[NavigationItem]:
    """The items, of which the one with the longest address that ``path`` is at or below is current."""

    def leads_to(item: NavigationItem) -> bool:
        below = item.href.rstrip("/") + "/"
        return path == item.href or (below != "/" and path.startswith(below))

    here = max((item.href for item in items if leads_to(item)), key=len, default=None)
    return [replace(item, current=item.href == here) for item in items]
