"""Runs reporting's migrations."""

from services.chassis.migrations import run
from services.reporting.storage.tables import metadata

run(metadata)
