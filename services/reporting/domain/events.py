"""The events of other services that reporting counts, by the names in their contracts."""

APPLICATION_SUBMITTED = "enrolment.application.submitted"
APPLICATION_ACCEPTED = "enrolment.application.accepted"
APPLICATION_ENROLLED = "enrolment.application.enrolled"
APPLICATION_COMPLETED = "enrolment.application.completed"
APPLICATION_LEFT = "enrolment.application.left"
APPLICATION_RESUMED = "enrolment.application.resumed"

SUPPLIER_INVITED = "enrolment.supplier.invited"
SUPPLIER_ENROLLED = "enrolment.supplier.enrolled"
SUPPLIER_ACTIVATED = "enrolment.supplier.activated"
SUPPLIER_FELL_DORMANT = "enrolment.supplier.fell_dormant"
SUPPLIER_LEFT = "enrolment.supplier.left"
SUPPLIER_RETURNED = "enrolment.supplier.returned"
SUPPLIER_UPDATED = "enrolment.supplier.updated"
SUPPLIER_MERGED = "enrolment.supplier.merged"
SUPPLIER_UNMERGED = "enrolment.supplier.unmerged"

ASSESSMENT_ASSIGNED = "assessment.assessment.assigned"
ASSESSMENT_STARTED = "assessment.assessment.started"
ASSESSMENT_SUBMITTED = "assessment.assessment.submitted"
ASSESSMENT_REOPENED = "assessment.assessment.reopened"
ASSESSMENT_REVIEW_STARTED = "assessment.assessment.review_started"
ASSESSMENT_VALIDATED = "assessment.assessment.validated"
ASSESSMENT_CHANGES_REQUESTED = "assessment.assessment.changes_requested"

SHARING_GRANTED = "assessment.sharing.granted"
SHARING_REVOKED = "assessment.sharing.revoked"

WORKSHOP_SCHEDULED = "enrolment.workshop.scheduled"
WORKSHOP_CHANGED = "enrolment.workshop.changed"
WORKSHOP_HELD = "enrolment.workshop.held"
WORKSHOP_CORRECTED = "enrolment.workshop.corrected"
WORKSHOP_CANCELLED = "enrolment.workshop.cancelled"

REGISTRATION_MADE = "enrolment.workshop_registration.registered"
REGISTRATION_WAITLISTED = "enrolment.workshop_registration.waitlisted"
REGISTRATION_CHANGED = "enrolment.workshop_registration.changed"
REGISTRATION_WITHDRAWN = "enrolment.workshop_registration.withdrawn"
REGISTRATION_CANCELLED = "enrolment.workshop_registration.cancelled"
REGISTRATION_ATTENDED = "enrolment.workshop_registration.attended"
REGISTRATION_ABSENT = "enrolment.workshop_registration.absent"

AGREEMENTS = (APPLICATION_ENROLLED, APPLICATION_COMPLETED, APPLICATION_LEFT, APPLICATION_RESUMED)
ENTRIES = (
    SUPPLIER_INVITED,
    SUPPLIER_ENROLLED,
    SUPPLIER_ACTIVATED,
    SUPPLIER_FELL_DORMANT,
    SUPPLIER_LEFT,
    SUPPLIER_RETURNED,
)
CORRECTIONS = (SUPPLIER_UPDATED, SUPPLIER_MERGED, SUPPLIER_UNMERGED)
"""Nothing happened to the supplier: what is known of it was put right."""
ASSESSMENTS = (
    ASSESSMENT_ASSIGNED,
    ASSESSMENT_STARTED,
    ASSESSMENT_SUBMITTED,
    ASSESSMENT_REOPENED,
    ASSESSMENT_REVIEW_STARTED,
    ASSESSMENT_VALIDATED,
    ASSESSMENT_CHANGES_REQUESTED,
)
SHARINGS = (SHARING_GRANTED, SHARING_REVOKED)
WORKSHOPS = (WORKSHOP_SCHEDULED, WORKSHOP_CHANGED, WORKSHOP_HELD, WORKSHOP_CORRECTED, WORKSHOP_CANCELLED)
REGISTRATIONS = (
    REGISTRATION_MADE,
    REGISTRATION_WAITLISTED,
    REGISTRATION_CHANGED,
    REGISTRATION_WITHDRAWN,
    REGISTRATION_CANCELLED,
    REGISTRATION_ATTENDED,
    REGISTRATION_ABSENT,
)
ADVISER_CHANGED = "enrolment.adviser_assignment.changed"
NOTED = (
    "enrolment.supplier.registered",
    "notifications.message.sent",
    "notifications.message.failed",
    "notifications.message.suppressed",
)
"""Facts that no figure is made of yet."""
