from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import flask_babel
import pytest
from flask import Flask, render_template_string

from tests.unit.chassis.web.world import build

NARROW, WIDE = "\u202f", "\u00a0"
WINTER = datetime(2026, 11, 23, 13, 32, tzinfo=UTC)
SUMMER = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)


@pytest.fixture
def app() -> Iterator[Flask]:
    app = build()
    with app.test_request_context("/orchard/"):
        yield app


def shown(value: Any, use: str) -> str:
    return render_template_string("{{ value|" + use + " }}", value=value)


@pytest.mark.parametrize(
    ("value", "use", "french", "english"),
    [
        (date(2026, 11, 23), "date", "23 novembre 2026", "November 23, 2026"),
        (SUMMER, "date", "15 juillet 2026", "July 15, 2026"),
        (date(2026, 2, 3), "short_date", "03/02/2026", "03/02/2026"),
        (WINTER, "time", "14:32", "14:32"),
        (SUMMER, "time", "00:30", "00:30"),
        (time(9, 5), "time", "09:05", "09:05"),
        (WINTER, "datetime", "23 novembre 2026 à 14:32", "23 November 2026 at 14:32"),
        (WINTER.replace(tzinfo=None), "datetime", "23 novembre 2026 à 14:32", "23 November 2026 at 14:32"),
        (409000, "money", f"409{NARROW}000{WIDE}€", "€409,000"),
        ("409000.00", "money", f"409{NARROW}000{WIDE}€", "€409,000"),
        (Decimal("12.5"), "money", f"12,50{WIDE}€", "€12.50"),
        (Decimal("-0.05"), "money", f"-0,05{WIDE}€", "-€0.05"),
        (1234567.5, "number", f"1{NARROW}234{NARROW}567,5", "1,234,567.5"),
        (2, "number(1)", "2,0", "2.0"),
        (2.6, "number(0)", "3", "3"),
        (0.42, "percent", f"42{WIDE}%", "42%"),
        (Decimal("0.4256"), "percent(1)", f"42,6{WIDE}%", "42.6%"),
    ],
)
def test_values_are_written_as_people_of_the_language_write_them(
    app: Flask, value: Any, use: str, french: str, english: str
) -> None:
    assert shown(value, use) == french
    with flask_babel.force_locale("en"):
        assert shown(value, use) == english


@pytest.mark.parametrize("use", ["date", "short_date", "time", "datetime", "money", "number", "percent"])
def test_what_is_not_known_is_shown_as_a_dash(app: Flask, use: str) -> None:
    assert shown(None, use) == "–"
