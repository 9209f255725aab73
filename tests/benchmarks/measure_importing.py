"""Suppliers from a spreadsheet: how long until every row is a supplier whom the others have heard of?"""

from __future__ import annotations

import argparse
import time
from decimal import Decimal
from uuid import UUID

import psycopg
from sqlalchemy import select

from services.chassis.events import new_id
from services.chassis.messaging import topology
from services.chassis.messaging.broker import connect
from services.chassis.service import Runtime
from services.console.demo.synthetic_siret import synthetic_siret
from services.console.installed import load_service
from services.enrolment.domain.importing import SupplierImport
from services.enrolment.handlers import importing, programmes
from services.enrolment.spreadsheets.reading import read_table
from services.enrolment.storage.tables import supplier_imports
from tests.benchmarks.pair import runtime_of
from tests.benchmarks.report import Claim, Figure, Section
from tests.benchmarks.stand import Stand, address, driver_address, meter, run_alone
from tests.support.process import Process
from tests.support.spreadsheets import xlsx

_HEADER = ("Raison sociale", "SIRET", "Ville", "Code postal", "Contact", "Courriel", "Code NAF", "Effectif")
_TIMEOUT = 600.0


def measure(stand: Stand, arguments: argparse.Namespace) -> Section:
    rows = 2_000 if arguments.quick else 50_000
    file = xlsx([_HEADER, *map(_row, range(rows))])
    service = load_service("enrolment")
    with (
        stand.vhost() as amqp_uri,
        stand.database("enrolment") as url,
        runtime_of(service, url, amqp_uri) as runtime,
    ):
        with connect(amqp_uri) as connection:
            # Somebody hears of it all, as the broker keeps nothing that nobody wants.
            topology.declare(connection, "hearer", [contract.type for contract in service.contracts])
        _begin_programme(runtime)
        begun = time.monotonic()
        first = _upload(runtime, file)
        uploaded = time.monotonic() - begun
        with stand.start("worker", "enrolment", address(runtime), amqp_uri) as worker:
            worker.wait_for_line("workers_started", timeout=60)
            with meter(stand, worker=worker) as used:
                taken_in = _take_in(runtime, first, worker)
            told = taken_in + _until_published(runtime, worker)
            again = _take_in(runtime, _upload(runtime, file), worker)
    processor = ", ".join(f"{name} {seconds:.0f}" for name, seconds in used.used.items())
    section = Section("Suppliers from a spreadsheet", __name__)
    section.figures = [
        Figure("the file is read and kept", uploaded, "s", f"{len(file) / 1e6:.1f} MB, XLSX"),
        Figure("every row is an invited supplier", taken_in, "s", f"processor seconds: {processor}"),
        Figure("the broker has the last of their events", told, "s", "two for each row"),
        Figure("the same file again, which changes nothing", again, "s", f"{rows / again:.0f} rows/s"),
    ]
    if not arguments.quick:
        total = uploaded + taken_in
        section.claims = [Claim("50 000 rows, from the file to suppliers", total, 60, "s", at_least=False)]
    section.remarks = [
        f"A workbook of {rows} rows with eight columns is read, and one enrolment worker takes it in, with "
        "invitations, while it relays the events to the broker at the same time."
    ]
    return section


def _row(number: int) -> tuple[str | int, ...]:
    name = f"Ferme du chemin {number}"
    email = f"contact@ferme-{number}.example"
    return (name, synthetic_siret(number), "Montpellier", "34000", f"Camille {number}", email, "01.13Z", 12)


def _begin_programme(runtime: Runtime) -> None:
    command = programmes.CreateProgramme(
        slug="bench",
        name="Bench",
        description="",
        chamber="CCI",
        contact_email="bench@cci.example",
        buyer_target=1,
        supplier_target=1,
        budget_total=Decimal(0),
        budget_funded=Decimal(0),
    )
    with runtime.unit_of_work() as work:
        programmes.create_programme(command, work)


def _upload(runtime: Runtime, file: bytes) -> UUID:
    command = importing.Upload(
        programme="bench",
        inviter_id=None,
        created_by=new_id(),
        file_name="fermes.xlsx",
        table=read_table(file),
        locale="fr",
    )
    with runtime.unit_of_work() as work:
        return importing.upload(command, work).id


def _take_in(runtime: Runtime, import_id: UUID, worker: Process) -> float:
    """Start it; the seconds until the worker has done it. Raises TimeoutError."""
    begun = time.monotonic()
    with runtime.unit_of_work() as work:
        importing.start(import_id, work.get(SupplierImport, import_id).mapped, True, work)
    query = select(supplier_imports.c.state).where(supplier_imports.c.id == import_id)
    while time.monotonic() < begun + _TIMEOUT and worker.running:
        with runtime.read() as session:
            state = session.scalar(query)
        if state == "done":
            return time.monotonic() - begun
        if state == "failed":
            break
        time.sleep(0.1)
    raise TimeoutError(worker.output[-2000:])


def _until_published(runtime: Runtime, worker: Process) -> float:
    begun = time.monotonic()
    with psycopg.connect(driver_address(address(runtime)), autocommit=True) as connection:
        while time.monotonic() < begun + _TIMEOUT and worker.running:
            cursor = connection.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL")
            if cursor.fetchall() == [(0,)]:
                return time.monotonic() - begun
            time.sleep(0.1)
    raise TimeoutError(worker.output[-2000:])


if __name__ == "__main__":
    run_alone(measure, __doc__)
