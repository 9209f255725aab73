"""Which files people may add: documents and pictures, told by their content and not by their name."""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.model import DomainError

LARGEST_UPLOAD = 10 * 1024 * 1024  # bytes: a photo of a phone, a scanned document of some pages
_LONGEST_NAME = 120

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


@dataclass(frozen=True)
class UploadedFile:
    """A file that can be taken, with a name that is safe to show."""

    name: str
    media_type: str


def check_upload(name: str, content: bytes) -> UploadedFile:
    """The file as it is kept. Raises DomainError for one that is empty, too large or of another kind."""
    if not content:
        raise DomainError("This file is empty. Choose another one.")
    if len(content) > LARGEST_UPLOAD:
        raise DomainError(
            "This file is larger than %(most)s MB. Choose a smaller one, or take a photo of the main page.",
            most=LARGEST_UPLOAD // 1024**2,
        )
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return UploadedFile(_safe(name), media_type)
    raise DomainError("Only PDF files and photos (JPEG, PNG) can be added.")


def _safe(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable()).strip() or "file"
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 6]}…{shown[-5:]}"
