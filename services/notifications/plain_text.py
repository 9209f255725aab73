"""The plain-text alternative of a mail, made from the same MJML source, so that the two never differ."""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser

_WIDTH = 72
_BLOCKS = {"mj-text", "mj-button", "p", "h1", "h2", "li", "ol", "ul", "blockquote"}
# <small> is what only HTML needs: there, an address is not readable unless it is written out.
_SKIPPED = {"mj-head", "mj-raw", "small"}
_NEW_LINE = "\x00"


class _Reader(HTMLParser):
    """Collects the paragraphs of an MJML document. Unbalanced tags are the MJML compiler's business."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._words = ""
        self._prefix = ""
        self._hrefs: list[str] = []
        self._counters: list[int | None] = []
        self._skipping = 0
        self._quoting = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in ("ol", "ul"):
            self._counters.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._prefix = self._bullet()
        elif tag == "br":
            self._words += _NEW_LINE
        elif tag == "blockquote":
            self._quoting = True
        elif tag in ("a", "mj-button"):
            self._hrefs.append(dict(attributes).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "mj-button") and self._hrefs:
            self._end_link(self._hrefs.pop())
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in ("ol", "ul") and self._counters:
            self._counters.pop()
        elif tag == "blockquote":
            self._quoting = False
        elif tag in _SKIPPED:
            self._skipping -= 1

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words += data

    def _bullet(self) -> str:
        if not self._counters or self._counters[-1] is None:
            return "- "
        self._counters[-1] += 1
        return f"{self._counters[-1]}. "

    def _end_link(self, href: str) -> None:
        label = self._words.rstrip()
        address = href.removeprefix("mailto:")
        if not label.endswith(address):
            self._words = f"{label}{_NEW_LINE}{address}{_NEW_LINE}"

    def _end_paragraph(self) -> None:
        # Only ordinary white space folds: French puts non-breaking spaces before its punctuation.
        words = re.sub(r"[ \t\r\n]+", " ", self._words).strip(" ")
        self._words = ""
        if words.strip(f" {_NEW_LINE}"):
            self.paragraphs.append(_wrapped(words, self._prefix, quoting=self._quoting))
            self._prefix = ""


def plain_text(mjml: str) -> str:
    """The text of an MJML document, wrapped, with every link's address on a line of its own."""
    reader = _Reader()
    reader.feed(mjml)
    reader.close()
    text = "\n\n".join(reader.paragraphs)
    # The items of a list stand together.
    return re.sub(r"(?m)^((?:- |\d+\. ).*(?:\n {2,}.*)*)\n\n(?=- |\d+\. )", r"\1\n", text) + "\n"


def _wrapped(words: str, prefix: str, *, quoting: bool) -> str:
    indent = "> " if quoting else " " * len(prefix)
    lines: list[str] = []
    for part in filter(None, (part.strip(" ") for part in words.split(_NEW_LINE))):
        lines += textwrap.wrap(
            part,
            _WIDTH,
            initial_indent=indent if quoting or lines else prefix,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)
