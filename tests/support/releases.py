"""Releases of a small service that have nothing but a schema, for tests of migrations."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

_ENVIRONMENT = """
from sqlalchemy import MetaData
from services.chassis.migrations import run

run(MetaData())
"""

_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = {name!r}
down_revision = {before!r}
branch_labels = depends_on = None
{variables}

def upgrade():
{body}
"""


@dataclass(frozen=True)
class Revision:
    """One step of a history: the statements of its ``upgrade``, and for whom it ``contracts``, if it does."""

    name: str
    body: str
    contracts: str | None = None


@dataclass(frozen=True)
class Release:
    """A release of the service ``orchard``, importable as ``package`` while ``folder`` is on the path."""

    number: str
    package: str


def make_release(folder: Path, number: str, history: Sequence[Revision]) -> Release:
    """Write a release with these revisions, the oldest first, below ``folder``."""
    outer = f"release_{number.replace('.', '_')}"
    migrations = folder / outer / "orchard" / "storage" / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for package in (folder / outer, folder / outer / "orchard"):
        (package / "__init__.py").touch()
    (migrations / "env.py").write_text(_ENVIRONMENT)
    before = None
    for revision in history:
        text = _REVISION.format(
            name=revision.name,
            before=before,
            variables=f"contracts = {revision.contracts!r}" if revision.contracts else "",
            body=indent(dedent(revision.body).strip(), "    "),
        )
        (migrations / "versions" / f"{revision.name}.py").write_text(text)
        before = revision.name
    return Release(number, f"{outer}.orchard")
