"""The product's services in this process, each on a new SQLite database: for tests of pages and handlers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import installed_names, load_service, load_web


@contextmanager
def product_runtimes(folder: Path) -> Iterator[dict[str, Runtime]]:
    """A migrated, empty runtime for each service."""
    runtimes = {
        name: Runtime.start(load_service(name), embedded_settings(name, folder, 8000, demo=False))
        for name in installed_names()
    }
    for runtime in runtimes.values():
        runtime.migrate()
    yield runtimes
    for runtime in runtimes.values():
        runtime.database.close()


def applications(runtimes: dict[str, Runtime]) -> dict[str, Flask]:
    """The web application of each service."""
    return {name: load_web(runtime.service)(runtime) for name, runtime in runtimes.items()}
