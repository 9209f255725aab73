"""Shows the HTML of a letter, safely, within a frame of a page."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from flask import Response

from services.chassis.web.headers import content_security_policy

# Links open in a tab of their own, with all that a page may do; the letter itself may do nothing.
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True)
class Link:
    """A link of a letter: what it says and where it leads."""

    label: str
    href: str


def letter_response(html: str) -> Response:
    """The letter as a document for a frame: no script, nothing from elsewhere, no access to this site."""
    response = Response(html.replace("<head>", '<head><base target="_blank">', 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = content_security_policy(
        default_src="'none'",
        style_src="'unsafe-inline'",
        img_src="data:",
        frame_src="",
        object_src="",
        form_action="'none'",
        frame_ancestors="'self'",
        sandbox=_SANDBOX,
    )
    return response


def links_in(html: str) -> list[Link]:
    """The links to pages in a letter, each address once, in their order."""
    reader = _LinkReader()
    reader.feed(html)
    by_href: dict[str, Link] = {}
    for link in reader.links:
        if link.href.startswith(("http://", "https://")):
            by_href.setdefault(link.href, link)
    return list(by_href.values())


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._href: str | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._label = dict(attributes).get("href"), ""

    def handle_data(self, data: str) -> None:
        self._label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href:
            self.links.append(Link(" ".join(self._label.split()), self._href))
            self._href = None
