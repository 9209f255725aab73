"""The migrations of every service let code of two releases run side by side."""

import pytest

from services.chassis.migrations import history
from services.chassis.migrations.rules import breaches
from services.chassis.release import RELEASE
from services.console.installed import NAMES


@pytest.mark.parametrize("service", NAMES)
def test_a_release_takes_nothing_away_that_the_one_before_needs(service: str) -> None:
    revisions = history(f"services.{service}")
    assert revisions
    assert breaches(revisions, RELEASE) == []


@pytest.mark.parametrize("service", NAMES)
def test_a_history_is_one_line(service: str) -> None:
    """Two branches would be applied in an order that nobody chose."""
    revisions = history(f"services.{service}")
    before = [None, *(revision.revision for revision in revisions[:-1])]
    assert [revision.down_revision for revision in revisions] == before
