"""A long past of the enrolment service: real events, told once and multiplied inside the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import text

from services.chassis.events import new_id
from services.chassis.service import Runtime
from services.chassis.unit_of_work import UnitOfWork
from services.console.installed import load_service
from services.enrolment import events
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.supplier import Inviter, SupplierEnrolment
from tests.benchmarks.pair import settings_of

# Every fourth event is of one kind; what belongs to one supplier has ids made of the same number. Event ids
# grow, as those of version 7 do.
_MULTIPLY = text("""
    WITH template AS (
        SELECT position - min(position) OVER () AS kind, type, event_id::text AS event_id,
               convert_from(body, 'UTF8') AS body
        FROM outbox
    ), numbered AS (
        SELECT i, i / 4 AS supplier, '01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS event_id
        FROM generate_series(0, :number - 1) AS i
    )
    INSERT INTO outbox (event_id, type, recorded_at, published_at, body)
    SELECT numbered.event_id::uuid, template.type, now(), now(), convert_to(
        replace(replace(replace(template.body,
            template.event_id, numbered.event_id),
            :organisation, md5('organisation' || supplier)::uuid::text),
            :supplier, md5('supplier' || supplier)::uuid::text),
        'UTF8')
    FROM numbered JOIN template ON template.kind = numbered.i % 4
    ORDER BY numbered.i
""")


@contextmanager
def real_service(name: str, database_url: str, amqp_uri: str) -> Iterator[Runtime]:
    """One of the product's own services, its database migrated."""
    runtime = Runtime.start(load_service(name), settings_of(database_url, amqp_uri))
    runtime.migrate()
    try:
        yield runtime
    finally:
        runtime.database.close()


def write_history(enrolment: Runtime, number: int) -> None:
    """Have ``number`` events in the log, all of them published: organisations and their suppliers' way."""
    with enrolment.unit_of_work() as unit_of_work:
        organisation, supplier = _supplier_s_way(unit_of_work)
    with enrolment.database.write() as session:
        values = {"number": number, "organisation": str(organisation.id), "supplier": str(supplier.id)}
        session.execute(_MULTIPLY, values)
        session.execute(text("DELETE FROM outbox WHERE published_at IS NULL"))
    with enrolment.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE outbox"))


def _supplier_s_way(unit_of_work: UnitOfWork) -> tuple[Organisation, SupplierEnrolment]:
    """Four events: registered, invited, enrolled, active."""
    organisation = Organisation(
        id=new_id(),
        name="Conserverie des Hauts Cantons",
        kind="supplier",
        legal_form="private",
        email="contact@conserverie.example",
        commune_code="34028",
        commune_name="Bédarieux",
        department="34",
        latitude=43.61,
        longitude=3.16,
        naf_code="10.39B",
        size="10-19",
    )
    snapshot = events.organisations.organisation_snapshot(organisation)
    unit_of_work.record(organisation, "enrolment.organisation.registered", snapshot)
    supplier = SupplierEnrolment(
        id=new_id(),
        programme="cesar",
        organisation_id=organisation.id,
        contact_name="Camille Roux",
        contact_email="camille.roux@conserverie.example",
    )
    invited_at = unit_of_work.now - timedelta(days=30)
    supplier.invite(Inviter(new_id(), "Ville de Bédarieux", invited_at))

    def begin() -> None:
        supplier.enrol(new_id(), supplier.contact_name, supplier.contact_email, "fr", unit_of_work.now)

    for type_of_event, change in (
        ("enrolment.supplier.invited", lambda: None),
        ("enrolment.supplier.enrolled", begin),
        ("enrolment.supplier.activated", supplier.activate),
    ):
        change()
        unit_of_work.record(
            supplier, type_of_event, events.suppliers.supplier_snapshot(supplier, organisation)
        )
    return organisation, supplier
