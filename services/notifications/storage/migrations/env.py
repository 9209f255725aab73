"""Runs notifications' migrations."""

from services.chassis.migrations import run
from services.notifications.storage.tables import metadata

run(metadata)
