"""Referentials on disk: one YAML file for each version, all of them available side by side.

An assessment keeps the version that it was made with; the newest version is given to new assessments.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from services.assessment.domain.assessment import Assessment
from services.assessment.domain.referential import Referential
from services.assessment.referentials.document import InvalidReferential
from services.assessment.referentials.parse import parse_referential

FOLDER = Path(__file__).resolve().parent.parent / "data" / "referentials"
SUPPLIER = "supplier-etat-des-lieux"

__all__ = [
    "SUPPLIER",
    "InvalidReferential",
    "Library",
    "UnknownReferential",
    "library",
    "load_referential",
    "referential_of",
]


class UnknownReferential(LookupError):
    """No file holds this version of this referential, although an assessment was made with it."""


class Library:
    """Every version of every referential."""

    def __init__(self, referentials: Iterable[Referential]) -> None:
        self._versions = {(each.key, each.version): each for each in referentials}

    def get(self, key: str, version: str) -> Referential:
        """One version. Raises UnknownReferential."""
        try:
            return self._versions[key, version]
        except KeyError:
            raise UnknownReferential(f"There is no referential {key} in version {version}.") from None

    def newest(self, key: str) -> Referential:
        """The version that new assessments get. Raises UnknownReferential."""
        versions = [each for each in self._versions.values() if each.key == key]
        if not versions:
            raise UnknownReferential(f"There is no referential {key}.")
        return max(versions, key=lambda each: _in_order(each.version))


def _in_order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def load_referential(path: Path) -> Referential:
    """Read one file. Raises InvalidReferential, which names every line that has to be mended."""
    return parse_referential(path.name, path.read_text("utf-8"))


def load_library(folder: Path) -> Library:
    """Read every file of ``folder``. Raises InvalidReferential for the first file that is not sound."""
    return Library(load_referential(path) for path in sorted(folder.glob("*.yaml")))


@cache
def library() -> Library:
    """The referentials that come with the software, read once."""
    return load_library(FOLDER)


def referential_of(assessment: Assessment) -> Referential:
    """The version that the assessment was made with. Raises UnknownReferential."""
    return library().get(assessment.referential, assessment.referential_version)
