from __future__ import annotations


class StackProblem(Exception):
    """A stack cannot be, or did not become, what it should. The text is one sentence for each reason."""
