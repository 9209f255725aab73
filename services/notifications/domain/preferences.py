"""How much one address wants to receive, how much it has received, and the way out without an account."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from services.chassis.model import Aggregate, DomainError, NotFound
from services.notifications.domain.workflow import Importance

MAILS_A_WEEK = 3
"""Programme mails that one address receives at most in any seven days, all causes and the digest included."""

KEPT_FOR_IMPORTANT = 1
"""How many of them only decisions and the digest may use, so that frequent news never block those."""

WEEK = timedelta(days=7)
_NAMESPACE = uuid5(NAMESPACE_URL, "notifications/preferences")


class Choice(StrEnum):
    """What an address wants of programme mails."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Sent:
    """A programme mail that left for an address."""

    message_id: UUID
    at: datetime


@dataclass(eq=False, kw_only=True)
class Preferences(Aggregate):
    """One address: its choice and its recent programme mails. The unit in which the weekly limit is kept."""

    address: str
    choice: Choice = Choice.IMMEDIATE
    recent: list[Sent] = field(default_factory=list)

    @classmethod
    def of(cls, address: str) -> Preferences:
        return cls(id=preferences_id(address), address=normalised(address))

    def choose(self, choice: str) -> None:
        """Raises DomainError for anything that is not a Choice."""
        try:
            self.choice = Choice(choice)
        except ValueError as error:
            raise DomainError("Please choose one of the three ways.", field="choice") from error

    def room_from(self, now: datetime, importance: Importance, *, besides: UUID | None = None) -> datetime:
        """The earliest instant, ``now`` or later, at which one more mail of this importance may leave.

        ``besides`` is a message that is not counted, because it is the one that wants to leave (again).
        """
        limit = MAILS_A_WEEK if importance is Importance.HIGH else MAILS_A_WEEK - KEPT_FOR_IMPORTANT
        instants = sorted(sent.at for sent in self._within_week(now) if sent.message_id != besides)
        return now if len(instants) < limit else instants[-limit] + WEEK

    def count(self, message_id: UUID, now: datetime) -> None:
        """Note that a programme mail leaves now. The same message counts once, however often it is tried."""
        others = [sent for sent in self._within_week(now) if sent.message_id != message_id]
        self.recent = [*others, Sent(message_id, now)]

    def _within_week(self, now: datetime) -> list[Sent]:
        return [sent for sent in self.recent if sent.at > now - WEEK]


def normalised(address: str) -> str:
    """The form under which an address is one person's, whatever the case it was typed in."""
    return address.strip().lower()


def preferences_id(address: str) -> UUID:
    return uuid5(_NAMESPACE, normalised(address))


def unsubscribe_token(address: str, secret: str) -> str:
    """The signed token of an unsubscribe link.

    It holds the identifier of the address and not the address, which would end up in logs, and it never
    expires: the link in an old mail has to work.
    """
    identifier = preferences_id(address).bytes
    return base64.urlsafe_b64encode(identifier + _signature(identifier, secret)).decode()


def read_unsubscribe_token(token: str, secret: str) -> UUID:
    """The identifier of the preferences that a token is for. Raises NotFound for a token not made by us."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise NotFound("This unsubscribe link is not valid.") from error
    identifier, signature = raw[:16], raw[16:]
    if not hmac.compare_digest(signature, _signature(identifier, secret)):
        raise NotFound("This unsubscribe link is not valid.")
    return UUID(bytes=identifier)


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The header fields with which a mail program offers to unsubscribe in one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _signature(identifier: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"unsubscribe:" + identifier, hashlib.sha256)[:20]
