"""What all of enrolment's tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry

from services.chassis.messages import service_metadata

metadata = service_metadata()
mapper = registry(metadata=metadata)


def map_aggregate(entity: type, table: Table, **options: Any) -> None:
    """Map an aggregate. The unit of work counts versions; the database only refuses an update that comes
    from an older one."""
    mapper.map_imperatively(
        entity, table, version_id_col=table.c.version, version_id_generator=False, **options
    )
