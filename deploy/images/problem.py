"""Why an image cannot be built."""

from __future__ import annotations


class ImageProblem(Exception):
    """An image cannot be built. The text is one sentence."""
