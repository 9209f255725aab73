"""Every column that could hold personal data is declared, and the register says what is declared."""

from pathlib import Path

import pytest

from services.chassis.columns import Word
from services.chassis.privacy.collecting import shown_columns
from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.holdings import Kind, can_be_personal
from services.chassis.privacy.retention import rules_of
from services.console.installed import NAMES, load_service
from services.console.privacy_register import register_document
from services.enrolment.domain.personal_data import HOLDERS

REGISTER = Path(__file__).parents[2] / "docs" / "privacy" / "register.md"
each_service = pytest.mark.parametrize("name", NAMES)


@each_service
def test_no_column_that_can_hold_personal_data_is_undeclared(name: str) -> None:
    metadata = load_service(name).metadata
    holdings = holdings_of(name, metadata)
    possible = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if can_be_personal(column)
    }
    assert possible - holdings.declared() - holdings.impersonal == set()


@each_service
def test_nothing_is_declared_to_be_both(name: str) -> None:
    holdings = holdings_of(name, load_service(name).metadata)
    assert holdings.declared() & holdings.impersonal == set()


@each_service
def test_a_copy_is_worded_for_its_reader_in_both_languages(name: str) -> None:
    holdings = holdings_of(name, load_service(name).metadata)
    wording = holdings.wording
    nameless, wordless = set(), set()
    for holding in holdings:
        if holding.person is None and holding.address is None:
            continue
        for column in shown_columns(holdings, holding):
            table = holding.table.name
            if holding.columns.get(column.name) is Kind.PERSON or wording.is_technical(table, column.name):
                continue
            if wording.label(table, column.name) is None:
                nameless.add(str(column))
            if isinstance(column.type, Word):
                codes = (code.value for code in column.type.enumeration)
                wordless |= {
                    f"{column}={code}" for code in codes if not wording.word(table, column.name, code)
                }
        nameless |= {
            str(column) for column in holding.told_with.values() if str(column) not in wording.labels
        }
    assert (nameless, wordless) == (set(), set())
    for label in (
        *wording.labels.values(),
        *(word for each in wording.words.values() for word in each.values()),
    ):
        assert all(label[language].strip() for language in ("fr", "en"))


@each_service
def test_every_rule_of_retention_fits_the_tables_and_what_the_service_can_end(name: str) -> None:
    service = load_service(name)
    for rule in rules_of(name):
        if rule.table is None:
            assert rule.action in {*service.outlived, "sealed-pieces"}
        else:
            assert rule.since in service.metadata.tables[rule.table].c
            assert set(rule.where or {}) <= set(service.metadata.tables[rule.table].c.keys())


def test_every_service_is_asked_for_what_it_holds() -> None:
    assert set(HOLDERS) == set(NAMES)


def test_the_register_is_what_the_services_declare_now() -> None:
    written = REGISTER.read_text("utf-8")
    assert written == register_document() + "\n", (
        "Write it anew: cesar privacy register docs/privacy/register.md"
    )
