"""Whether anything in a service's database still tells who somebody was."""

import json

from sqlalchemy import LargeBinary, Text, cast, select

from services.chassis.service import Runtime
from services.enrolment.domain.person import Person


def traces(runtime: Runtime, person: Person) -> set[str]:
    """The tables in which the person's name or address can still be read."""
    found = set()
    with runtime.read() as session:
        for table in runtime.service.metadata.sorted_tables:
            for column in table.columns:
                is_bytes = isinstance(column.type, LargeBinary)
                values = session.scalars(select(column if is_bytes else cast(column, Text)))
                texts = [each.decode("latin-1") if is_bytes else each for each in values if each]
                name = person.name.encode().decode("latin-1") if is_bytes else person.name
                words = (person.email, name, json.dumps(person.name)[1:-1])
                if any(word in text for text in texts for word in words):
                    found.add(table.name)
    return found
