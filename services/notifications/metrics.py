"""Counters of the mail, in Prometheus' terms; each is there at 0 before the first mail."""

from __future__ import annotations

from prometheus_client import Counter

from services.chassis.metrics import REGISTRY
from services.notifications.domain.message import Reason

deliveries = Counter(
    "cesar_mail_deliveries_total",
    "Tries to deliver a mail, by their outcome.",
    ["outcome"],
    registry=REGISTRY,
)
failed = Counter(
    "cesar_mails_failed_total",
    "Mails that are not tried again, by the reason.",
    ["reason"],
    registry=REGISTRY,
)

for _outcome in ("sent", "postponed", "refused"):
    deliveries.labels(_outcome)
for _reason in (Reason.REFUSED, Reason.GAVE_UP, Reason.UNCERTAIN, Reason.UNWRITABLE):
    failed.labels(_reason.value)
