"""The JSON API of assessment: the same use cases as the pages, for programs."""

from services.assessment.web.api.answers import answers_api
from services.assessment.web.api.assessments import assessments_api
from services.assessment.web.api.proofs import proofs_api
from services.assessment.web.api.reviews import reviews_api
from services.assessment.web.api.shared import shared_api
from services.assessment.web.api.sharings import sharings_api

blueprints = (assessments_api, answers_api, proofs_api, reviews_api, shared_api, sharings_api)
