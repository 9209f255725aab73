"""Forms that have the questions of a call in them, as fields named ``answers.KEY``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from marshmallow import Schema, fields

from services.chassis.web.forms import Form, load_form
from services.chassis.web.i18n import error_message
from services.enrolment.domain.call import Question, QuestionKind, wrong_answers
from services.enrolment.handlers.attachments import NewFile


def with_questions(schema: type[Schema], questions: Sequence[Question]) -> Schema:
    """The schema with a field for each question but those for files, which come another way."""
    asked: dict[str, fields.Field[Any]] = {
        f"answers.{question.key}": fields.String(load_default="")
        for question in questions
        if question.kind is not QuestionKind.FILE
    }
    return schema.from_dict(asked)()


def load_answers(
    schema: type[Schema], questions: Sequence[Question], files: Mapping[str, int] | None = None
) -> Form:
    """The present request's form with its answers checked. ``files`` counts those of each question so far."""
    form = load_form(with_questions(schema, questions))
    counted = {question.key: (files or {}).get(question.key, 0) for question in questions}
    for file in uploaded_files(questions):
        counted[file.question] += 1
    for key, error in wrong_answers(questions, form.data.get("answers", {}), counted).items():
        form.errors[f"answers.{key}"] = [error_message(error)]
    return form


def uploaded_files(questions: Sequence[Question]) -> list[NewFile]:
    """The files that came with the present request."""
    found = [
        NewFile(question.key, upload.filename or "", upload.read())
        for question in questions
        if question.kind is QuestionKind.FILE
        for upload in request.files.getlist(f"answers.{question.key}")
        if upload.filename
    ]
    for upload in request.files.values():
        upload.seek(0)
    return found
