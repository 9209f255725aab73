"""Suppliers from a spreadsheet: uploaded, columns confirmed, and taken in by the worker part by part."""

from services.enrolment.handlers.importing.running import advance, take_in
from services.enrolment.handlers.importing.uploading import Upload, start, upload

__all__ = ["Upload", "advance", "start", "take_in", "upload"]
