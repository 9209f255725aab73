"""A real browser for tests: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, StorageState, expect, sync_playwright

# In milliseconds: how long something may take says more about a busy machine than about the product.
_PATIENCE = 30_000
expect.set_options(timeout=_PATIENCE)

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# It speaks to nobody but the pages under test, and runs as root and in containers.
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without window: the program that CESAR_TEST_CHROMIUM names, or the one on the path."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=_SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser,
    base_url: str,
    *,
    phone: bool = False,
    javascript: bool = True,
    dark: bool = False,
    locale: str = "fr-FR",
    session: StorageState | None = None,
) -> Iterator[Page]:
    """A page of a new visitor (own cookies). `page.goto("/sign-in")` is relative to `base_url`.

    `session` is that of somebody who has signed in before: `page.context.storage_state()`.

    Raises AssertionError at the end when the browser complained: an error in a script, something that the
    content security policy forbids, or a file that could not be loaded. A page that answers 4xx is none.
    """
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        about_page = message.location.get("url") == page.url
        if message.type == "error" and not (about_page and "Failed to load resource" in message.text):
            complaints.append(message.text)

    def on_error(error: Error) -> None:
        complaints.append(str(error))

    context = browser.new_context(
        base_url=base_url,
        # The certificate of an installation under test signs itself.
        ignore_https_errors=True,
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
        java_script_enabled=javascript,
        color_scheme="dark" if dark else "light",
        # Scrolling softly to each button takes a second that nobody watches.
        reduced_motion="reduce",
        locale=locale,
        timezone_id="Europe/Paris",
        storage_state=session,
    )
    try:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", on_console)
        page.on("pageerror", on_error)
        yield page
        assert not complaints, "The browser complained:\n" + "\n".join(complaints)
    finally:
        context.close()


def _program() -> str:
    if named := os.environ.get("CESAR_TEST_CHROMIUM"):
        return named
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return found
    raise RuntimeError("The tests need Chromium: run deploy/setup/test-servers.")
