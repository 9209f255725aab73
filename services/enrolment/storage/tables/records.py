"""Small records that are read and written as a whole, with what they belong to: a JSON list in a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

Record = TypeVar("Record")


class Records(TypeDecorator[tuple[Record, ...]], Generic[Record]):
    """A tuple of frozen dataclasses. ``read`` makes one from what was stored of it."""

    impl = JSON
    cache_ok = True

    def __init__(self, read: Callable[[Mapping[str, Any]], Record]) -> None:
        super().__init__()
        self.read = read

    def process_bind_param(self, value: tuple[Record, ...] | None, dialect: Dialect) -> Any:
        return [
            {name: _stored(part) for name, part in asdict(record).items()}  # type: ignore[call-overload]
            for record in value or ()
        ]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Record, ...]:
        return tuple(self.read(stored) for stored in value or ())


def _stored(part: Any) -> Any:
    if isinstance(part, date):
        return part.isoformat()
    if isinstance(part, Decimal):
        return str(part)
    return part.value if isinstance(part, StrEnum) else part
