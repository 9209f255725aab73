"""All indicators: what each counts, how, from which events and against which target."""

from __future__ import annotations

from statistics import fmean, median

from services.reporting.domain import events, milestones
from services.reporting.domain.figures import Unit
from services.reporting.domain.indicators import Indicator
from services.reporting.domain.measures import (
    average_of,
    number_of,
    number_of_buyers,
    number_of_sharing_suppliers,
    share_present,
    target_date,
)


def N_(message: str) -> str:
    """Marks a message for translation where it is written; it is translated where it is shown."""
    return message


BUYERS_ENROLLED = Indicator(
    key="buyers_enrolled",
    name=N_("Buyers enrolled"),
    definition=N_(
        "Buyers whose application was accepted and whose agreement is signed. Those who stayed "
        "until the end of their cohort still count; those who left do not."
    ),
    formula=N_("Number of applications that are enrolled or completed."),
    unit=Unit.BUYERS,
    events=events.AGREEMENTS,
    measure=number_of_buyers,
    target=lambda programme: programme.buyer_target,
)

SUPPLIERS_INVITED = Indicator(
    key="suppliers_invited",
    name=N_("Suppliers invited"),
    definition=N_(
        "Suppliers that a buyer or the chamber invited, and those that registered by themselves. "
        "A supplier invited several times counts once."
    ),
    formula=N_("Number of supplier enrolments of the programme, whatever their state."),
    unit=Unit.SUPPLIERS,
    events=events.ENTRIES,
    measure=number_of(milestones.entered),
)

SUPPLIERS_ENROLLED = Indicator(
    key="suppliers_enrolled",
    name=N_("Suppliers enrolled"),
    definition=N_("Suppliers that accepted the invitation or registered by themselves."),
    formula=N_("Number of supplier enrolments with a day of enrolment."),
    unit=Unit.SUPPLIERS,
    events=events.ENTRIES,
    measure=number_of(milestones.enrolled),
    for_funders=False,
)

SUPPLIERS_STARTED = Indicator(
    key="suppliers_started",
    name=N_("Self-assessments started"),
    definition=N_("Suppliers that have begun at least one self-assessment."),
    formula=N_("Number of suppliers with a self-assessment that has a first answer."),
    unit=Unit.SUPPLIERS,
    events=events.ASSESSMENTS,
    measure=number_of(milestones.started),
)

SUPPLIERS_SUBMITTED = Indicator(
    key="suppliers_submitted",
    name=N_("Suppliers assessed"),
    definition=N_(
        "Suppliers that have submitted at least one self-assessment. One that was taken back "
        "or sent back for changes does not count until it is submitted again; a second one by the "
        "same supplier does not count again."
    ),
    formula=N_("Number of suppliers with at least one submitted self-assessment."),
    unit=Unit.SUPPLIERS,
    events=events.ASSESSMENTS,
    measure=number_of(milestones.submitted),
    target=lambda programme: programme.supplier_target,
)

SUPPLIERS_COUNTED = Indicator(
    key="suppliers_counted",
    name=N_("Suppliers assessed, with a SIRET"),
    definition=N_(
        "Suppliers that have submitted at least one self-assessment and whose SIRET is known. A "
        "funder counts no other."
    ),
    formula=N_("Suppliers assessed, less those without a SIRET."),
    unit=Unit.SUPPLIERS,
    events=events.ASSESSMENTS,
    measure=number_of(milestones.counted),
    target=lambda programme: programme.supplier_target,
)

SUPPLIERS_VALIDATED = Indicator(
    key="suppliers_validated",
    name=N_("Self-assessments validated"),
    definition=N_("Suppliers with at least one self-assessment that an adviser has reviewed and validated."),
    formula=N_("Number of suppliers with at least one validated self-assessment."),
    unit=Unit.SUPPLIERS,
    events=events.ASSESSMENTS,
    measure=number_of(milestones.validated),
)

SUPPLIERS_SHARING = Indicator(
    key="suppliers_sharing",
    name=N_("Suppliers that share their result"),
    definition=N_("Suppliers that show their result to at least one buyer now."),
    formula=N_("Number of suppliers with at least one sharing that has not been taken back."),
    unit=Unit.SUPPLIERS,
    events=events.SHARINGS,
    measure=number_of_sharing_suppliers,
)

DAYS_TO_SUBMISSION = Indicator(
    key="days_to_submission",
    name=N_("From invitation to submission"),
    definition=N_("How long it takes a supplier from the invitation to its first submitted self-assessment."),
    formula=N_(
        "Median of the days between the first invitation and the first submission, over the "
        "suppliers that have both."
    ),
    unit=Unit.DAYS,
    events=events.ASSESSMENTS,
    measure=average_of(median, milestones.days_to_submission),
    summary=True,
)

TARGET_DATE = Indicator(
    key="target_date",
    name=N_("Target met, forecast"),
    definition=N_(
        "The day on which the target of assessed suppliers will be met if the pace stays as it is."
    ),
    formula=N_(
        "Suppliers still missing, divided by the number assessed per day over the last twelve "
        "months. No forecast from fewer than five suppliers or less than sixty days. Seasons and "
        "campaigns are not foreseen."
    ),
    unit=Unit.DATE,
    events=events.ASSESSMENTS,
    measure=target_date,
)

MATURITY = Indicator(
    key="maturity",
    name=N_("Mean score"),
    definition=N_(
        "How mature the assessed suppliers are, from 0 to 100, by the latest self-assessment of "
        "each. It is what suppliers say, with the share of it that is backed by a proof or an "
        "adviser beside it."
    ),
    formula=N_("Mean of the latest submitted score of each supplier."),
    unit=Unit.POINTS,
    events=events.ASSESSMENTS,
    measure=average_of(fmean, milestones.scored),
    summary=True,
)

BACKED_SHARE = Indicator(
    key="backed_share",
    name=N_("Share of scores backed by a proof"),
    definition=N_(
        "How much of the scores rests on more than the supplier’s word: a file, a public register "
        "or an adviser."
    ),
    formula=N_(
        "Mean over the suppliers of the evidenced and verified shares of their latest submitted score."
    ),
    unit=Unit.SHARE,
    events=events.ASSESSMENTS,
    measure=average_of(fmean, milestones.trusted),
    summary=True,
)

ATTENDANCE = Indicator(
    key="attendance",
    name=N_("Attendance at workshops"),
    definition=N_(
        "How many of the people with a place in a workshop came to it. Workshops count once they have been "
        "held and their attendance sheet is kept."
    ),
    formula=N_("People present, divided by people registered, over the workshops held."),
    unit=Unit.SHARE,
    events=(events.WORKSHOP_HELD,),
    measure=share_present,
)

INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        BUYERS_ENROLLED,
        SUPPLIERS_INVITED,
        SUPPLIERS_ENROLLED,
        SUPPLIERS_STARTED,
        SUPPLIERS_SUBMITTED,
        SUPPLIERS_COUNTED,
        SUPPLIERS_VALIDATED,
        SUPPLIERS_SHARING,
        DAYS_TO_SUBMISSION,
        TARGET_DATE,
        MATURITY,
        BACKED_SHARE,
        ATTENDANCE,
    )
}
"""All indicators by key, in the order in which they are listed."""

FUNNEL = (SUPPLIERS_INVITED, SUPPLIERS_STARTED, SUPPLIERS_SUBMITTED, SUPPLIERS_VALIDATED)
