"""Organisations that turn out to be one: merged, told to the others, and parted again if it was wrong."""

from services.enrolment.handlers.merging.merge import MergeOrganisations, merge, say_distinct
from services.enrolment.handlers.merging.undo import undo

__all__ = ["MergeOrganisations", "merge", "say_distinct", "undo"]
