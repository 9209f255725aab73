"""In a run of the whole suite each operation of each JSON API is answered with success at least once.

The processes that share the tests tell the first one what was answered; it knows what should have been.
"""

from collections.abc import Iterable, Set
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import installed_names, load_service, load_web
from tests.support.openapi import ANSWERED, Document, Json, document_of


class AnsweredOperations:
    """A plugin of pytest: fails a whole run in which an operation was never answered."""

    def __init__(self) -> None:
        self._missing: list[str] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        config = session.config
        if hasattr(config, "workeroutput"):
            config.workeroutput["answered"] = sorted(ANSWERED)
        elif is_whole(config) and not session.testsfailed:
            self._missing = never_answered(map(described, installed_names()), ANSWERED)
            if self._missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Of xdist: a process has ended; one that was killed tells nothing."""
        answered = getattr(node, "workeroutput", {}).get("answered", [])
        ANSWERED.update((method, path) for method, path in answered)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._missing:
            terminalreporter.section("operations that no test asks for with success", red=True)
            terminalreporter.write_line("\n".join(self._missing))


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for."""
    narrowed = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf")
    is_narrowed = any(config.getoption(option, None) for option in narrowed)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_narrowed


def never_answered(documents: Iterable[Json], answered: Set[tuple[str, str]]) -> list[str]:
    """The operations of the documents that are not among these."""
    missing = [Document(document).operations.keys() - answered for document in documents]
    return sorted(f"{method} {path}" for operations in missing for method, path in operations)


def described(service: str) -> Json:
    """The document of a service that has no tables: it needs none for this."""
    with TemporaryDirectory() as folder:
        settings = embedded_settings(service, Path(folder), 8000, demo=False)
        runtime = Runtime.start(load_service(service), settings)
        try:
            return document_of(load_web(runtime.service)(runtime))
        finally:
            runtime.database.close()
