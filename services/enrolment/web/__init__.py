"""Enrolment's web application: the public pages, sign-in, and the pages of managers and buyers."""

from __future__ import annotations

from flask import Flask

from services.chassis.service import Runtime
from services.chassis.web import application
from services.chassis.web.menu import main_menu
from services.enrolment.service import SERVICE
from services.enrolment.web import api, identities
from services.enrolment.web.openid import install_openid
from services.enrolment.web.pages import (
    account,
    advisers,
    agenda,
    agreement_templates,
    agreements,
    applications,
    appointments,
    attendance,
    attendance_proofs,
    calls,
    cockpit,
    cohort_agreements,
    cohorts,
    drafts,
    duplicates,
    home,
    imports,
    jury,
    leaving,
    openid_sign_in,
    organisation_details,
    organisations,
    own_applications,
    personal_data,
    privacy_requests,
    profile,
    programmes,
    self_registration,
    sign_ins,
    sittings,
    slots,
    supplier,
    suppliers,
    team,
    welcome,
    withdrawal,
    workshop_contacts,
    workshops,
)


def create_app(runtime: Runtime) -> Flask:
    """The application that serves ``runtime``."""
    app = application.create_app(
        SERVICE,
        runtime,
        [
            home.pages,
            account.pages,
            openid_sign_in.pages,
            profile.pages,
            sign_ins.pages,
            organisations.pages,
            organisation_details.pages,
            team.pages,
            welcome.pages,
            cohorts.pages,
            cohort_agreements.pages,
            cockpit.pages,
            calls.pages,
            programmes.pages,
            applications.pages,
            own_applications.pages,
            leaving.pages,
            withdrawal.pages,
            drafts.pages,
            agreements.pages,
            agreement_templates.pages,
            jury.pages,
            sittings.pages,
            suppliers.pages,
            supplier.pages,
            agenda.pages,
            workshops.pages,
            workshop_contacts.pages,
            attendance.pages,
            attendance_proofs.pages,
            appointments.pages,
            slots.pages,
            advisers.pages,
            imports.pages,
            duplicates.pages,
            self_registration.pages,
            personal_data.own_link_pages,
            personal_data.pages,
            privacy_requests.pages,
            *api.blueprints,
        ],
        navigation=main_menu,
    )
    install_openid(app, runtime.settings)
    app.after_request(identities.renew_session)
    return app
