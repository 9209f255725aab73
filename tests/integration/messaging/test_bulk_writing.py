"""Many rows in one statement mean the same as row after row, whatever is in their columns."""

from uuid import uuid4

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Uuid, select

from services.chassis.bulk import RowWrite, write_rows
from tests.integration.messaging.conftest import Stack

boxes = Table(
    "box",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("label", String(10)),
    Column("content", JSON),
)
WRITE = RowWrite(boxes, ("id", "version", "label", "content"), key=("id",), newest=True)


def test_lists_mappings_and_nothing_are_kept_as_they_are(stack: Stack) -> None:
    contents = [[{"key": "a", "score": 1.5}, {"key": "b"}], [], {"é": ["ü"]}, [["nested"], ["lists"]]]
    rows = [{"id": uuid4(), "version": 1, "label": None, "content": content} for content in contents]
    with stack.runtime.database.write() as session:
        boxes.create(session.connection())
        write_rows(session, WRITE, rows)
        kept = {row.id: (row.label, row.content) for row in session.execute(select(boxes))}
    assert kept == {row["id"]: (None, row["content"]) for row in rows}


def test_the_newest_row_of_a_key_stays(stack: Stack) -> None:
    identity = uuid4()

    def row(version: int) -> dict[str, object]:
        return {"id": identity, "version": version, "label": str(version), "content": []}

    with stack.runtime.database.write() as session:
        boxes.create(session.connection())
        write_rows(session, WRITE, [row(2), row(3), row(1)])
        write_rows(session, WRITE, [row(2)])
        assert session.scalars(select(boxes.c.label)).all() == ["3"]
