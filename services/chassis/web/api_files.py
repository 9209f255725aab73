"""Files that come to the JSON API, with the fields that say what they are, or that it answers with."""

from __future__ import annotations

from typing import Any

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

FILE_DOCUMENTATION: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The file.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
"""What the document of the API says of a view that answers with a file."""


class _FormParser(FlaskParser):
    def load_files(self, req: Request, schema: Schema) -> Any:
        """Not the files alone, but the whole form; of each name the first."""
        return {**req.form.to_dict(), **req.files.to_dict()}


class UploadsBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint of flask-smorest whose views can take a file: ``@api.uploads(schema)``."""

    ARGUMENTS_PARSER = _FormParser()

    def uploads(self, schema: type[Schema]) -> Any:
        """Decorator like ``arguments``: the view gets the fields and the files in one."""
        return self.arguments(schema, location="files")
