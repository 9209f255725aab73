"""The audit log: who did what, when, to what and from where; in each service, of what people change there.

Nobody has to think of it. While a person's request is at work (``audited``), the unit of work writes an entry
for each event that it records, in the same transaction; the web application adds what needed none, what was
refused and what was taken away as a file (``services.chassis.web.audit``). Entries are only ever
added, and removed when they have outlived their period (``privacy/retention.yaml``); the database itself
refuses anything else (``migrations/audit_guard.py``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.chassis.context import current_context
from services.chassis.events import Event
from services.chassis.messages import audit_entry

DONE, REFUSED = "done", "refused"
BY_ITSELF = "system"
"""Stands for the role where nobody did it."""
_BY_ITSELF = {
    "person_id": None,
    "person_name": "Cesar",
    "role": BY_ITSELF,
    "organisation_id": None,
    "address": None,
}


@dataclass
class Origin:
    """Who is at work, and by which way: an address of the application, or a command of the console.

    ``noted`` becomes true with the first entry that is written for it.
    """

    channel: str
    route: str
    person_id: UUID | None = None
    name: str | None = None
    role: str | None = None
    organisation_id: UUID | None = None
    programme: str | None = None
    subject: UUID | None = None
    address: str | None = None
    noted: bool = field(default=False, compare=False)


_current: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


@contextmanager
def audited(origin: Origin) -> Iterator[Origin]:
    """What is changed within the block is this person's doing."""
    token = _current.set(origin)
    try:
        yield origin
    finally:
        _current.reset(token)


def note_work(
    session: Session, events: Iterable[Event], now: datetime, by_itself: Collection[UUID] = ()
) -> None:
    """An entry for each event that somebody at work has brought about, or one for work that records none.

    ``by_itself`` are the ids of those that followed from it by a rule: they are nobody's doing. What happens
    by timers and reactions leaves no entry.
    """
    origin = _current.get()
    if origin is None:
        return
    entries = [
        _entry(origin, event.type, DONE, now)
        | {"subject": event.subject, "programme": _programme(event.data) or origin.programme}
        | (_BY_ITSELF if event.id in by_itself else {})
        for event in events
    ]
    if entries:
        session.execute(insert(audit_entry), entries)
        origin.noted = True
    elif not origin.noted:
        note(session, origin, origin.route, DONE, now)


def note(session: Session, origin: Origin, action: str, outcome: str, now: datetime) -> None:
    """One entry for what was done by this way, whatever came of it."""
    session.execute(insert(audit_entry), _entry(origin, action, outcome, now))
    origin.noted = True


def shortened(address: str | None) -> str | None:
    """An IP address without what tells one household from the next: /24 of IPv4, /48 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    network = ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False)
    return str(network.network_address)


def _entry(origin: Origin, action: str, outcome: str, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "person_id": origin.person_id,
        "person_name": origin.name,
        "role": origin.role,
        "organisation_id": origin.organisation_id,
        "programme": origin.programme,
        "channel": origin.channel,
        "route": origin.route[:200],
        "action": action[:120],
        "subject": origin.subject,
        "outcome": outcome,
        "address": origin.address,
        "correlation_id": current_context().correlation_id,
    }


def _programme(data: Mapping[str, Any]) -> str | None:
    found = data.get("programme")
    return found if isinstance(found, str) else None
