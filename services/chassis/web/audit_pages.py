"""The audit log of each service: for managers that of their programmes, for operators all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from services.chassis import audit, audit_list
from services.chassis.audit_list import AuditFilter
from services.chassis.model import DomainError
from services.chassis.privacy.retention import rules_of
from services.chassis.web.access import requires
from services.chassis.web.audit_words import action_words, channel_word, outcome_word, role_word
from services.chassis.web.exports import table_response
from services.chassis.web.host import current_host
from services.chassis.web.i18n import N_, gettext
from services.chassis.web.identity import Identity
from services.chassis.web.menu import SERVICES
from services.chassis.web.paging import Page, list_query
from services.chassis.web.prefixes import service_prefix
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import LOCAL_TIME, local_today, reading, runtime

audit_log = Blueprint("audit", __name__)

_MOST_EXPORTED = 100_000
_COLUMNS = (
    "at",
    "person_id",
    "person_name",
    "role",
    "organisation_id",
    "programme",
    "channel",
    "route",
    "action",
    "subject",
    "outcome",
    "address",
    "correlation_id",
)


# Within what a database and the calendar of Paris can count.
_ANY_YEAR = validate.Range(date(2000, 1, 1), date(2100, 12, 31))


class PeriodSchema(Schema):
    """What the address may ask of the log."""

    class Meta:
        unknown = EXCLUDE

    first = fields.Date(data_key="from", load_default=None, validate=_ANY_YEAR)
    last = fields.Date(data_key="to", load_default=None, validate=_ANY_YEAR)
    outcome = fields.String(load_default=None, validate=validate.OneOf([audit.DONE, audit.REFUSED]))


@audit_log.get("/audit")
@requires("manager", "operator")
def entries() -> str:
    query = list_query(audit_list.SORTABLE, default="-at", per_page=50)
    with reading() as session:
        rows, total = audit_list.page(session, entries_asked_for(), query)
        names = _names_of(session, rows)
    name = current_host().service.name
    return render_template(
        "audit.html",
        page=Page(rows, total, query),
        search=query.search,
        first=request.args.get("from", ""),
        last=request.args.get("to", ""),
        outcome=request.args.get("outcome", ""),
        services=[
            {
                "label": gettext(label),
                "href": f"{service_prefix(other)}/audit",
                "current": other == name,
            }
            for other, label in SERVICES.items()
        ],
        months=_kept_months(name),
        names=names,
        action_words=action_words,
        channel_word=channel_word,
        role_word=role_word,
        here=f"{service_prefix(name)}/audit",
    )


@audit_log.get("/audit.<any(csv, xlsx):file_format>")
@requires("manager", "operator")
def export(file_format: str) -> Response:
    """The log as it is filtered: as CSV in the words of the log, for programs; as XLSX in the reader's."""
    query = list_query(audit_list.SORTABLE, default="-at")
    with reading() as session:
        rows = audit_list.everything(session, entries_asked_for(), query, most=_MOST_EXPORTED)
        names = _names_of(session, rows)
    name = f"audit-{current_host().service.name}"
    if file_format == "xlsx":
        return table_response(file_format, name, _header(), (_in_words(row, names) for row in rows))
    return table_response(file_format, name, _COLUMNS, ([row[column] for column in _COLUMNS] for row in rows))


def _names_of(session: Session, rows: Sequence[RowMapping]) -> Mapping[UUID, str]:
    return runtime().service.names(session, {row["subject"] for row in rows if row["subject"]})


def _header() -> list[str]:
    return [
        gettext("When"),
        gettext("Who"),
        gettext("Role"),
        gettext("Programme"),
        gettext("What"),
        gettext("Object"),
        gettext("Outcome"),
        gettext("By which way"),
        gettext("From where"),
        gettext("Request"),
        gettext("Id of the object"),
    ]


def _in_words(row: RowMapping, names: Mapping[UUID, str]) -> tuple[Any, ...]:
    return (
        row["at"],
        row["person_name"],
        role_word(row["role"]),
        row["programme"],
        action_words(row["action"]),
        names.get(row["subject"]),
        outcome_word(row["outcome"]),
        channel_word(row["channel"]),
        row["address"],
        row["route"],
        row["subject"],
    )


def _kept_months(service: str) -> int:
    """For how long entries are kept, by the rule that is valid today."""
    rule = next(each for each in rules_of(service) if each.key == "audit-log")
    return rule.period(local_today()).months


def entries_asked_for() -> AuditFilter:
    """What the reader may see, narrowed down by the address. Raises DomainError with the wrong argument."""
    given = {name: value for name, value in request.args.items() if value}
    try:
        asked = PeriodSchema().load(given)
    except ValidationError as error:
        wrong = next(iter(error.normalized_messages()))
        raise DomainError(N_("“%(value)s” cannot be read here."), field=wrong, value=given[wrong]) from error
    person = signed_in_person()
    return AuditFilter(
        programmes=None if _reads_everything(person) else person.programmes("manager"),
        first=_midnight(asked["first"]),
        last=_midnight(asked["last"] + timedelta(days=1)) if asked["last"] else None,
        outcome=asked["outcome"],
    )


def _reads_everything(person: Identity) -> bool:
    return "operator" in person.roles or any(
        grant.role == "manager" and grant.programme is None for grant in person.grants
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LOCAL_TIME) if day else None
