"""Workflows are data that a non-programmer edits: every mistake is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.notifications.domain.calendar import Delay
from services.notifications.domain.workflow import Audience, Condition, Kind, OncePer
from services.notifications.letters import letter_templates
from services.notifications.workflow_file import LOCALES, BadWorkflowFile, load_workflows, workflows

GOOD = """\
version: "1"
workflows:
  - key: reminder
    label: {fr: Rappel, en: Reminder}
    trigger: enrolment.supplier.invited
    after: 7 days
    once_per: subject
    only_while: {state: [invited], contact.locale: fr}
    to:
      - contact: contact
      - {role: buyer, organisation: buyer_organisation_id}
    link: /suppliers/{id}
    expires_after: 36 hours
"""


def test_a_workflow_is_read_as_it_is_written() -> None:
    reminder = load_workflows(GOOD, "workflows.yaml")["reminder"]

    assert reminder.after == Delay(days=7)
    assert reminder.expires_after == Delay(minutes=36 * 60)
    assert reminder.once_per is OncePer.SUBJECT
    assert reminder.kind is Kind.PROGRAMME
    assert reminder.only_while == (Condition("state", ("invited",)), Condition("contact.locale", ("fr",)))
    assert reminder.audiences == (
        Audience(contact="contact"),
        Audience(role="buyer", organisation="buyer_organisation_id"),
    )


@pytest.mark.parametrize(
    ("mistake", "line", "says"),
    [
        (("after: 7 days", "after: a week"), 6, "Write a number and a unit"),
        (("after: 7 days", "aftr: 7 days"), 6, "Unknown field"),
        (("    trigger: enrolment.supplier.invited\n", ""), 3, "trigger: This is missing"),
        (("once_per: subject", "once_per: month"), 7, "Must be one of"),
        (("role: buyer", "role: boss"), 11, "Must be one of"),
        (("- contact: contact", "- {contact: contact, role: buyer}"), 10, "either a contact or a role"),
        (("{id}", "{id"), 12, "braces"),
        (("{fr: Rappel, en: Reminder}", "{fr: Rappel}"), 4, "en: This is missing"),
        (("key: reminder", "key: [reminder"), 4, "this is not YAML"),
        (("trigger: enrolment.supplier.invited", "trigger: []"), 5, "or a list of such types"),
        (("after: 7 days", "before: 2 days"), 3, "Name the moment"),
        (("once_per: subject", "calendar: later"), 7, "Must be one of"),
    ],
)
def test_a_mistake_is_named_with_its_line(mistake: tuple[str, str], line: int, says: str) -> None:
    with pytest.raises(BadWorkflowFile) as refusal:
        load_workflows(GOOD.replace(*mistake), "workflows.yaml")

    assert f"workflows.yaml, line {line}:" in str(refusal.value)
    assert says in str(refusal.value)


def test_a_workflow_may_have_several_triggers_and_be_due_before_a_moment() -> None:
    text = GOOD.replace("enrolment.supplier.invited", "[one.thing.done, one.thing.changed]").replace(
        "after: 7 days", "before: 2 days\n    moment: meeting.starts_at"
    )
    reminder = load_workflows(text, "workflows.yaml")["reminder"]

    assert reminder.starts("one.thing.done", {}) and reminder.starts("one.thing.changed", {})
    meeting = {"starts_at": "2026-04-09T07:00:00+00:00"}
    due_at = reminder.due_at(datetime(2026, 3, 1, tzinfo=UTC), {"meeting": meeting})
    assert due_at == datetime(2026, 4, 7, 7, tzinfo=UTC)


def test_all_mistakes_are_named_at_once() -> None:
    text = GOOD.replace("after: 7 days", "after: soon").replace("once_per: subject", "once_per: month")

    with pytest.raises(BadWorkflowFile) as refusal:
        load_workflows(text, "workflows.yaml")

    assert len(str(refusal.value).splitlines()) == 2


def test_a_key_is_used_once() -> None:
    twice = GOOD + GOOD.partition("workflows:\n")[2]

    with pytest.raises(BadWorkflowFile, match="line 14: the key reminder is used twice"):
        load_workflows(twice, "workflows.yaml")


def test_a_condition_looks_at_the_events_data() -> None:
    reminder = load_workflows(GOOD, "workflows.yaml")["reminder"]

    assert reminder.reason_stands({"state": "invited", "contact": {"locale": "fr"}})
    assert not reminder.reason_stands({"state": "enrolled", "contact": {"locale": "fr"}})
    assert not reminder.reason_stands({"state": "invited", "contact": None})


def test_every_workflow_has_its_template_in_every_language() -> None:
    for locale in LOCALES:
        assert letter_templates(locale) == set(workflows().by_key)


def test_what_people_count_on_or_must_answer_in_time_waits_for_no_digest() -> None:
    """Reminders, news and decisions that nothing has to follow at once keep to three mails a week."""
    assert {key for key, each in workflows().by_key.items() if each.kind is Kind.COMMITMENT} == {
        "agreement-signed",
        "agreement-to-countersign",
        "application-left",
        "application-offer-lapsed",
        "application-place-offered",
        "application-resumed",
        "application-returned",
        "application-withdrawn",
        "person-account-ending",
        "person-erasure-to-decide",
        "workshop-cancelled",
        "workshop-changed",
    }


def test_nobody_else_may_see_the_link_of_a_mail_that_lets_act_as_its_recipient() -> None:
    secret = {key for key, workflow in workflows().by_key.items() if workflow.secret_link}

    assert secret == {
        "sign-in-link",
        "application-draft-link",
        "application-draft-reminder",
        "supplier-invitation",
        "supplier-invitation-reminder-1",
        "supplier-invitation-reminder-2",
        "self-registration-link",
        "person-erasure-to-confirm",
        "role-invitation",
        "address-to-confirm",
        "address-change-asked",
        "address-changed",
    }


def test_suppliers_are_reminded_after_seven_and_after_fourteen_days_while_they_are_only_invited() -> None:
    reminders = [workflows()[f"supplier-invitation-reminder-{number}"] for number in (1, 2)]

    assert [reminder.after for reminder in reminders] == [Delay(days=7), Delay(days=14)]
    assert all(reminder.reason_stands({"state": "invited"}) for reminder in reminders)
    assert not any(reminder.reason_stands({"state": "enrolled"}) for reminder in reminders)
