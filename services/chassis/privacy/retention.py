"""How long data are kept: periods as dated data, what has outlived them, and the daily run that ends it.

A rule removes the rows of a table, or calls what the service has for it; what is removed is no longer needed
for anything, and figures never depend on it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import ColumnElement, MetaData, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.messages import outbox, retention_run
from services.chassis.privacy.holdings import BadDeclaration
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork

_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Period:
    """How long, from a day on, and who says so. With negative ``days``, so long before the months end."""

    valid_from: date
    months: int
    days: int
    source: str

    def before(self, now: datetime) -> datetime:
        """What is older than this has outlived the period."""
        return _months_before(now, self.months) - timedelta(days=self.days)


@dataclass(frozen=True)
class Rule:
    """What goes when. ``table`` and ``since`` say of which rows and from when on; or ``action`` names it."""

    key: str
    title: str
    periods: tuple[Period, ...]
    table: str | None = None
    since: str | None = None
    where: Mapping[str, Sequence[Any]] | None = None
    action: str | None = None

    def period(self, today: date) -> Period:
        return max(
            (each for each in self.periods if each.valid_from <= today), key=lambda each: each.valid_from
        )


@dataclass(frozen=True)
class Outlived:
    """A service's own way of ending something: how much is due before an instant, and doing it.

    ``end`` returns how many rows, or people, it concerned.
    """

    count: Callable[[Session, datetime], int]
    end: Callable[[UnitOfWork, datetime], int]


@dataclass(frozen=True)
class RuleState:
    """A rule with what the next run will do and what the last one did."""

    rule: Rule
    period: Period
    due: int
    last_run: datetime | None
    last_concerned: int | None


class _PeriodSchema(Schema):
    valid_from = fields.Date(required=True)
    months = fields.Integer(load_default=0)
    days = fields.Integer(load_default=0)
    source = fields.String(required=True)


class _RuleSchema(Schema):
    key = fields.String(required=True)
    title = fields.String(required=True)
    table = fields.String()
    since = fields.String()
    where = fields.Dict(fields.String(), fields.List(fields.Raw()))
    action = fields.String()
    periods = fields.List(fields.Nested(_PeriodSchema), required=True, validate=validate.Length(min=1))


class _FileSchema(Schema):
    rules = fields.List(fields.Nested(_RuleSchema), required=True)


_EVERYBODYS = Path(__file__).with_name("retention.yaml")


@cache
def rules_of(service: str) -> tuple[Rule, ...]:
    """The rules of the service's file, and those of the messaging. Raises BadDeclaration."""
    own = Path(__file__).parents[2] / service / "data" / "retention.yaml"
    return tuple(rule for path in (own, _EVERYBODYS) if path.exists() for rule in _read(path))


def state_of(runtime: Runtime) -> list[RuleState]:
    """What the next run will do and the last one did. Nothing is changed."""
    now = runtime.clock()
    with runtime.read() as session:
        return [_state(runtime, rule, session, now) for rule in rules_of(runtime.service.name)]


def run_daily(runtime: Runtime) -> None:
    """Carry the rules out, unless it has been done today. Called by the clock of one process."""
    today = runtime.clock().astimezone(_PARIS).date()
    with runtime.read() as session:
        last = session.scalar(select(func.max(retention_run.c.ran_at)))
    if last is None or last.astimezone(_PARIS).date() < today:
        run(runtime)


def run(runtime: Runtime) -> dict[str, int]:
    """Carry every rule out, each in its own transaction; how much each concerned."""
    return {rule.key: _carry_out(runtime, rule) for rule in rules_of(runtime.service.name)}


def _carry_out(runtime: Runtime, rule: Rule) -> int:
    with runtime.unit_of_work() as unit_of_work:
        before = rule.period(_day(unit_of_work.now)).before(unit_of_work.now)
        # First the run and then what it ends: the database lets entries of the audit log go by a run alone.
        this = {"rule": rule.key, "ran_at": unit_of_work.now}
        values = {**this, "before": before, "concerned": 0}
        unit_of_work.session.execute(insert(retention_run).values(values))
        own = _outlived(runtime, rule)
        if own is not None:
            concerned = own.end(unit_of_work, before)
        else:
            table, condition = _rows(runtime.service.metadata, rule, before)
            concerned = unit_of_work.session.execute(delete(table).where(condition)).rowcount  # type: ignore[attr-defined]
        ran = [retention_run.c[name] == value for name, value in this.items()]
        unit_of_work.session.execute(update(retention_run).where(*ran).values(concerned=concerned))
    return concerned


def _state(runtime: Runtime, rule: Rule, session: Session, now: datetime) -> RuleState:
    period = rule.period(_day(now))
    own = _outlived(runtime, rule)
    if own is not None:
        due = own.count(session, period.before(now))
    else:
        table, condition = _rows(runtime.service.metadata, rule, period.before(now))
        due = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
    runs = select(retention_run.c.ran_at, retention_run.c.concerned).where(retention_run.c.rule == rule.key)
    last = session.execute(runs.order_by(retention_run.c.ran_at.desc()).limit(1)).one_or_none()
    return RuleState(rule, period, due, last.ran_at if last else None, last.concerned if last else None)


def _rows(metadata: MetaData, rule: Rule, before: datetime) -> tuple[Table, ColumnElement[bool]]:
    if rule.table is None or rule.since is None:
        raise BadDeclaration(f"{rule.key} has neither an action nor a table and since when.")
    table = metadata.tables[rule.table]
    condition: ColumnElement[bool] = table.c[rule.since] < before
    for column, values in (rule.where or {}).items():
        condition = condition & table.c[column].in_(values)
    return table, condition


def _outlived(runtime: Runtime, rule: Rule) -> Outlived | None:
    if rule.action is None:
        return None
    return {**runtime.service.outlived, "sealed-pieces": _SEALED_PIECES}[rule.action]


def _read(path: Path) -> list[Rule]:
    try:
        document = _FileSchema().load(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadDeclaration(f"{path.name}: {error}") from error
    return [
        Rule(**{**said, "periods": tuple(Period(**period) for period in said["periods"])})
        for said in document["rules"]
    ]


def _months_before(instant: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier; the month's last day where it has no such day."""
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


def _day(now: datetime) -> date:
    return now.astimezone(_PARIS).date()


def _pieces(before: datetime) -> ColumnElement[bool]:
    return outbox.c.type.like("%.person_data.collected") & (outbox.c.published_at < before)


# Nobody can read them any more: their key is gone. No read model is made of them.
_SEALED_PIECES = Outlived(
    count=lambda session, before: (
        session.scalar(select(func.count()).select_from(outbox).where(_pieces(before))) or 0
    ),
    end=lambda work, before: work.session.execute(delete(outbox).where(_pieces(before))).rowcount,  # type: ignore[attr-defined]
)
