"""A migration adds and does not take away, unless an earlier release has stopped using what goes."""

from collections.abc import Callable
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.operations.ops import MigrateOperation
from alembic.script import Script

from services.chassis.migrations.rules import breaches


def revision(upgrade: Callable[[], object], name: str = "abc", **variables: str) -> Script:
    module = ModuleType(name)
    vars(module).update(revision=name, down_revision=None, upgrade=upgrade, **variables)
    return Script(module, name, f"{name}.py")


def in_batch(table: str, change: Callable[[object], None]) -> Callable[[], None]:
    def upgrade() -> None:
        with op.batch_alter_table(table) as batch:
            change(batch)

    return upgrade


def run_on_the_connection() -> None:
    op.get_bind().execute(sa.text("DELETE FROM person"))


def make_a_table_with_everything() -> None:
    table = op.create_table("visit", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("visit", sa.Column("day", sa.Date, nullable=False))
    op.create_unique_constraint("uq_visit_day", "visit", ["day"])
    op.create_index("ix_visit", "visit", ["id"], unique=True)
    op.create_foreign_key("fk_visit", "visit", "person", ["id"], ["id"])
    op.alter_column("visit", "day", nullable=False)
    op.bulk_insert(table, [{"id": 1}])


EXPANSIONS = {
    "a new table, with whatever belongs to it": make_a_table_with_everything,
    "a column that may be empty": lambda: op.add_column("person", sa.Column("phone", sa.Text)),
    "a column that the server fills": lambda: op.add_column(
        "person", sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true())
    ),
    "a column that counts by itself": lambda: op.add_column(
        "person", sa.Column("number", sa.Integer, sa.Identity(), nullable=False)
    ),
    "an index": lambda: op.create_index("ix_person_name", "person", ["name"]),
    "no index any more": lambda: op.drop_index("ix_person_name", "person"),
    "a column that may be empty from now on": lambda: op.alter_column("person", "name", nullable=True),
    "a longer text": lambda: op.alter_column(
        "person", "name", existing_type=sa.String(80), type_=sa.String(200)
    ),
    "a text without bound": lambda: op.alter_column(
        "person", "name", existing_type=sa.String(80), type_=sa.Text()
    ),
    "a bigger number": lambda: op.alter_column(
        "person", "age", existing_type=sa.Integer(), type_=sa.BigInteger()
    ),
    "a wider amount": lambda: op.alter_column(
        "person", "wage", existing_type=sa.Numeric(10, 2), type_=sa.Numeric(14, 3)
    ),
    "another default": lambda: op.alter_column("person", "locale", server_default="fr"),
    "a remark": lambda: op.create_table_comment("person", "people"),
    "no check any more": lambda: op.drop_constraint("ck_person_age", "person", type_="check"),
    "values": lambda: op.execute("UPDATE person SET phone = ''"),
    "a column, in a batch": in_batch("person", lambda batch: batch.add_column(sa.Column("phone", sa.Text))),
}

CONTRACTIONS = {
    "drops the table person": lambda: op.drop_table("person"),
    "renames the table person": lambda: op.rename_table("person", "human"),
    "drops the column person.name": lambda: op.drop_column("person", "name"),
    "renames the column person.name": lambda: op.alter_column("person", "name", new_column_name="title"),
    "adds person.phone, which must not be empty and has no default of the server": lambda: op.add_column(
        "person", sa.Column("phone", sa.Text, nullable=False)
    ),
    "forbids person.name to be empty": lambda: op.alter_column("person", "name", nullable=False),
    "takes the server’s default from person.locale": lambda: op.alter_column(
        "person", "locale", server_default=None
    ),
    "puts a new constraint on person": lambda: op.create_check_constraint("ck_age", "person", "age > 0"),
    "makes a unique index on person": lambda: op.create_index("ix", "person", ["email"], unique=True),
    "drops the constraint uq_person_email of person": lambda: op.drop_constraint(
        "uq_person_email", "person", type_="unique"
    ),
    "runs “DROP TABLE person”": lambda: op.execute("DROP TABLE person"),
    "runs “DELETE FROM person”": run_on_the_connection,
    "drops the column person.phone": in_batch("person", lambda batch: batch.drop_column("phone")),
}

NARROWER = [
    (sa.String(200), sa.String(80)),
    (sa.Text(), sa.String(80)),
    (sa.BigInteger(), sa.Integer()),
    (sa.Numeric(10, 2), sa.Numeric(10, 4)),
    (sa.Numeric(10, 2), sa.Float()),
    (sa.String(20), sa.Enum("a", "b", name="letter")),
    (sa.Enum("a", "b", name="letter"), sa.String(20)),
    (sa.Text(), sa.JSON()),
    (None, sa.String(80)),
]


@pytest.mark.parametrize("upgrade", EXPANSIONS.values(), ids=EXPANSIONS)
def test_what_adds_is_free(upgrade: Callable[[], None]) -> None:
    assert breaches([revision(upgrade)], "1.0") == []


@pytest.mark.parametrize(("what", "upgrade"), CONTRACTIONS.items(), ids=CONTRACTIONS)
def test_what_takes_away_is_refused_in_words(what: str, upgrade: Callable[[], None]) -> None:
    assert breaches([revision(upgrade)], "1.0") == [
        f"Revision abc {what}, which the release before may still need."
    ]


@pytest.mark.parametrize(("before", "after"), NARROWER)
def test_a_type_that_may_not_hold_what_is_there_is_refused(
    before: sa.types.TypeEngine[object] | None, after: sa.types.TypeEngine[object]
) -> None:
    def upgrade() -> None:
        op.alter_column("person", "name", existing_type=before, type_=after)

    [sentence] = breaches([revision(upgrade)], "1.0")
    assert "gives person.name a type that may not hold all that it holds" in sentence


def test_an_index_that_was_made_unique_earlier_is_needed_by_who_relies_on_it() -> None:
    make = revision(make_a_table_with_everything, "first")
    drop = revision(lambda: op.drop_index("ix_visit", "visit"), "second")
    [sentence] = breaches([make, drop], "1.0")
    assert sentence.startswith("Revision second drops the unique index ix_visit")


def test_a_later_release_may_take_away_what_an_earlier_one_has_stopped_using() -> None:
    def drop(contracts: str) -> list[str]:
        return breaches(
            [revision(CONTRACTIONS["drops the column person.name"], contracts=contracts)], "0.3.0"
        )

    assert drop("0.2.0") == []
    assert drop("0.10.0") == [
        "Revision abc drops the column person.name, which is in use before 0.10.0: "
        "a release after 0.10.0 may do so, and this is 0.3.0."
    ]
    assert "and this is 0.3.0" in drop("0.3.0")[0]
    assert drop("soon") == ["Revision abc contracts “soon”, which is no release."]


def test_who_takes_nothing_away_may_not_say_so() -> None:
    addition = EXPANSIONS["a column that may be empty"]
    [sentence] = breaches([revision(addition, contracts="0.1.0")], "0.3.0")
    assert sentence == "Revision abc says that it contracts, and takes nothing away."


def test_a_revision_that_looks_before_it_decides_cannot_be_judged() -> None:
    def look() -> None:
        if op.get_bind().execute(sa.text("SELECT 1")).scalar():
            op.drop_table("person")

    [sentence] = breaches([revision(look)], "1.0")
    assert sentence.startswith("Revision abc cannot be judged without a database")


def test_what_alembic_may_learn_one_day_is_refused_until_a_rule_judges_it() -> None:
    class Split(MigrateOperation):
        pass

    [sentence] = breaches([revision(lambda: op.invoke(Split()))], "1.0")
    assert sentence.startswith("Revision abc does what no rule judges (Split)")
