"""Suppliers from a spreadsheet: uploaded, columns confirmed, and taken in by the worker part by part."""

from services.enrolment.handlers.importing.running import advance
from services.enrolment.handlers.importing.uploading import Upload, start, upload

__all__ = ["Upload", "advance", "start", "upload"]
