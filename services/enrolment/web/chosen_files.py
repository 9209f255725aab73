"""The files that somebody has chosen in a form with the questions of a call."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request

from services.chassis.model import DomainError
from services.chassis.web.forms import Form
from services.chassis.web.i18n import ngettext
from services.chassis.web.work import unit_of_work
from services.enrolment.domain.call import Question
from services.enrolment.handlers.attachments import attach, check_file, remove_attachment
from services.enrolment.web.schemas.answers import uploaded_files


def check_chosen_files(form: Form, questions: Sequence[Question]) -> None:
    """Note in the form which of them cannot be taken, together with all else that is wrong."""
    for file in uploaded_files(questions):
        try:
            check_file(file)
        except DomainError as error:
            form.refuse(error)


def ask_for_files_again(form: Form, questions: Sequence[Question]) -> None:
    """The form is shown again and nothing was kept: a browser does not keep files either."""
    names: dict[str, list[str]] = {}
    for file in uploaded_files(questions):
        names.setdefault(f"answers.{file.question}", []).append(file.name)
    for field, chosen in names.items():
        if field not in form.errors:
            form.errors[field] = [
                ngettext(
                    "Choose this file again, your browser has not kept it: %(names)s.",
                    "Choose these files again, your browser has not kept them: %(names)s.",
                    len(chosen),
                    names=", ".join(chosen),
                )
            ]


def keep_chosen_files(owner_id: UUID, form: Form, questions: Sequence[Question]) -> None:
    """Keep each that can be taken, whatever else is wrong, and remove the one that is to go.

    The owner is a draft, or an application that was handed back. What is refused is noted in the form.
    """
    for file in uploaded_files(questions):
        try:
            with unit_of_work() as work:
                attach(owner_id, file, work)
        except DomainError as error:
            form.refuse(error)
    if unwanted := request.form.get("remove", type=UUID):
        try:
            with unit_of_work() as work:
                remove_attachment(owner_id, unwanted, work)
        except DomainError as error:
            form.refuse(error)
