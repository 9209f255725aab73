"""Runs enrolment's migrations."""

from services.chassis.migrations import run
from services.enrolment.storage.tables import metadata

run(metadata)
