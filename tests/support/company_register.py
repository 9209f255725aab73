"""A public register of companies for tests: an HTTP server that speaks the documented format."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


def establishment(siret: str, **known: Any) -> dict[str, Any]:
    return {
        "siret": siret,
        "commune": "34172",
        "code_postal": "34000",
        "libelle_commune": "MONTPELLIER",
        "epci": "243400017",
        "etat_administratif": "A",
        **known,
    }


def company(
    siret: str, name: str = "JARDINS DU LEZ", *, place: dict[str, Any] | None = None, **known: Any
) -> dict[str, Any]:
    """One result as the register writes it; ``known`` overrides its fields, ``place`` the establishment's."""
    return {
        "siren": siret[:9],
        "nom_complet": name,
        "nature_juridique": "5499",
        "activite_principale": "01.13Z",
        "tranche_effectif_salarie": "11",
        "siege": {**establishment(siret, **(place or {})), "latitude": "43.6", "longitude": "3.87"},
        "matching_etablissements": [establishment(siret, **(place or {}))],
        "complements": {"est_bio": True, "est_ess": False, "est_rge": None},
        **known,
    }


@dataclass
class Register:
    """``companies`` are the results by SIRET. ``body`` is answered instead of what it knows, if it is set."""

    url: str = ""
    companies: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    asked: list[tuple[str, float]] = field(default_factory=list)

    def answer(self, query: dict[str, list[str]]) -> bytes:
        siret = query["q"][0]
        self.asked.append((siret, time.monotonic()))
        time.sleep(self.delay)
        if self.body is not None:
            return self.body
        results = [self.companies[siret]] if siret in self.companies else []
        told = {"results": results, "total_results": len(results), "page": 1, "per_page": 1, "total_pages": 1}
        return json.dumps(told).encode()


@contextmanager
def company_register() -> Iterator[Register]:
    """The register at ``url`` on a free port."""
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            assert address.path == "/search", self.path
            body = register.answer(parse_qs(address.query))
            self.send_response(register.status)
            for name, value in register.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                # Whoever asked has lost patience, which some tests are about.
                self.close_connection = True

        def log_message(self, format: str, *arguments: Any) -> None:
            """In silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    register.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield register
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
