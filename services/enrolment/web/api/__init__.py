"""The JSON API of enrolment: the same use cases as the pages, for programs."""

from services.enrolment.web.api.agenda import agenda_api
from services.enrolment.web.api.agreement_wordings import agreement_wordings_api
from services.enrolment.web.api.agreements import agreements_api
from services.enrolment.web.api.applications import applications_api
from services.enrolment.web.api.appointments import advisers_api, appointments_api
from services.enrolment.web.api.at_once import at_once_api
from services.enrolment.web.api.attachments import attachments_api
from services.enrolment.web.api.attendance import attendance_api
from services.enrolment.web.api.attendance_proofs import attendance_proofs_api
from services.enrolment.web.api.cockpit import cockpit_api
from services.enrolment.web.api.colleagues import colleagues_api
from services.enrolment.web.api.companies import companies_api
from services.enrolment.web.api.drafts import drafts_api
from services.enrolment.web.api.imports import imports_api
from services.enrolment.web.api.jury import jury_api
from services.enrolment.web.api.leaving import leaving_api
from services.enrolment.web.api.merges import merges_api
from services.enrolment.web.api.organisations import organisations_api
from services.enrolment.web.api.own_applications import own_applications_api
from services.enrolment.web.api.people import people_api
from services.enrolment.web.api.personal_data import personal_data_api
from services.enrolment.web.api.profile import profile_api
from services.enrolment.web.api.programmes import programmes_api
from services.enrolment.web.api.self_registrations import self_registrations_api
from services.enrolment.web.api.sign_ins import sign_ins_api
from services.enrolment.web.api.supplier import supplier_api
from services.enrolment.web.api.suppliers import suppliers_api
from services.enrolment.web.api.withdrawal import withdrawal_api
from services.enrolment.web.api.workshops import workshops_api

blueprints = (
    advisers_api,
    agenda_api,
    agreement_wordings_api,
    agreements_api,
    applications_api,
    appointments_api,
    at_once_api,
    attachments_api,
    attendance_api,
    attendance_proofs_api,
    cockpit_api,
    colleagues_api,
    companies_api,
    drafts_api,
    imports_api,
    jury_api,
    leaving_api,
    merges_api,
    organisations_api,
    own_applications_api,
    people_api,
    personal_data_api,
    profile_api,
    programmes_api,
    self_registrations_api,
    sign_ins_api,
    supplier_api,
    suppliers_api,
    withdrawal_api,
    workshops_api,
)
