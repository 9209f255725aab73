"""The agreement of an application, as both parties read, sign and keep it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.model import Forbidden, NotFound
from services.chassis.unit_of_work import UnitOfWork
from services.chassis.web.access import requires
from services.chassis.web.forms import Form, blank_form, load_form, unit_of_work_for
from services.chassis.web.i18n import gettext as _
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, runtime
from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import agreement_documents, agreements, siret_claims
from services.enrolment.storage import agreement_queries, queries
from services.enrolment.web.downloads import attachment_response
from services.enrolment.web.parties import party_to
from services.enrolment.web.schemas.agreements import SignedCopySchema, SignSchema
from services.enrolment.web.schemas.applications import SiretSchema
from services.enrolment.web.visible_applications import managed_application

pages = Blueprint("agreements", __name__, url_prefix="/applications/<uuid:application_id>/agreement")


@pages.get("")
@requires("manager", "buyer")
def agreement(application_id: UUID) -> str:
    with reading() as session:
        found, _party = party_to(session, application_id)
        return _page(session, found, blank_form(SignSchema(), {"name": signed_in_person().name}))


@pages.post("/propose")
@requires("manager")
def propose(application_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        _found, party = party_to(session, application_id)
    if party is not Party.CHAMBER:
        raise Forbidden("Only a manager of this programme proposes the agreement.")
    by = signed_in_person().person_id
    return _do(
        application_id,
        Form({}),
        lambda work: agreements.propose_agreement(application_id, by, work),
        _("The agreement is proposed; the buyer is told by e-mail."),
    )


@pages.get("/preview")
@requires("manager")
def preview(application_id: UUID) -> Response:
    """This buyer's agreement as it would be proposed now; nothing is kept."""
    with reading() as session:
        found = managed_application(session, application_id)
        content = agreement_documents.drawn_agreement(found, session, runtime().clock())
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@pages.post("/siret")
@requires("manager")
def add_siret(application_id: UUID) -> AnyResponse | tuple[str, int]:
    """The manager knows the SIRET without which the agreement cannot be proposed.

    When another organisation has it, the page of the application asks whether the two are one.
    """
    with reading() as session:
        managed_application(session, application_id)
    form = load_form(SiretSchema())
    claim = None
    if form.is_valid:
        with unit_of_work_for(form) as work:
            found = work.get(Application, application_id)
            claim = siret_claims.complete_siret(found, form.data["siret"], work)
    if claim is not None:
        return redirect(url_for("applications.application", application_id=application_id), 303)
    return _done(application_id, form, _("The SIRET is noted."))


@pages.post("/siret-request")
@requires("manager")
def ask_for_siret(application_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        managed_application(session, application_id)
    return _do(
        application_id,
        Form({}),
        lambda work: agreements.ask_for_siret(application_id, work),
        _("The buyer is asked for its SIRET by e-mail."),
    )


@pages.post("/sign")
@requires("manager", "buyer")
def sign(application_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        _found, party = party_to(session, application_id)
    form = load_form(SignSchema())

    def use(work: UnitOfWork) -> object:
        return agreements.sign_agreement(
            agreements.Sign(
                application_id=application_id,
                party=party,
                person_id=signed_in_person().person_id,
                name=form.data["name"],
                sha256=form.data["sha256"],
                address=request.remote_addr or "",
            ),
            work,
        )

    return _do(application_id, form, use, _("Thank you, the agreement is signed."))


@pages.post("/copy")
@requires("buyer")
def give_signed_copy(application_id: UUID) -> AnyResponse | tuple[str, int]:
    with reading() as session:
        _found, party = party_to(session, application_id)
    if party is not Party.BUYER:
        raise Forbidden("Only the applicant may do this.")
    form = load_form(SignedCopySchema())
    upload = request.files.get("copy")

    def use(work: UnitOfWork) -> object:
        return agreements.take_signed_copy(
            agreements.GiveSignedCopy(
                application_id=application_id,
                person_id=signed_in_person().person_id,
                name=form.data["signer"],
                address=request.remote_addr or "",
                file_name=(upload and upload.filename) or "",
                content=upload.read() if upload else b"",
            ),
            work,
        )

    return _do(application_id, form, use, _("Thank you, your signed copy has arrived."))


@pages.get("/signed")
@requires("manager", "buyer")
def download_signed(application_id: UUID) -> Response:
    """What both have signed, with a page of their signatures."""
    with reading() as session:
        found, _party = party_to(session, application_id)
        return attachment_response(*agreement_documents.signed_agreement(found, session))


@pages.get("/documents/<uuid:document_id>")
@requires("manager", "buyer")
def download(application_id: UUID, document_id: UUID) -> Response:
    with reading() as session:
        party_to(session, application_id)
        found = agreement_queries.agreement_of(session, application_id)
        if found is None:
            raise NotFound("There is no agreement to sign yet.")
        return attachment_response(*agreement_queries.document_content(session, found.id, document_id))


def _do(
    application_id: UUID, form: Form, use: Callable[[UnitOfWork], object], thanks: str
) -> AnyResponse | tuple[str, int]:
    if form.is_valid:
        with unit_of_work_for(form) as work:
            use(work)
    return _done(application_id, form, thanks)


def _done(application_id: UUID, form: Form, thanks: str) -> AnyResponse | tuple[str, int]:
    if form.is_valid:
        flash(thanks, "success")
        return redirect(url_for("agreements.agreement", application_id=application_id), 303)
    with reading() as session:
        return _page(session, session.get_one(Application, application_id), form), 422


def _page(session: Session, found: Application, form: Form) -> str:
    agreed = agreement_queries.agreement_of(session, found.id)
    _found, party = party_to(session, found.id)
    return render_template(
        "agreement.html",
        application=found,
        agreement=agreed,
        cohort=session.get_one(Cohort, found.cohort_id),
        organisation=session.get_one(Organisation, found.organisation_id),
        programme=queries.programme_by_slug(session, found.programme),
        documents=agreement_queries.documents_of(session, agreed.id) if agreed else [],
        signatures=agreement_queries.signatures_of(session, agreed.id) if agreed else [],
        is_unaltered=agreement_queries.is_unaltered(session, found.programme),
        is_buyer=party is Party.BUYER,
        unsaid=agreement_documents.unsaid(found, session) if party is Party.CHAMBER else [],
        form=form,
    )
