"""Suppliers from a spreadsheet: uploaded, tried out, and taken in by the worker part by part."""

from services.enrolment.handlers.importing.previewing import Preview, preview
from services.enrolment.handlers.importing.running import advance, take_in
from services.enrolment.handlers.importing.uploading import Upload, give_up, start, upload

__all__ = ["Preview", "Upload", "advance", "give_up", "preview", "start", "take_in", "upload"]
