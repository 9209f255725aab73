"""What the JSON API of enrolment gives and takes where its forms and events do not say it already."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.enrolment.domain.call import BEST_SCORE, QuestionKind
from services.enrolment.domain.decision import Verdict
from services.enrolment.events.applications import ApplicationSnapshot
from services.enrolment.events.programmes import CohortSnapshot
from services.enrolment.web.schemas.applications import ApplySchema
from services.enrolment.web.schemas.fields import LONG, SHORT
from services.enrolment.web.schemas.programmes import FunderSchema, ProgrammeSchema


class QuestionBody(Schema):
    key = fields.String(required=True, validate=validate.Length(1, 24))
    label = fields.String(required=True, validate=validate.Length(max=300))
    kind = fields.Enum(QuestionKind, by_value=True, required=True)
    help = fields.String(load_default="")
    required = fields.Boolean(load_default=False)
    choices = fields.List(fields.String(), load_default=list)


class CriterionBody(Schema):
    key = fields.String(required=True, validate=validate.Length(1, 24))
    label = fields.String(required=True, validate=SHORT)
    weight = fields.Integer(required=True, validate=validate.Range(1, 100))
    help = fields.String(load_default="")


class CallBody(Schema):
    """What a call says and asks, and by which criteria it is judged."""

    call_text = fields.String(required=True, validate=LONG)
    questions = fields.List(fields.Nested(QuestionBody), required=True)
    criteria = fields.List(fields.Nested(CriterionBody), required=True)


class ProgrammeBody(ProgrammeSchema):
    funders = fields.List(fields.Nested(FunderSchema), load_default=list)


class CohortDetail(CohortSnapshot):
    offer_days = fields.Integer(metadata={"description": "Time to answer the offer of a place."})
    places_taken = fields.Integer(metadata={"description": "Held by applications, or offered to one."})


class ApplyBody(ApplySchema):
    answers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


class CorrectionBody(Schema):
    """What applicants can correct in an application that was handed back; ``answers`` by question."""

    motivation = fields.String(required=True, validate=LONG)
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=24)),
        values=fields.String(validate=LONG),
        required=True,
    )


class ApplicationDetail(ApplicationSnapshot):
    siret = fields.String(allow_none=True)
    motivation = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.String())
    waiting_rank = fields.Integer(allow_none=True)


class DraftBody(Schema):
    """The form as it is, right or wrong: the fields of an application, ``answers.KEY`` for its questions."""

    typed = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.String(validate=LONG),
        required=True,
    )


class DraftDetail(DraftBody):
    id = fields.UUID()
    programme = fields.String()
    email = fields.String()
    saved_at = fields.AwareDateTime()
    submitted_at = fields.AwareDateTime(allow_none=True)


class HandedInDetail(Schema):
    application_id = fields.UUID()


class ReviewBody(Schema):
    """Both by the key of the criterion."""

    scores = fields.Dict(
        keys=fields.String(), values=fields.Integer(validate=validate.Range(0, BEST_SCORE)), required=True
    )
    comments = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.Length(max=1000)), load_default=dict
    )


class ReviewDetail(ReviewBody):
    person_id = fields.UUID()
    name = fields.String()
    is_complete = fields.Boolean()


class PlaceDetail(Schema):
    """An application's place in the ranking. Who declared a conflict of interest is not expected to score."""

    application_id = fields.UUID()
    organisation_name = fields.String()
    state = fields.String()
    rank = fields.Integer(allow_none=True)
    is_tied = fields.Boolean()
    mean = fields.Float(allow_none=True, metadata={"description": "From 0 to 5."})
    given = fields.Integer(metadata={"description": "Complete reviews."})
    expected = fields.Integer()


class DecisionBody(Schema):
    application_id = fields.UUID(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = fields.String(load_default="", validate=LONG)


class SittingBody(Schema):
    decisions = fields.List(fields.Nested(DecisionBody), required=True, validate=validate.Length(1, 500))


class VerdictBody(Schema):
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = fields.String(load_default="", validate=LONG)


class LoggedDecisionDetail(Schema):
    application_id = fields.UUID(allow_none=True)
    organisation = fields.String(allow_none=True)
    verdict = fields.String()
    reason = fields.String()
    by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime()


class OfferBody(Schema):
    answer = fields.String(required=True, validate=validate.OneOf(["take", "leave"]))


class SignatureBody(Schema):
    """``sha256`` names the document that was read."""

    name = fields.String(required=True, validate=SHORT)
    sha256 = fields.String(required=True, validate=validate.Length(equal=64))


class SignatureDetail(Schema):
    party = fields.String()
    name = fields.String()
    sha256 = fields.String()
    way = fields.String()
    signed_at = fields.AwareDateTime()


class AgreementDocumentDetail(Schema):
    """``sha256`` is that of its bytes; a signature names it."""

    id = fields.UUID()
    kind = fields.String(metadata={"description": "proposal, or signed_copy for one that the buyer gave"})
    name = fields.String()
    media_type = fields.String()
    sha256 = fields.String()
    added_at = fields.AwareDateTime()
    added_by = fields.UUID()


class AgreementDetail(Schema):
    id = fields.UUID()
    application_id = fields.UUID()
    state = fields.String()
    sha256 = fields.String()
    proposed_at = fields.AwareDateTime()
    signatures = fields.List(fields.Nested(SignatureDetail))
    documents = fields.List(
        fields.Nested(AgreementDocumentDetail),
        metadata={"description": "All that ever stood for it, the first one first."},
    )
