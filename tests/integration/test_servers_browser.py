"""The browser that tests drive."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.support.browser import open_page

PAGES = {
    "/": "<title>C.E.S.A.R.</title><p id=width>without script</p>"
    "<script>document.querySelector('#width').textContent = innerWidth</script>",
    "/broken": "<script>throw new Error('broken script')</script>",
    "/incomplete": "<img src=/missing.png>",
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "" if self.path == "/favicon.ico" else None)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "Page introuvable").encode())

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at the page."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_pages_are_seen_on_a_desk_and_on_a_phone(browser: Browser, site: str) -> None:
    with open_page(browser, site) as desk, open_page(browser, site, phone=True) as phone:
        desk.goto("/")
        phone.goto("/")
        assert desk.title() == "C.E.S.A.R."
        assert desk.inner_text("#width") == "1280"
        assert int(phone.inner_text("#width")) != 1280


def test_pages_are_seen_without_javascript(browser: Browser, site: str) -> None:
    with open_page(browser, site, javascript=False) as page:
        page.goto("/")
        assert page.inner_text("#width") == "without script"


def test_a_visitor_speaks_french_unless_told_otherwise(browser: Browser, site: str) -> None:
    with open_page(browser, site) as french, open_page(browser, site, locale="en-GB") as english:
        french.goto("/")
        english.goto("/")
        assert french.evaluate("navigator.language") == "fr-FR"
        assert english.evaluate("navigator.language") == "en-GB"


def test_a_broken_script_fails_the_test(browser: Browser, site: str) -> None:
    with pytest.raises(AssertionError, match="broken script"), open_page(browser, site) as page:
        page.goto("/broken")


def test_a_missing_file_fails_the_test(browser: Browser, site: str) -> None:
    with pytest.raises(AssertionError, match="404"), open_page(browser, site) as page:
        page.goto("/incomplete")


def test_a_page_that_is_not_found_can_be_looked_at(browser: Browser, site: str) -> None:
    with open_page(browser, site) as page:
        answer = page.goto("/nowhere")
        assert answer is not None and answer.status == 404
        assert page.inner_text("body") == "Page introuvable"
