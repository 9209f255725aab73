"""The wording of a programme's agreements, for programs. To use an earlier version again, save its text."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.chassis.web.access import requires
from services.chassis.web.i18n import error_message
from services.chassis.web.lists import lists, page_of, page_of_rows
from services.chassis.web.session import signed_in_person
from services.chassis.web.work import reading, unit_of_work
from services.enrolment.agreement_document import default_wording
from services.enrolment.domain.agreement_wording import MOST_MISTAKES, wording_mistakes
from services.enrolment.domain.programme import Programme
from services.enrolment.handlers.agreement_wordings import change_wording
from services.enrolment.storage import queries
from services.enrolment.storage.agreement_wordings import latest_number, wording_version, wording_versions
from services.enrolment.web.identities import check_may
from services.enrolment.web.schemas.agreements import (
    AgreementTemplateSchema,
    WordingOutput,
    WordingVersionOutput,
)

agreement_wordings_api = Blueprint(
    "agreement_wordings_api",
    __name__,
    url_prefix="/programmes/<slug>/agreement",
    description="The wording of a programme's agreements.",
)


@agreement_wordings_api.get("")
@requires("manager")
@agreement_wordings_api.etag
@agreement_wordings_api.response(200, WordingOutput)
def get_wording(slug: str) -> dict[str, Any]:
    """The present wording."""
    check_may(slug, "manager")
    with reading() as session:
        return _present(session, queries.programme_by_slug(session, slug))


@agreement_wordings_api.put("")
@requires("manager")
@agreement_wordings_api.etag
@agreement_wordings_api.arguments(AgreementTemplateSchema)
@agreement_wordings_api.response(200, WordingOutput)
def save_wording(details: dict[str, Any], slug: str) -> dict[str, Any]:
    """Word the agreements that are proposed from now on. The same text once more is no new version."""
    check_may(slug, "manager")
    text = details["template"]
    if mistakes := wording_mistakes(text)[:MOST_MISTAKES]:
        raise ValidationError({"template": [error_message(each) for each in mistakes]})
    with unit_of_work() as work:
        found = queries.programme_by_slug(work.session, slug, lock=True)
        agreement_wordings_api.check_etag(_present(work.session, found), WordingOutput)
        changed = change_wording(slug, text, signed_in_person().person_id, work)
        return _present(work.session, changed)


@agreement_wordings_api.get("/versions")
@requires("manager")
@lists()
@agreement_wordings_api.response(200, page_of(WordingVersionOutput))
def list_versions(slug: str) -> dict[str, Any]:
    """The versions that were saved, the latest first."""
    check_may(slug, "manager")
    with reading() as session:
        queries.programme_by_slug(session, slug)
        return page_of_rows([version for version, _author in wording_versions(session, slug)])


@agreement_wordings_api.get("/versions/<int:number>")
@requires("manager")
@agreement_wordings_api.response(200, WordingOutput)
def get_version(slug: str, number: int) -> dict[str, Any]:
    """One version with its text."""
    check_may(slug, "manager")
    with reading() as session:
        return {"number": number, "template": wording_version(session, slug, number).text}


def _present(session: Session, programme: Programme) -> dict[str, Any]:
    return {
        "number": latest_number(session, programme.slug) or None,
        "template": programme.agreement_template or default_wording(),
    }
