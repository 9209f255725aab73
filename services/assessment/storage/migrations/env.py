"""Runs assessment's migrations."""

from services.assessment.storage.tables import metadata
from services.chassis.migrations import run

run(metadata)
