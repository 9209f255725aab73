"""A workflow says, as data: when this happens, after that delay, if that holds, write to those people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.notifications.domain.calendar import Delay


class Kind(StrEnum):
    """Whether the recipient is waiting for the mail.

    ``TRANSACTIONAL``: the recipient has asked for it or done something a moment ago that it answers (the
    sign-in link, a receipt). It leaves at any hour, is not counted against the weekly limit and cannot be
    unsubscribed from.
    ``COMMITMENT``: what the recipient counts on has changed, or a time limit runs for them (a workshop moved,
    a place offered). Who does not read it acts wrongly, so it is not counted and cannot be unsubscribed from
    either; but they do not wait for it, so it keeps the office hours.
    ``PROGRAMME``: everything else.
    """

    TRANSACTIONAL = "transactional"
    COMMITMENT = "commitment"
    PROGRAMME = "programme"


class Importance(StrEnum):
    """Which part of the weekly limit a programme mail may use: the last place is kept for ``HIGH``."""

    NORMAL = "normal"
    HIGH = "high"


class CalendarFile(StrEnum):
    """What the calendar file of a mail asks for: note the meeting, or take it out."""

    REQUEST = "request"
    CANCEL = "cancel"


class OncePer(StrEnum):
    """What makes two triggers the same occasion: the event itself, or the thing that the event is about."""

    EVENT = "event"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Condition:
    """A field of an event's data has one of the allowed values. ``a.b`` is the field ``b`` inside ``a``."""

    field: str
    allowed: tuple[Any, ...]

    def holds(self, data: Mapping[str, Any]) -> bool:
        return field_of(data, self.field) in self.allowed


@dataclass(frozen=True)
class Audience:
    """Who receives: the one person that the event names, or everybody with a role.

    ``contact`` is the path of a person, or of a list of people, in the event's data (``""`` for the data
    themselves). Otherwise
    ``role`` is looked up among the people of the event's programme, and if ``organisation`` is set only
    those of the organisation whose id that field of the event's data holds.
    """

    contact: str | None = None
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """One workflow. ``key`` is its stable name and its template's, ``label`` its name by locale.

    It is due ``after`` one of its ``triggers``; or, if it has a ``moment``, ``before`` the instant that this
    field of the event's data holds. ``calendar`` says that a calendar file goes with it, and what for.
    ``when`` is checked once, on the event that triggers it. ``only_while`` is checked until the message
    leaves, on the latest known state of what the event was about: a reminder stops when its reason is gone.
    ``link`` is where the message's main button leads: a path of this site or the name of a field that holds
    an address. ``secret_link`` says that whoever has the link can act as the recipient, so nobody else may
    see it. ``expires_after`` counts from the moment the message was due.
    """

    key: str
    label: Mapping[str, str]
    triggers: tuple[str, ...]
    audiences: tuple[Audience, ...]
    link: str
    expires_after: Delay
    kind: Kind = Kind.PROGRAMME
    importance: Importance = Importance.NORMAL
    after: Delay = field(default_factory=Delay)
    before: Delay = field(default_factory=Delay)
    moment: str | None = None
    calendar: CalendarFile | None = None
    when: tuple[Condition, ...] = ()
    only_while: tuple[Condition, ...] = ()
    once_per: OncePer = OncePer.EVENT
    secret_link: bool = False

    @property
    def is_transactional(self) -> bool:
        return self.kind is Kind.TRANSACTIONAL

    @property
    def is_optional(self) -> bool:
        """Whether its recipient may want none of it, or fewer: the weekly limit counts it."""
        return self.kind is Kind.PROGRAMME

    def starts(self, event_type: str, data: Mapping[str, Any]) -> bool:
        """Whether an event of this type with these data is a reason to write."""
        return event_type in self.triggers and all(condition.holds(data) for condition in self.when)

    def due_at(self, occurred_at: datetime, data: Mapping[str, Any]) -> datetime:
        """When its moment has come, whatever the office hours."""
        if self.moment is None:
            return self.after.after(occurred_at)
        return self.before.before(datetime.fromisoformat(field_of(data, self.moment)))

    def reason_stands(self, state: Mapping[str, Any]) -> bool:
        """Whether the reason to write still stands, given the latest state of what it is about."""
        return all(condition.holds(state) for condition in self.only_while)

    def path(self, data: Mapping[str, Any]) -> str:
        """The target of the main button: an absolute address, or a path that starts with ``/``."""
        if self.link.startswith("/"):
            return self.link.format_map(data)
        return str(field_of(data, self.link) or "/")


@dataclass(frozen=True)
class Workflows:
    """All workflows of one version of the data file, by key and by trigger."""

    version: str
    by_key: Mapping[str, Workflow]

    def __getitem__(self, key: str) -> Workflow:
        return self.by_key[key]

    def get(self, key: str) -> Workflow | None:
        """The workflow, or None for one that an earlier version of the file had."""
        return self.by_key.get(key)

    def started_by(self, event_type: str, data: Mapping[str, Any]) -> list[Workflow]:
        return [workflow for workflow in self.by_key.values() if workflow.starts(event_type, data)]


def field_of(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none. The empty path is the data themselves."""
    value: Any = data
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
