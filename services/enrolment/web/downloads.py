"""Files that people download, as they were uploaded."""

from __future__ import annotations

from typing import Protocol

from flask import Response
from werkzeug.http import dump_options_header


class StoredFile(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...


def attachment_response(file: StoredFile, content: bytes) -> Response:
    """The file, byte for byte, to be saved and never shown by the browser as a page of ours."""
    disposition = dump_options_header("attachment", {"filename": file.name})
    return Response(content, mimetype=file.media_type, headers={"Content-Disposition": disposition})
