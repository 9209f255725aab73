"""Every page that somebody can reach by links, without naming any: new pages are found by themselves."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Response

# What differs from one page to the next of its kind: identifiers, tokens, years, names of indicators.
_VARYING = re.compile(r"(?<=/)([0-9a-f-]{36}|[\w-]{25,}|20\d\d)(?=/|$)|(?<=/indicators/)\w+")
_LINKS = "links => links.map(link => link.href)"


def crawl(page: Page, starts: Sequence[str], most: int = 100) -> Iterator[Response]:
    """Visit ``starts`` and whatever they lead to within the site, one page of each kind, breadth first.

    While the caller looks at an answer, ``page`` shows it. Files to download are passed over. Raises
    AssertionError when there are more than ``most`` pages: a list then has no end.
    """
    page.goto(starts[0])
    site = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    waiting = list(starts)
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        kind = _VARYING.sub("*", urlsplit(address).path)
        if kind in seen:
            continue
        seen.add(kind)
        assert len(seen) <= most, f"More than {most} kinds of pages: {sorted(seen)}"
        try:
            response = page.goto(address)
        except Error as error:
            if "Download is starting" in error.message:
                continue
            raise
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        links: list[str] = page.locator("a[href]").evaluate_all(_LINKS)
        yield response
        waiting += [link.removeprefix(site) for link in links if link.startswith(f"{site}/")]
