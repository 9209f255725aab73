"""Dates, times, amounts and figures as people of France write them; the filters of every template.

Instants are shown in the time of Europe/Paris. A value that is not known is shown as a dash.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import flask_babel
from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent

UNKNOWN = "–"
Number = int | float | Decimal | str


def format_date(value: date | datetime | None) -> str:
    """``23 novembre 2026``; of an instant, the day in Paris."""
    return UNKNOWN if value is None else str(flask_babel.format_date(value, "long"))


def format_weekday(value: date | datetime | None) -> str:
    """``lundi 23 novembre 2026``."""
    return UNKNOWN if value is None else str(flask_babel.format_date(value, "full"))


def format_weekday_name(value: date) -> str:
    """``lun.``"""
    return str(flask_babel.format_date(value, "EEE"))


def format_month(value: date) -> str:
    """``novembre 2026``."""
    return str(flask_babel.format_date(value, "LLLL yyyy"))


def format_short_date(value: date | datetime | None) -> str:
    """``23/11/2026``: for columns of tables."""
    if value is None:
        return UNKNOWN
    return str(flask_babel.format_date(value, "dd/MM/yyyy"))


def format_time(value: datetime | time | None) -> str:
    """``14:32``."""
    if value is None:
        return UNKNOWN
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(flask_babel.format_datetime(value, "HH:mm"))


def format_instant(value: datetime | None) -> str:
    """``23 novembre 2026 à 14:32``."""
    if value is None:
        return UNKNOWN
    joined = "d MMMM yyyy 'à' HH:mm" if _locale().language == "fr" else "d MMMM yyyy 'at' HH:mm"
    return str(flask_babel.format_datetime(value, joined))


def format_money(value: Number | None, currency: str = "EUR") -> str:
    """``409 000 €``, ``12,50 €``: cents only where there are some. Text is read as a decimal number."""
    if value is None:
        return UNKNOWN
    amount, locale = Decimal(str(value)), _locale()
    pattern = locale.currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)


def format_number(value: Number | None, decimals: int | None = None) -> str:
    """``1 234,5``; ``decimals`` rounds to that many places and shows them all."""
    if value is None:
        return UNKNOWN
    pattern = None if decimals is None else "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(Decimal(str(value)), format=pattern, locale=_locale())


def format_share(value: Number | None, decimals: int = 0) -> str:
    """A share from 0 to 1 as ``42 %``."""
    if value is None:
        return UNKNOWN
    locale = _locale()
    pattern = locale.percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("#,##0", "#,##0." + "0" * decimals)
    return format_percent(Decimal(str(value)), format=pattern, locale=locale)


FILTERS: dict[str, Callable[..., Any]] = {
    "date": format_date,
    "short_date": format_short_date,
    "weekday": format_weekday,
    "weekday_name": format_weekday_name,
    "month": format_month,
    "time": format_time,
    "datetime": format_instant,
    "money": format_money,
    "number": format_number,
    "percent": format_share,
}


def _locale() -> Locale:
    locale: Locale = flask_babel.get_locale() or Locale("fr")
    return locale
