"""Sends what is due: claim in one transaction, deliver outside of it, note the outcome in another.

Only one process sends at a time (the timer's leader lock), so that a message found in delivery when a turn
begins was left there by a process that died or lost its database. Whether it had left, nobody knows:

* into the maildir it is simply delivered again, because that writes the same file;
* over SMTP it is sent once more with the same Message-ID, by which many mail programs show one mail only.
  A missing sign-in link or decision harms more than a double one. If that is interrupted too, the message
  is failed as uncertain and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from services.chassis.context import WorkContext, current_context, work_context
from services.chassis.privacy.subject import ERASED_NAME, Subject
from services.chassis.service import Runtime
from services.chassis.settings import Settings
from services.chassis.tracing import span
from services.chassis.unit_of_work import UnitOfWork
from services.notifications import metrics
from services.notifications.delivery import Transport
from services.notifications.delivery.failures import PermanentFailure, TemporaryFailure
from services.notifications.domain.digest import WEEKLY_DIGEST, next_digest
from services.notifications.domain.dispatch import decide
from services.notifications.domain.message import FAREWELL, Message, Reason, State
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.preferences import Preferences
from services.notifications.events import message_snapshot
from services.notifications.french_calendar import OFFICE_HOURS
from services.notifications.handlers.planning import state_about
from services.notifications.handlers.writing import write_mail
from services.notifications.storage import queries
from services.notifications.workflow_file import workflows

log = structlog.get_logger(__name__)

# Small, so that a sign-in link asked for in between does not wait for many others.
_BATCH = 10


@dataclass(frozen=True)
class Outgoing:
    """A message that was claimed, written and ready to leave. ``origin`` is what its sending is a part of."""

    message_id: UUID
    workflow: str
    origin: WorkContext
    mail: EmailMessage
    subject_line: str


def send_due(runtime: Runtime, transport: Transport) -> int:
    """Send the next messages that are due; how many were looked at, so that 0 means that none is left.

    Raises the driver's error when the database is gone. What was in delivery then is taken up later.
    """
    with runtime.read() as session:
        if not queries.is_anything_due(session, runtime.clock()):
            return 0
    with runtime.unit_of_work() as unit_of_work:
        take_up_interrupted(unit_of_work, transport)
    try:
        with runtime.unit_of_work() as unit_of_work:
            looked_at, outgoing = claim_due(unit_of_work, runtime.settings, transport)
    except StaleDataError:
        # An event or a person changed one of them meanwhile: look again.
        return 1
    for each in outgoing:
        with work_context(each.origin):
            failure = _deliver(transport, each)
            with runtime.unit_of_work() as unit_of_work:
                note_outcome(each, failure, unit_of_work)
    return looked_at


def take_up_interrupted(unit_of_work: UnitOfWork, transport: Transport) -> None:
    """Decide about messages that were left in the middle of their delivery."""
    for message in queries.messages_in_delivery(unit_of_work.session):
        message.interrupted(unit_of_work.now, can_repeat=transport.is_idempotent)
        log.warning("delivery_was_interrupted", message_id=str(message.id), state=message.state)
        _publish(message, unit_of_work)


def claim_due(
    unit_of_work: UnitOfWork, settings: Settings, transport: Transport
) -> tuple[int, list[Outgoing]]:
    """Decide about the messages that are due, and claim and write those that leave now."""
    session = unit_of_work.session
    due = queries.due_messages(session, unit_of_work.now, _BATCH)
    outgoing = []
    for message in due:
        _decide(message, transport, unit_of_work)
        if message.state is State.SENDING:
            try:
                mail, subject_line = write_mail(session, message, settings)
                origin = _origin(message, unit_of_work)
                outgoing.append(Outgoing(message.id, message.workflow, origin, mail, subject_line))
            except SQLAlchemyError:
                raise
            except Exception as error:
                # Whatever is wrong with one letter, a bad address or a bad template, costs only that letter.
                log.error("letter_cannot_be_written", message_id=str(message.id), error=str(error))
                message.failed(Reason.UNWRITABLE, f"{type(error).__name__}: {error}")
        _publish(message, unit_of_work)
    return len(due), outgoing


def note_outcome(
    outgoing: Outgoing, failure: TemporaryFailure | PermanentFailure | None, unit_of_work: UnitOfWork
) -> None:
    """Note what became of a delivery."""
    message = unit_of_work.get(Message, outgoing.message_id)
    match failure:
        case None:
            message.sent(unit_of_work.now, outgoing.subject_line)
        case TemporaryFailure():
            message.postpone(unit_of_work.now, str(failure))
        case PermanentFailure():
            message.failed(Reason.REFUSED, str(failure))
    _publish(message, unit_of_work)


def _deliver(transport: Transport, outgoing: Outgoing) -> TemporaryFailure | PermanentFailure | None:
    about = {"cesar.workflow": outgoing.workflow, "cesar.message_id": str(outgoing.message_id)}
    try:
        with span("notifications", f"mail {outgoing.workflow}", "client", about):
            transport.deliver(outgoing.mail)
    except (TemporaryFailure, PermanentFailure) as failure:
        metrics.deliveries.labels("postponed" if isinstance(failure, TemporaryFailure) else "refused").inc()
        log.warning("delivery_failed", message_id=str(outgoing.message_id), error=str(failure))
        return failure
    metrics.deliveries.labels("sent").inc()
    log.info("mail_sent", message_id=str(outgoing.message_id), workflow=outgoing.workflow)
    return None


def _decide(message: Message, transport: Transport, unit_of_work: UnitOfWork) -> None:
    session = unit_of_work.session
    workflow = workflows().get(message.workflow)
    if workflow is None:
        # The workflow was taken out of the data file after the message was planned.
        message.cancel(Reason.REASON_GONE)
        return
    is_digest = message.workflow == WEEKLY_DIGEST
    if is_digest and not _has_content(message, unit_of_work):
        message.cancel(Reason.REASON_GONE)
        return
    if workflow.is_optional:
        preferences = queries.preferences_of(session, message.address)
    else:
        # What counts for nothing leaves nothing behind of whom it went to.
        preferences = Preferences.of(message.address)
    into_digest = decide(
        message,
        workflow,
        preferences,
        state=state_about(session, session.get_one(Occasion, message.occasion_id), workflow),
        office_hours=OFFICE_HOURS,
        at_any_hour=not transport.reaches_people,
        is_digest=is_digest,
        now=unit_of_work.now,
    )
    if into_digest is not None:
        message.digest(_digest_for(message, unit_of_work).id, into_digest.reason)
    session.flush()


def _has_content(digest: Message, unit_of_work: UnitOfWork) -> bool:
    """Whether a digest has anything left to tell; what has become pointless while it waited is taken out."""
    session = unit_of_work.session
    for message in queries.messages_in_digest(session, digest.id):
        workflow = workflows().get(message.workflow)
        occasion = session.get_one(Occasion, message.occasion_id)
        if workflow is None or not workflow.reason_stands(state_about(session, occasion, workflow)):
            message.cancel(Reason.REASON_GONE)
    session.flush()
    return bool(queries.messages_in_digest(session, digest.id))


def _digest_for(message: Message, unit_of_work: UnitOfWork) -> Message:
    """The recipient's next digest, planned if it is not yet."""
    session = unit_of_work.session
    occasion, digest = next_digest(
        message.recipient, workflows()[WEEKLY_DIGEST], OFFICE_HOURS, unit_of_work.now
    )
    known = session.get(Message, digest.id)
    if known is None:
        session.add(occasion)
        session.flush()
        session.add(digest)
        session.flush()
    return known or digest


def _publish(message: Message, unit_of_work: UnitOfWork) -> None:
    if message.workflow == FAREWELL and not message.is_open:
        message.forget_recipient(ERASED_NAME, Subject(message.id).pseudonym)
    if message.state is State.FAILED and message.reason is not None:
        metrics.failed.labels(message.reason.value).inc()
    if message.state in (State.SENT, State.FAILED, State.SUPPRESSED):
        event_type = f"notifications.message.{message.state.value}"
        with work_context(_origin(message, unit_of_work)):
            unit_of_work.record(message, event_type, message_snapshot(message))


def _origin(message: Message, unit_of_work: UnitOfWork) -> WorkContext:
    """What the message's trigger was a part of; what nobody triggered, a digest, begins something new."""
    occasion = unit_of_work.session.get_one(Occasion, message.occasion_id)
    if occasion.correlation_id is None:
        return current_context()
    return WorkContext(occasion.correlation_id, causation_id=occasion.cause, traceparent=occasion.traceparent)
