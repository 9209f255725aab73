"""What assessment's tests of pages can have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.assessment.web_examples import Site, a_site


@pytest.fixture(scope="session")
def assessment_site() -> Iterator[Site]:
    """One application for all tests of pages: its templates are compiled once."""
    with a_site() as found:
        yield found


@pytest.fixture
def site(assessment_site: Site) -> Site:
    """The web application, with one supplier who has been assigned an assessment."""
    assessment_site.begin_again()
    return assessment_site
